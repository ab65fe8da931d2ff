use serde_json::json;

use crate::api::{Api, main_path};

#[tokio::test]
async fn the_owner_posts_and_followers_read() {
    let api = Api::pair().await;
    let body = json!({ "name": "Acme news", "description": "Offers", "profileUrl": "https://files.example.com/a.jpg" });
    let channel = api.post(&main_path("channels"), body).await.is(201)["data"].clone();
    let id = channel["id"].as_str().unwrap();
    assert!(id.ends_with("@newsletter"));
    assert_eq!((&channel["followers"], &channel["muted"]), (&json!(0), &json!(false)));

    let theirs = format!("/api/sessions/sales/channels/{id}");
    api.post(&format!("{theirs}/mute"), json!({})).await.error(409);
    api.post(&format!("{theirs}/follow"), json!({})).await.ok();
    api.post(&format!("{theirs}/mute"), json!({})).await.ok();
    let seen = api.get(&theirs).await.ok();
    assert_eq!((&seen["data"]["followers"], &seen["data"]["muted"]), (&json!(1), &json!(true)));
    api.post(&format!("{theirs}/unmute"), json!({})).await.ok();
    let list = api.get("/api/sessions/sales/channels").await.ok();
    assert_eq!(list["data"][0]["muted"], false);

    let post = api.say("main", id, "Sale on Friday").await;
    api.message("sales", id, "the post", |it| it["id"] == *post).await;
    let body = json!({ "session": "sales", "chatId": id, "type": "text", "text": "me too" });
    assert!(api.post("/api/messages/send", body).await.error(403).contains("owner"));

    api.post(&format!("{theirs}/unfollow"), json!({})).await.ok();
    api.post(&format!("{theirs}/unfollow"), json!({})).await.error(409);
    api.delete(&theirs).await.error(403);
    api.delete(&main_path(&format!("channels/{id}"))).await.ok();
    api.get(&theirs).await.error(404);
    api.get(&main_path("chats")).await.ok();
}
