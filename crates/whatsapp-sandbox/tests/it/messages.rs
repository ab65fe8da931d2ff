use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{ANA, Api, BRUNO, ECHO, SALES, SUPPORT, eventually, main_path, start};

#[tokio::test]
async fn two_sessions_write_to_each_other_and_receipts_progress() {
    let api = Api::pair().await;
    let body = json!({ "session": "main", "chatId": SALES, "type": "text", "text": "How are the numbers?" });
    let sent = api.post("/api/messages/send", body).await.ok();
    assert_eq!(sent["data"]["status"], "pending");
    assert_eq!(sent["data"]["fromPhoneNumber"], "+5511999990002");
    assert!(sent["data"]["fromLid"].as_str().unwrap().ends_with("@lid"));
    let id = sent["data"]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("3EB0"), "{id}");

    let arrived = api.message("sales", SUPPORT, "the message", |it| it["id"] == *id).await;
    assert_eq!(arrived["text"], "How are the numbers?");
    assert_eq!(arrived["fromMe"], false);
    let delivered = api.message("main", SALES, "delivery", |it| it["id"] == *id).await;
    assert_eq!(delivered["status"], "delivered", "a linked account reads when its agent says so");
    let seen = json!({ "chatId": SUPPORT, "messageIds": [id] });
    api.post("/api/sessions/sales/messages/seen", seen).await.ok();
    let read = api.message("main", SALES, "the receipt", |it| it["id"] == *id).await;
    assert_eq!(read["status"], "read");

    let reply = json!({
        "session": "sales", "chatId": SUPPORT, "type": "text", "text": "Up by a third",
        "quotedMessage": { "id": id },
    });
    let reply = api.post("/api/messages/send", reply).await.ok();
    let reply = api.message("main", SALES, "the reply", |it| it["id"] == reply["data"]["id"]).await;
    assert_eq!(reply["quotedMessageId"], *id);
}

#[tokio::test]
async fn a_receipt_never_goes_backwards() {
    const ORDER: [&str; 4] = ["pending", "sent", "delivered", "read"];
    let api = start().await;
    let id = api.say("main", ANA, "see you at seven").await;
    let mut furthest = 0;
    while furthest < 3 {
        let message = api.message("main", ANA, "the message", |it| it["id"] == *id).await;
        let now = ORDER.iter().position(|it| message["status"] == *it).unwrap();
        assert!(now >= furthest, "{} after {}", ORDER[now], ORDER[furthest]);
        furthest = now;
    }
}

#[tokio::test]
async fn a_group_message_is_read_when_everyone_has_read_it() {
    let api = Api::pair().await;
    let created = api
        .post(&main_path("groups"), json!({ "name": "Offer", "participants": [ANA, SALES] }))
        .await
        .is(201);
    let group = created["data"]["id"].as_str().unwrap();
    let id = api.say("main", group, "Final version attached").await;
    let arrived = api.message("sales", group, "the message", |it| it["id"] == *id).await;
    assert_eq!(arrived["from"], SUPPORT);
    let message = api.message("main", group, "delivery", |it| it["status"] == "delivered").await;
    assert_eq!(message["id"], *id, "Ana has read it, and the sales account has not");
    let seen = json!({ "chatId": group, "messageIds": [id] });
    api.post("/api/sessions/sales/messages/seen", seen).await.ok();
    api.message("main", group, "everyone to read", |it| it["status"] == "read").await;
}

#[tokio::test]
async fn the_echo_contact_answers() {
    let api = start().await;
    api.say("main", ECHO, "Olá, tudo bem?").await;
    let echo = api.message("main", ECHO, "the echo", |it| it["text"] == "Echo: Olá, tudo bem?").await;
    assert_eq!(echo["fromMe"], false);
    assert_eq!(echo["from"], ECHO);
    let poll = json!({
        "session": "main", "chatId": ECHO, "type": "poll", "question": "Which day?", "options": ["Fri", "Sat"],
    });
    api.post("/api/messages/send", poll).await.ok();
    api.message("main", ECHO, "the second echo", |it| it["text"] == "Echo: Which day?").await;
}

#[tokio::test]
async fn every_type_of_message_arrives() {
    let api = Api::pair().await;
    let png = "iVBORw0KGgpyZXN0";
    let types = [
        json!({ "type": "text", "text": "*bold*", "linkPreview": true }),
        json!({ "type": "image", "base64": png, "caption": "Menu" }),
        json!({ "type": "video", "base64": "AAAAGGZ0eXBtcDQy", "caption": "Tour" }),
        json!({ "type": "voice", "base64": "T2dnUw==", "ptt": true }),
        json!({ "type": "file", "base64": "aGVsbG8=", "filename": "notes.txt" }),
        json!({ "type": "poll", "question": "Which day?", "options": ["Fri", "Sat"], "multipleAnswers": true }),
        json!({ "type": "location", "latitude": -23.5613, "longitude": -46.6565, "name": "MASP" }),
        json!({ "type": "contact", "contacts": [{ "name": "Bruno", "phoneNumber": "+5521977770002" }] }),
    ];
    for fields in types {
        let mut body = json!({ "session": "main", "chatId": SALES });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let sent = api.post("/api/messages/send", body).await.ok();
        let id = &sent["data"]["id"];
        let arrived = api.message("sales", SUPPORT, "the message", |it| it["id"] == *id).await;
        assert_eq!(arrived["type"], fields["type"]);
        let has_media = fields.get("base64").is_some() || fields.get("url").is_some();
        assert_eq!(sent["data"]["mediaId"].is_string(), has_media, "{fields}");
    }
}

#[tokio::test]
async fn a_repeated_send_under_one_idempotency_key_sends_once() {
    let api = start().await;
    let body = json!({ "session": "main", "chatId": BRUNO, "type": "text", "text": "Your parcel is here" });
    let key = [("idempotency-key", "parcel-20417")];
    let path = "/api/messages/send";
    let first = api.send(Method::POST, path, Some(body.clone()), &key).await.ok();
    let second = api.send(Method::POST, path, Some(body.clone()), &key).await.ok();
    assert_eq!(first, second);
    let texts = api.transcript("main", BRUNO).await;
    assert_eq!(texts.iter().filter(|it| it["text"] == "Your parcel is here").count(), 1);

    let mut other = body.clone();
    other["text"] = "Something else".into();
    let refusal = api.send(Method::POST, path, Some(other), &key).await.error(409);
    assert!(refusal.contains("another request"), "{refusal}");
    let third = api.send(Method::POST, path, Some(body), &[("idempotency-key", "another")]).await.ok();
    assert_ne!(first["data"]["id"], third["data"]["id"]);
    let long = "k".repeat(256);
    let body = json!({ "session": "main", "chatId": BRUNO, "type": "text", "text": "x" });
    api.send(Method::POST, path, Some(body), &[("idempotency-key", &long)]).await.error(400);
}

#[tokio::test]
async fn a_blocked_sender_is_not_told() {
    let api = Api::pair().await;
    let block = format!("/api/sessions/sales/contacts/{SUPPORT}");
    api.post(&format!("{block}/block"), json!({})).await.ok();
    let id = api.say("main", SALES, "hello?").await;
    let other = api.say("main", ANA, "hello").await;
    api.message("main", ANA, "Ana to read", |it| it["id"] == *other && it["status"] == "read").await;
    let kept = api.message("main", SALES, "the message", |it| it["id"] == *id).await;
    assert_eq!(kept["status"], "sent");
    assert!(api.transcript("sales", SUPPORT).await.is_empty());
    let refusal = json!({ "session": "sales", "chatId": SUPPORT, "type": "text", "text": "no" });
    let refusal = api.post("/api/messages/send", refusal).await.error(409);
    assert!(refusal.contains("unblock"), "{refusal}");

    api.post(&format!("{block}/unblock"), json!({})).await.ok();
    let id = api.say("main", SALES, "hello again").await;
    api.message("sales", SUPPORT, "the message", |it| it["id"] == *id).await;
}

#[tokio::test]
async fn a_reaction_replaces_the_one_before_and_an_empty_one_removes_it() {
    let api = start().await;
    let id = api.transcript("main", ANA).await[0]["id"].clone();
    let react = async |emoji: &str| {
        let body = json!({ "chatId": ANA, "messageId": id, "reaction": emoji });
        api.post(&main_path("messages/react"), body).await
    };
    let reactions = async || api.transcript("main", ANA).await[0]["reactions"].clone();
    react("👍").await.ok();
    react("❤️").await.ok();
    assert_eq!(reactions().await, json!([{ "by": SUPPORT, "reaction": "❤️" }]));
    react("").await.ok();
    assert_eq!(reactions().await, json!([]));
    react("1️⃣").await.ok();
    react("thumbs up").await.error(400);
    react("ok").await.error(400);
    for no_emoji in ["日本", "é", "👍👍", "\u{200d}", "👍 "] {
        react(no_emoji).await.error(400);
    }
}

#[tokio::test]
async fn a_star_is_private() {
    let api = Api::pair().await;
    let id = api.say("main", SALES, "the address is Rua A, 1").await;
    api.message("sales", SUPPORT, "the message", |it| it["id"] == *id).await;
    let star = |on: bool| json!({ "chatId": SALES, "messageId": id, "star": on });
    api.post(&main_path("messages/star"), star(true)).await.ok();
    let starred = |chat: Vec<Value>| chat.iter().any(|it| it["id"] == *id && it["starred"] == true);
    assert!(starred(api.transcript("main", SALES).await));
    assert!(!starred(api.transcript("sales", SUPPORT).await));
    api.post(&main_path("messages/star"), star(false)).await.ok();
    assert!(!starred(api.transcript("main", SALES).await));
}

#[tokio::test]
async fn phone_number_and_lid_are_one_chat() {
    let api = start().await;
    let ana = api.get(&main_path(&format!("contacts/{ANA}"))).await.ok();
    let lid = ana["data"]["lid"].as_str().unwrap();
    let id = api.say("main", lid, "by your other name").await;
    let chat = api.message("main", ANA, "the message", |it| it["id"] == *id).await;
    assert_eq!(chat["text"], "by your other name");
    assert_eq!(api.transcript("main", lid).await.len(), api.transcript("main", ANA).await.len());
}

#[tokio::test]
async fn a_status_post_reaches_those_who_know_each_other() {
    let api = Api::pair().await;
    api.say("main", "status@broadcast", "Open until eight today").await;
    let post = eventually("Ana and Bruno to see the post", || async {
        let posts = api.transcript("main", "status@broadcast").await;
        posts.into_iter().find(|it| it["status"] == "read")
    })
    .await;
    assert_eq!(post["text"], "Open until eight today");
}
