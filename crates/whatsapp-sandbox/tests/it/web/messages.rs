use serde_json::json;
use whatsapp_sandbox::WHATSAPP_WEB_NUMBER;

use super::{Web, failure};
use crate::api::{ANA, eventually};

#[tokio::test]
async fn a_sent_message_is_the_last_of_its_chat() {
    let web = Web::start().await;
    let sent = web.post("/api/send", json!({ "phone_number": "+55 11 98888-0001", "message": "On my way" }));
    let sent = sent.await.ok();
    assert_eq!((&sent["ok"], &sent["to"]), (&json!(true), &json!("5511988880001")));
    assert_eq!(sent["chat_id"], "5511988880001@c.us");
    let id = sent["message_id"].as_str().unwrap();
    assert!(id.starts_with("true_5511988880001@c.us_3EB0"), "{id}");
    let read = web.get("/api/messages?phone_number=5511988880001&limit=2").await.ok();
    assert_eq!((&read["ok"], &read["count"]), (&json!(true), &json!(2)));
    let (old, new) = (&read["messages"][0], &read["messages"][1]);
    assert_eq!((&old["body"], &new["body"]), (&json!("Perfect, see you there"), &json!("On my way")));
    assert_eq!(new["id"], id);
    let me = format!("{}@c.us", &WHATSAPP_WEB_NUMBER[1..]);
    assert_eq!((&new["from"], &new["to"], &new["from_me"]), (&json!(me), &sent["chat_id"], &json!(true)));
    assert_eq!((&old["from"], &old["to"], &old["from_me"]), (&sent["chat_id"], &json!(me), &json!(false)));
    assert_eq!(
        (&new["type"], &new["author"], &new["has_media"]),
        (&json!("chat"), &json!(null), &json!(false))
    );
    assert_eq!((&read["chat"]["id"], &read["chat"]["last_message"]), (&sent["chat_id"], new));
    let again = web.post("/api/messages", json!({ "phone_number": "5511988880001", "limit": 2 })).await.ok();
    assert_eq!(again, read);
}

#[tokio::test]
async fn chats_come_with_the_latest_first() {
    let web = Web::start().await;
    let chats = web.get("/api/chats").await.ok();
    assert_eq!(chats["count"], 2);
    let (bruno, ana) = (&chats["chats"][0], &chats["chats"][1]);
    assert_eq!((&bruno["name"], &bruno["unread_count"]), (&json!("Bruno Lima"), &json!(1)));
    assert_eq!((&ana["name"], &ana["unread_count"]), (&json!("Ana"), &json!(0)));
    for flag in ["is_group", "is_read_only", "archived", "pinned", "muted"] {
        assert_eq!(ana[flag], false, "{flag}");
    }
    assert_eq!(ana["timestamp"], ana["last_message"]["timestamp"]);
    assert_eq!(web.get("/api/chats?limit=1").await.ok()["chats"], json!([bruno]));
}

#[tokio::test]
async fn reading_leaves_messages_unread() {
    let web = Web::start().await;
    web.get("/api/messages?phone_number=5521977770002").await.ok();
    assert_eq!(web.get("/api/chats").await.ok()["chats"][0]["unread_count"], 1);
}

#[tokio::test]
async fn both_apis_are_on_one_network() {
    let web = Web::start().await;
    let marina = format!("{}@s.whatsapp.net", &WHATSAPP_WEB_NUMBER[1..]);
    web.api.say("main", &marina, "Your order is ready").await;
    let found = eventually("the message of the other API", || async {
        let read = web.get("/api/messages?phone_number=5511999990001").await.ok();
        read["messages"].as_array().unwrap().last().cloned()
    })
    .await;
    assert_eq!(
        (&found["body"], &found["from"]),
        (&json!("Your order is ready"), &json!("5511999990001@c.us"))
    );
}

#[tokio::test]
async fn a_group_is_listed_and_says_who_wrote() {
    let web = Web::start().await;
    let ana = web.api.sandbox.account(ANA);
    let path = format!("/_sandbox/accounts/{ANA}/groups");
    let body = json!({ "name": "Umbrella friends", "participants": [WHATSAPP_WEB_NUMBER] });
    let group = web.api.post(&path, body).await.is(201);
    let group = group["data"]["id"].as_str().unwrap().to_owned();
    ana.sends(&group, "Hello all").await.unwrap();
    let chat = eventually("the group", || async {
        let chats = web.get("/api/chats").await.ok();
        let chats = chats["chats"].as_array().unwrap().clone();
        chats.into_iter().find(|it| it["last_message"]["body"] == "Hello all")
    })
    .await;
    assert_eq!((&chat["id"], &chat["is_group"]), (&json!(group), &json!(true)));
    assert_eq!(chat["last_message"]["author"], "5511988880001@c.us");
    assert_eq!(chat["last_message"]["from"], json!(group));
}

#[tokio::test]
async fn mistakes_are_failures_with_the_words_of_the_product() {
    let web = Web::start().await;
    let empty = web.post("/api/send", json!({ "phone_number": "5511988880001", "message": "" })).await;
    assert_eq!(failure(empty), "message must be a non-empty string");
    let limit = web.get("/api/chats?limit=101").await;
    assert_eq!(failure(limit), "limit must be an integer between 1 and 100");
    let limit = web.post("/api/messages", json!({ "phone_number": "5511988880001", "limit": "5" })).await;
    assert_eq!(failure(limit), "limit must be an integer between 1 and 100");
    assert_eq!(web.get("/api/chats?limit=0").await.ok()["count"], 2, "zero means the default");
    let nobody = web.post("/api/send", json!({ "phone_number": "4930123456", "message": "Hi" })).await;
    // This API knows neither JIDs nor a way to check a number.
    assert_eq!(failure(nobody), "+4930123456 is not on WhatsApp: check the number and its country code");
}

#[tokio::test]
async fn somebody_never_written_with_has_an_empty_chat() {
    let web = Web::start().await;
    let read = web.get("/api/messages?phone_number=351912345003").await.ok();
    assert_eq!((&read["count"], &read["messages"]), (&json!(0), &json!([])));
    assert_eq!((&read["chat"]["name"], &read["chat"]["timestamp"]), (&json!("Carla M."), &json!(null)));
}
