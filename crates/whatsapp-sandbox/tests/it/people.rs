use serde_json::{Value, json};

use crate::api::{ANA, Api, BRUNO, ECHO, SALES, SUPPORT, eventually, fast, main_path, start};

async fn presence(api: &Api, session: &str, chat: &str) -> Value {
    api.get(&format!("/api/sessions/{session}/presence/{chat}")).await.ok()["data"].clone()
}

#[tokio::test]
async fn presence_is_told_to_who_has_subscribed() {
    let api = start().await;
    let refusal = api.get(&main_path(&format!("presence/{ANA}"))).await.error(409);
    assert!(refusal.contains("subscribe first"), "{refusal}");
    for person in [ANA, BRUNO] {
        api.post(&main_path(&format!("presence/{person}/subscribe")), json!({})).await.ok();
    }
    assert_eq!(
        presence(&api, "main", ANA).await,
        json!({ "chatId": ANA, "presence": "available", "lastSeen": null })
    );
    let all = api.get(&main_path("presence")).await.ok();
    let chats: Vec<&str> =
        all["data"].as_array().unwrap().iter().map(|it| it["chatId"].as_str().unwrap()).collect();
    assert_eq!(chats, [ANA, BRUNO]);
    api.post(&main_path("presence/status@broadcast/subscribe"), json!({})).await.error(409);
}

#[tokio::test]
async fn who_goes_away_was_last_seen_then() {
    let api = Api::pair().await;
    api.post(&format!("/api/sessions/sales/presence/{SUPPORT}/subscribe"), json!({})).await.ok();
    api.post(&main_path("presence"), json!({ "presence": "available" })).await.ok();
    assert_eq!(presence(&api, "sales", SUPPORT).await["presence"], "available");
    api.post(&main_path("presence"), json!({ "presence": "unavailable" })).await.ok();
    let gone = presence(&api, "sales", SUPPORT).await;
    assert_eq!(gone["presence"], "unavailable");
    assert!(gone["lastSeen"].as_str().unwrap().ends_with('Z'), "{gone}");
    api.post(&main_path("presence"), json!({ "presence": "asleep" })).await.error(400);
}

#[tokio::test]
async fn typing_shows_until_the_message_comes() {
    let api = Api::pair().await;
    api.post(&format!("/api/sessions/sales/presence/{SUPPORT}/subscribe"), json!({})).await.ok();
    let typing = async |state: Value| {
        let mut body = json!({ "chatId": SALES });
        if !state.is_null() {
            body["state"] = state;
        }
        api.post(&main_path("messages/typing"), body).await.ok();
        presence(&api, "sales", SUPPORT).await["presence"].clone()
    };
    assert_eq!(typing(Value::Null).await, "composing");
    assert_eq!(typing("recording".into()).await, "recording");
    assert_eq!(typing("paused".into()).await, "unavailable");
    assert_eq!(typing("composing".into()).await, "composing");
    api.say("main", SALES, "done").await;
    assert_eq!(presence(&api, "sales", SUPPORT).await["presence"], "unavailable");
}

#[tokio::test]
async fn the_echo_contact_writes_before_it_answers() {
    let api = Api::new(fast().echo_delay(std::time::Duration::from_millis(300))).await;
    api.post(&main_path(&format!("presence/{ECHO}/subscribe")), json!({})).await.ok();
    api.say("main", ECHO, "knock knock").await;
    eventually("Echo to write", || async {
        (presence(&api, "main", ECHO).await["presence"] == "composing").then_some(())
    })
    .await;
    api.message("main", ECHO, "the echo", |it| it["text"] == "Echo: knock knock").await;
    assert_eq!(presence(&api, "main", ECHO).await["presence"], "available");
}
