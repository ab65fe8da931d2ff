//! Asynchronous commands.

use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{ANA, Answer, Api, BRUNO, eventually, fast, start};
use crate::receiver::Receiver;

const SEND: &str = "/api/messages/send";

async fn later(api: &Api, body: Value, headers: &[(&'static str, &str)]) -> Answer {
    let headers = [headers, &[("prefer", "respond-async")]].concat();
    api.send(Method::POST, SEND, Some(body), &headers).await
}

fn text(chat: &str, text: &str) -> Value {
    json!({ "session": "main", "chatId": chat, "type": "text", "text": text })
}

async fn result(receiver: &Receiver, id: &Value) -> Value {
    eventually("the outcome of the command", || async {
        receiver.bodies("command.result").into_iter().find(|it| it["data"]["correlationId"] == *id)
    })
    .await
}

#[tokio::test]
async fn the_outcome_of_a_command_comes_as_an_event() {
    let api = Api::new(fast().allow_private(true)).await;
    let receiver = Receiver::start().await;
    api.post("/api/webhooks", json!({ "url": receiver.url, "events": ["command.result"] })).await.is(201);
    let accepted = later(&api, text(ANA, "later"), &[]).await.is(202);
    let id = &accepted["data"]["correlationId"];
    assert!(id.as_str().unwrap().starts_with("cmd-"), "{accepted}");
    let told = result(&receiver, id).await;
    assert_eq!((&told["session"], &told["data"]["success"]), (&json!("main"), &json!(true)));
    let message = &told["data"]["result"]["id"];
    api.message("main", ANA, "the message", |it| it["id"] == *message).await;

    let accepted = later(&api, text("4930123456@s.whatsapp.net", "nobody"), &[]).await.is(202);
    let told = result(&receiver, &accepted["data"]["correlationId"]).await;
    assert_eq!((&told["data"]["success"], &told["data"]["result"]["status"]), (&json!(false), &json!(404)));
    assert!(told["data"]["result"]["error"].as_str().unwrap().contains("4930123456"));
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_at_once() {
    let api = start().await;
    later(&api, json!({ "session": "main" }), &[]).await.error(400);
    let api = api.with_key(whatsapp_sandbox::READ_ONLY_KEY);
    later(&api, text(ANA, "x"), &[]).await.error(403);
    let listed = api.send(Method::GET, "/api/sessions", None, &[("prefer", "respond-async")]).await;
    assert_eq!(listed.status, 200, "an operation that is no command answers at once");
}

#[tokio::test]
async fn preferences_that_are_not_known_are_ignored() {
    let api = start().await;
    for (preference, status) in [
        ("respond-async, wait=5", 202),
        ("return=minimal; a=b, Respond-Async", 202),
        ("respond-sometime", 200),
        ("wait=5", 200),
    ] {
        let answer = api.send(Method::POST, SEND, Some(text(ANA, "x")), &[("prefer", preference)]).await;
        assert_eq!(answer.status, status, "{preference}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_command_survives_a_restart_and_sends_once() {
    let folder = tempfile::tempdir().unwrap();
    let open = || fast().data_dir(Some(folder.path().to_owned())).allow_private(true);
    let api = Api::new(open()).await;
    let receiver = Receiver::start().await;
    api.post("/api/webhooks", json!({ "url": receiver.url, "events": ["command.result"] })).await.is(201);
    let mut ids = Vec::new();
    for number in 0..20 {
        let accepted = later(&api, text(BRUNO, &format!("command {number}")), &[]).await.is(202);
        ids.push(accepted["data"]["correlationId"].clone());
    }
    api.sandbox.stop().await;
    let api = Api::new(open()).await;
    for id in &ids {
        assert_eq!(result(&receiver, id).await["data"]["success"], true);
    }
    let texts: Vec<Value> =
        api.transcript("main", BRUNO).await.into_iter().map(|it| it["text"].clone()).collect();
    for number in 0..20 {
        let text = format!("command {number}");
        assert_eq!(texts.iter().filter(|it| **it == *text).count(), 1, "{text}");
    }
}

#[tokio::test]
async fn the_same_idempotency_key_sends_once_whether_now_or_later() {
    let api = Api::new(fast().allow_private(true)).await;
    let receiver = Receiver::start().await;
    api.post("/api/webhooks", json!({ "url": receiver.url, "events": ["command.result"] })).await.is(201);
    let key = [("idempotency-key", "parcel-1")];
    let now = api.send(Method::POST, SEND, Some(text(ANA, "once")), &key).await.ok();
    let accepted = later(&api, text(ANA, "once"), &key).await.is(202);
    let told = result(&receiver, &accepted["data"]["correlationId"]).await;
    assert_eq!(told["data"]["result"]["id"], now["data"]["id"]);
}
