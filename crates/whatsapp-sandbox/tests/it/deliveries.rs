//! What webhooks are told.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::api::{ANA, Api, ECHO, SALES, SUPPORT, fast, main_path};
use crate::receiver::Receiver;

/// The main session and a session of the other business account, where webhooks may lead to loopback.
async fn pair() -> Api {
    let api = Api::new(fast().allow_private(true)).await;
    api.link("sales", "+5511999990002").await;
    api
}

async fn register(api: &Api, receiver: &Receiver, more: Value) -> Value {
    let mut body = json!({ "url": receiver.url, "retries": { "attempts": 3, "delaySeconds": 0 } });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    api.post("/api/webhooks", body).await.is(201)["data"].clone()
}

#[tokio::test]
async fn a_message_is_told_to_both_sides() {
    let api = pair().await;
    let receiver = Receiver::start().await;
    register(&api, &receiver, json!({})).await;
    let id = api.say("main", SALES, "Is the café open?").await;
    let sent = receiver.event("message.sent", |it| it["payload"]["id"] == *id).await;
    let arrived = receiver.event("message.received", |it| it["payload"]["id"] == *id).await;
    assert_eq!((&sent["session"], &arrived["session"]), (&json!("main"), &json!("sales")));
    assert_ne!(sent["id"], arrived["id"]);
    let payload = &arrived["payload"];
    let from = &payload["from"];
    assert_eq!((&from["phoneNumber"], &from["mode"]), (&json!("+5511999990001"), &json!("pn")));
    assert!(from["lid"].as_str().unwrap().ends_with("@lid"));
    assert_eq!((&payload["type"], &payload["text"]), (&json!("text"), &json!("Is the café open?")));
    assert_eq!((&payload["fromMe"], &payload["isGroup"]), (&json!(false), &json!(false)));
    assert_eq!(payload["pushName"], "Acme Support");
    assert!(payload["timestamp"].is_i64());
    assert_eq!(
        (&sent["payload"]["fromMe"], &sent["payload"]["chat"]["phoneNumber"]),
        (&json!(true), &json!("+5511999990002"))
    );
    let ack = receiver.event("message.ack", |it| it["payload"]["status"] == "delivered").await;
    assert_eq!((&ack["session"], &ack["payload"]["id"]), (&json!("main"), &json!(id)));
}

#[tokio::test]
async fn what_the_phone_does_by_itself_is_told_to_its_sessions() {
    let api = pair().await;
    let receiver = Receiver::start().await;
    register(&api, &receiver, json!({ "events": ["chat.mute", "message.delete"] })).await;
    let id = api.say("main", SALES, "Never mind").await;
    let chat = format!("/_sandbox/accounts/{SUPPORT}/chats/{SALES}");
    api.put(&format!("{chat}/mute"), json!({ "muted": true })).await.ok();
    api.delete(&format!("{chat}/messages/{id}/copy")).await.ok();
    let deleted = receiver.event("message.delete", |it| it["payload"]["id"] == *id).await;
    let muted = receiver.event("chat.mute", |it| it["payload"]["muted"] == true).await;
    for event in [&deleted, &muted] {
        assert_eq!(
            (&event["session"], &event["payload"]["chat"]["phoneNumber"]),
            (&json!("main"), &json!("+5511999990002"))
        );
    }
}

#[tokio::test]
async fn a_session_that_was_off_hears_what_it_missed_when_it_is_back() {
    let api = pair().await;
    let receiver = Receiver::start().await;
    register(&api, &receiver, json!({})).await;
    let id = api.say("sales", SUPPORT, "Draft").await;
    receiver.event("message.received", |it| it["payload"]["id"] == *id).await;
    // A second session of the account, so that the message that comes meanwhile is delivered.
    api.link("second", "+5511999990001").await;
    api.post(&main_path("stop"), json!({})).await.ok();
    api.session_in("main", "DISCONNECTED").await;
    let message = format!("/api/sessions/sales/chats/{SUPPORT}/messages/{id}");
    api.put(&message, json!({ "text": "Final" })).await.ok();
    let later = api.say("sales", SUPPORT, "Later").await;
    receiver.event("message.received", |it| it["payload"]["id"] == *later && it["session"] == "second").await;
    let told = |event: &str| receiver.bodies(event).into_iter().filter(|it| it["session"] == "main").count();
    assert_eq!((told("message.edited"), told("message.received")), (0, 1));
    api.post(&main_path("start"), json!({})).await.ok();
    let is_for_main = |it: &Value| it["session"] == "main";
    let edited = receiver.event("message.edited", is_for_main).await;
    assert_eq!(edited["payload"]["text"], "Final");
    receiver.event("message.received", |it| is_for_main(it) && it["payload"]["id"] == *later).await;
    let connected = receiver.event("session.connected", is_for_main).await;
    assert!(connected["timestamp"].as_str() > edited["timestamp"].as_str(), "it is told when it happened");
}

#[tokio::test]
async fn a_webhook_hears_only_what_it_asked_for() {
    let api = pair().await;
    let (named, starred, one_session, disabled) =
        (Receiver::start().await, Receiver::start().await, Receiver::start().await, Receiver::start().await);
    register(&api, &named, json!({ "events": ["message.received"] })).await;
    register(&api, &starred, json!({ "events": ["*"] })).await;
    register(&api, &one_session, json!({ "session": "sales" })).await;
    register(&api, &disabled, json!({ "enabled": false })).await;
    let id = api.say("main", SALES, "hello").await;
    let is_it = |it: &Value| it["payload"]["id"] == *id;
    let event = named.event("message.received", is_it).await;
    assert_eq!(starred.event("message.received", is_it).await["id"], event["id"], "one id for all webhooks");
    assert_eq!(one_session.event("message.received", is_it).await["id"], event["id"]);
    starred.event("message.sent", is_it).await;
    starred.event("message.ack", |it| it["payload"]["status"] == "delivered").await;
    assert!(named.all().iter().all(|it| it.body["event"] == "message.received"));
    assert!(one_session.all().iter().all(|it| it.body["session"] == "sales"));
    assert!(disabled.all().is_empty());
}

#[tokio::test]
async fn what_happens_to_messages_is_told() {
    let api = pair().await;
    let receiver = Receiver::start().await;
    register(&api, &receiver, json!({ "session": "sales" })).await;
    let id = api.say("main", SALES, "first").await;
    receiver.event("message.received", |it| it["payload"]["id"] == *id).await;
    api.put(&main_path(&format!("chats/{SALES}/messages/{id}")), json!({ "text": "second" })).await.ok();
    let edited = receiver.event("message.edited", |it| it["payload"]["id"] == *id).await;
    assert_eq!(edited["payload"]["text"], "second");
    let reaction = json!({ "chatId": SALES, "messageId": id, "reaction": "👍" });
    api.post(&main_path("messages/react"), reaction).await.ok();
    let reaction = receiver.event("message.reaction", |it| it["payload"]["reaction"] == "👍").await;
    assert_eq!((&reaction["payload"]["id"], &reaction["payload"]["fromMe"]), (&json!(id), &json!(false)));
    api.delete(&main_path(&format!("chats/{SALES}/messages/{id}"))).await.ok();
    let revoked = receiver.event("message.revoked", |it| it["payload"]["id"] == *id).await;
    assert_eq!(revoked["payload"]["by"]["phoneNumber"], "+5511999990001");
    let names: Vec<Value> = receiver.all().into_iter().map(|it| it.body["event"].clone()).collect();
    let order = ["message.received", "message.edited", "message.reaction", "message.revoked"];
    let told: Vec<&Value> = names.iter().filter(|it| order.iter().any(|name| it == name)).collect();
    assert_eq!(told, order, "in the order in which it happened");
}

#[tokio::test]
async fn sessions_tell_how_they_are() {
    let api = Api::new(fast().allow_private(true)).await;
    let receiver = Receiver::start().await;
    register(&api, &receiver, json!({ "session": "agent" })).await;
    api.post("/api/sessions", json!({ "name": "agent", "start": true })).await.is(201);
    let qr = receiver.event("session.qr", |_| true).await;
    assert!(qr["payload"]["qr"].as_str().unwrap().starts_with("2@"));
    let waiting = receiver.event("session.status", |it| it["payload"]["statusReason"] == "SCAN_QR").await;
    assert_eq!(waiting["payload"]["status"], "CONNECTING");
    api.post("/_sandbox/sessions/agent/scan", json!({ "phoneNumber": "+14155550123" })).await.ok();
    let connected = receiver.event("session.connected", |_| true).await;
    assert_eq!(connected["payload"]["phoneNumber"], "+14155550123");
    receiver.event("session.status", |it| it["payload"]["status"] == "CONNECTED").await;
    api.post("/api/sessions/agent/logout", json!({})).await.ok();
    receiver.event("session.logged_out", |_| true).await;
    assert_eq!(receiver.bodies("session.connected").len(), 1);
}

#[tokio::test]
async fn a_member_of_a_group_is_the_sender_and_the_group_the_place() {
    let api = pair().await;
    let receiver = Receiver::start().await;
    register(&api, &receiver, json!({ "session": "sales" })).await;
    let body = json!({ "name": "Team", "participants": [SALES] });
    let group = api.post(&main_path("groups"), body).await.is(201)["data"]["id"].clone();
    let group = group.as_str().unwrap();
    let id = api.say("main", group, "hello all").await;
    let message = receiver.event("message.received", |it| it["payload"]["id"] == *id).await;
    let payload = &message["payload"];
    assert_eq!((&payload["from"], &payload["isGroup"]), (&json!({ "id": group }), &json!(true)));
    assert_eq!(payload["sender"]["phoneNumber"], "+5511999990001");
}

#[tokio::test]
async fn a_message_with_a_file_tells_how_to_get_it() {
    let api = pair().await;
    let receiver = Receiver::start().await;
    register(&api, &receiver, json!({ "events": ["message.received"] })).await;
    let body = json!({
        "session": "main", "chatId": SALES, "type": "file", "base64": "JVBERi0xLjcgcHJpY2UgbGlzdA==",
        "filename": "prices.pdf", "caption": "Our prices",
    });
    let sent = api.post("/api/messages/send", body).await.ok()["data"].clone();
    let message = receiver.event("message.received", |it| it["payload"]["id"] == sent["id"]).await;
    let payload = &message["payload"];
    assert_eq!((&payload["type"], &payload["mimeType"]), (&json!("document"), &json!("application/pdf")));
    assert_eq!((&payload["mediaId"], &payload["fileLength"]), (&sent["mediaId"], &json!(19)));
    assert_eq!((&payload["text"], &payload["filename"]), (&json!("Our prices"), &json!("prices.pdf")));
    let path = format!("/api/sessions/sales/media/{}/download", payload["mediaId"].as_str().unwrap());
    assert_eq!(api.post(&path, json!({})).await.bytes, b"%PDF-1.7 price list");
}

#[tokio::test]
async fn a_failed_delivery_is_repeated_with_the_same_body() {
    let api = Api::new(fast().allow_private(true)).await;
    let receiver = Receiver::answering(|log| match log.len() {
        1 => StatusCode::SERVICE_UNAVAILABLE,
        2 => StatusCode::REQUEST_TIMEOUT,
        _ => StatusCode::ACCEPTED,
    })
    .await;
    register(&api, &receiver, json!({ "events": ["message.received"] })).await;
    api.say("main", ECHO, "say it").await;
    let echoed = |it: &Value| it["payload"]["text"] == "Echo: say it";
    receiver.event("message.received", echoed).await;
    crate::api::eventually("three attempts", || async { (receiver.all().len() == 3).then_some(()) }).await;
    let all = receiver.all();
    for (attempt, delivered) in ["1", "2", "3"].into_iter().zip(&all) {
        assert_eq!(delivered.headers["x-webhook-attempt"], attempt);
        assert_eq!(delivered.body, all[0].body);
        assert_eq!(delivered.headers["x-webhook-event-id"], all[0].body["id"].as_str().unwrap());
    }
    api.say("main", ANA, "another").await;
}

#[tokio::test]
async fn a_webhook_hears_nothing_of_what_was_before_it() {
    let api = pair().await;
    let (early, late) = (Receiver::start().await, Receiver::start().await);
    let old = api.say("main", SALES, "old").await;
    api.message("sales", SUPPORT, "the old message", |it| it["id"] == *old).await;
    register(&api, &early, json!({ "events": ["message.received"] })).await;
    let middle = api.say("main", SALES, "middle").await;
    early.event("message.received", |it| it["payload"]["id"] == *middle).await;
    register(&api, &late, json!({ "events": ["message.received"] })).await;
    let new = api.say("main", SALES, "new").await;
    late.event("message.received", |it| it["payload"]["id"] == *new).await;
    early.event("message.received", |it| it["payload"]["id"] == *new).await;
    let ids = |receiver: &Receiver| -> Vec<Value> {
        receiver.all().iter().map(|it| it.body["payload"]["id"].clone()).collect()
    };
    assert_eq!((ids(&early), ids(&late)), (vec![json!(middle), json!(new)], vec![json!(new)]));
}

#[tokio::test]
async fn media_that_are_copied_as_they_come_in_are_told_with_their_copy() {
    let folder = tempfile::tempdir().unwrap();
    let copies = folder.path().join("copies");
    let store = whatsapp_sandbox::MediaStore::Folder(copies.clone());
    let api = Api::new(fast().allow_private(true).media_store(store)).await;
    api.link("sales", "+5511999990002").await;
    let receiver = Receiver::start().await;
    register(&api, &receiver, json!({ "events": ["message.received"] })).await;
    let settings =
        api.request(reqwest::Method::PUT, "/admin/settings").bearer_auth(whatsapp_sandbox::MASTER_KEY);
    crate::api::answer(settings.json(&json!({ "autoPersistMedia": true }))).await.ok();
    let body = json!({ "session": "main", "chatId": SALES, "type": "image", "base64": "iVBORw0KGgpyZXN0" });
    let sent = api.post("/api/messages/send", body).await.ok()["data"].clone();
    let message = receiver.event("message.received", |it| it["payload"]["id"] == sent["id"]).await;
    let copy = message["payload"]["mediaUrl"].as_str().unwrap();
    let file = url::Url::parse(copy).unwrap().to_file_path().unwrap();
    assert_eq!(std::fs::read(file).unwrap(), b"\x89PNG\r\n\x1a\nrest");
    let path = format!("/api/sessions/sales/media/{}", sent["mediaId"].as_str().unwrap());
    let record = api.get(&path).await.ok()["data"].clone();
    assert_eq!((&record["persisted"], &record["s3Url"]), (&json!(true), &json!(copy)));
}

#[tokio::test]
async fn a_channel_hides_who_writes_in_it() {
    let api = pair().await;
    let receiver = Receiver::start().await;
    let channel = api.post(&main_path("channels"), json!({ "name": "News" })).await.is(201);
    let channel = channel["data"]["id"].as_str().unwrap().to_owned();
    api.post(&format!("/api/sessions/sales/channels/{channel}/follow"), json!({})).await.ok();
    register(&api, &receiver, json!({ "session": "sales", "events": ["message.received"] })).await;
    let id = api.say("main", &channel, "We are open").await;
    let post = receiver.event("message.received", |it| it["payload"]["id"] == *id).await;
    let payload = &post["payload"];
    assert_eq!(payload["from"], json!({ "id": channel }));
    assert_eq!(payload["sender"], json!({ "phoneNumber": null, "lid": null, "mode": "lid" }));
    assert!(payload.get("pushName").is_none());
}
