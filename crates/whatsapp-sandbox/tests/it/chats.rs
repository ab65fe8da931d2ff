use serde_json::{Value, json};

use crate::api::{ANA, Api, DIEGO, SALES, SUPPORT, main_path, start};

fn message_path(session: &str, chat: &str, id: &str) -> String {
    format!("/api/sessions/{session}/chats/{chat}/messages/{id}")
}

#[tokio::test]
async fn the_chat_list_has_the_latest_first_and_shows_names() {
    let api = start().await;
    let ids = |list: &Value| -> Vec<String> {
        list["data"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    let chats = api.get(&main_path("chats")).await.ok();
    assert_eq!(
        chats["data"][0],
        json!({ "id": ANA, "name": "Ana Souza", "archived": false, "unreadCount": 1 })
    );
    assert_eq!(ids(&chats).len(), 6, "{chats}");
    api.say("main", DIEGO, "Chegou?").await;
    let chats = api.get(&main_path("chats")).await.ok();
    assert_eq!(ids(&chats)[..2], [DIEGO, ANA]);
}

#[tokio::test]
async fn a_chat_moves_to_the_archive_and_back() {
    let api = start().await;
    let archived = async || {
        let chats = api.get(&main_path("chats")).await.ok();
        let chats = chats["data"].as_array().unwrap();
        chats.iter().find(|it| it["id"] == ANA).unwrap()["archived"].clone()
    };
    api.post(&main_path(&format!("chats/{ANA}/archive")), json!({})).await.ok();
    assert_eq!(archived().await, true);
    api.post(&main_path(&format!("chats/{ANA}/unarchive")), json!({})).await.ok();
    assert_eq!(archived().await, false);
    let stranger = api.post(&main_path(&format!("chats/{SALES}/archive")), json!({})).await.error(404);
    assert!(stranger.contains("no chat with"), "{stranger}");
}

#[tokio::test]
async fn an_edited_message_reads_differently_for_both() {
    let api = Api::pair().await;
    let id = api.say("main", SALES, "Meeting at two").await;
    api.message("sales", SUPPORT, "the message", |it| it["id"] == *id).await;
    api.put(&message_path("main", SALES, &id), json!({ "text": "Meeting at three" })).await.ok();
    let edited = api.message("sales", SUPPORT, "the message", |it| it["id"] == *id).await;
    assert_eq!(edited["text"], "Meeting at three");
    assert!(edited["editedAt"].is_string());
    let refusal = api.put(&message_path("sales", SUPPORT, &id), json!({ "text": "No" })).await.error(403);
    assert!(refusal.contains("only the sender"), "{refusal}");
    api.put(&message_path("main", SALES, &id), json!({ "text": "" })).await.error(400);
    api.put(&message_path("main", ANA, &id), json!({ "text": "wrong chat" })).await.error(404);
}

#[tokio::test]
async fn a_message_can_be_edited_for_fifteen_minutes() {
    let api = start().await;
    let old = api.message("main", ANA, "an old message", |it| it["fromMe"] == true).await;
    let path = message_path("main", ANA, old["id"].as_str().unwrap());
    let refusal = api.put(&path, json!({ "text": "too late" })).await.error(409);
    assert!(refusal.contains("15 minutes"), "{refusal}");
}

#[tokio::test]
async fn only_text_and_captions_can_be_edited() {
    let api = start().await;
    let place =
        json!({ "session": "main", "chatId": ANA, "type": "location", "latitude": 1, "longitude": 2 });
    let sent = api.post("/api/messages/send", place).await.ok();
    let path = message_path("main", ANA, sent["data"]["id"].as_str().unwrap());
    api.put(&path, json!({ "text": "elsewhere" })).await.error(400);
}

#[tokio::test]
async fn a_deleted_message_is_gone_for_both() {
    let api = Api::pair().await;
    let id = api.say("main", SALES, "the password is swordfish").await;
    api.message("sales", SUPPORT, "the message", |it| it["id"] == *id).await;
    let refusal = api.delete(&message_path("sales", SUPPORT, &id)).await.error(403);
    assert!(refusal.contains("only the sender"), "{refusal}");
    api.delete(&message_path("main", SALES, &id)).await.ok();
    for (session, chat) in [("main", SALES), ("sales", SUPPORT)] {
        let gone = api.message(session, chat, "the message", |it| it["id"] == *id).await;
        assert_eq!(gone["type"], "revoked");
        assert_eq!(gone["text"], "[deleted]");
    }
    api.put(&message_path("main", SALES, &id), json!({ "text": "back" })).await.error(400);
}

#[tokio::test]
async fn a_message_of_someone_elses_chat_cannot_be_reached() {
    let api = Api::pair().await;
    let id = api.say("main", ANA, "between us").await;
    api.delete(&message_path("sales", SUPPORT, &id)).await.error(404);
    api.say("sales", SUPPORT, "hi").await;
    let refusal = api.delete(&message_path("sales", SUPPORT, &id)).await.error(404);
    assert!(refusal.contains(&id), "{refusal}");
}
