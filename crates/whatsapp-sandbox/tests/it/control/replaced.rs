//! What is under way when the whole state is replaced.

use reqwest::Method;
use serde_json::{Value, json};
use whatsapp_sandbox::client::types;

use crate::api::{ANA, Api, BRUNO, fast};
use crate::receiver::Receiver;
use crate::slow::Slow;

async fn start() -> Api {
    Api::new(fast().allow_private(true)).await
}

fn image(url: &str) -> Value {
    json!({ "session": "main", "chatId": BRUNO, "type": "image", "url": url, "caption": "old" })
}

async fn captions(api: &Api) -> Vec<Value> {
    api.transcript("main", BRUNO).await.into_iter().map(|it| it["caption"].clone()).collect()
}

#[tokio::test]
async fn an_attempt_of_the_old_world_settles_no_delivery_of_the_new_one() {
    let api = start().await;
    let (slow, receiver) = (Slow::start().await, Receiver::start().await);
    let events = json!(["message.sent"]);
    api.post("/api/webhooks", json!({ "url": slow.url, "events": events })).await.is(201);
    api.say("main", ANA, "old").await;
    slow.is_asked(1).await;
    api.sandbox.reset().await.unwrap();
    api.post("/api/webhooks", json!({ "url": receiver.url, "events": events })).await.is(201);
    let id = api.say("main", ANA, "new").await;
    slow.release();
    receiver.event("message.sent", |it| it["payload"]["id"] == *id).await;
    let deliveries = api.get("/_sandbox/deliveries").await.ok();
    assert_eq!(deliveries["data"].as_array().unwrap().len(), 1, "{deliveries}");
}

#[tokio::test]
async fn a_send_that_still_fetches_its_file_is_refused_after_an_import() {
    let api = start().await;
    let state = api.sandbox.control().state_export(None).await.unwrap().into_inner();
    let slow = Slow::start().await;
    let send = api.post("/api/messages/send", image(&slow.url));
    let replace = async {
        slow.is_asked(1).await;
        api.sandbox.control().state_import(&state).await.unwrap();
        slow.release();
    };
    let (answer, ()) = tokio::join!(send, replace);
    assert!(answer.error(409).contains("replaced"));
    assert!(!captions(&api).await.contains(&json!("old")));
    assert_eq!(api.post("/api/messages/send", image(&slow.url)).await.status, 200, "a new one is sent");
}

#[tokio::test]
async fn a_command_of_the_old_world_does_nothing_in_the_new_one() {
    let api = start().await;
    let (slow, receiver) = (Slow::start().await, Receiver::start().await);
    let later = [("prefer", "respond-async")];
    let send = async |body: Value| {
        api.send(Method::POST, "/api/messages/send", Some(body), &later).await.is(202)["data"]["correlationId"].clone()
    };
    send(image(&slow.url)).await;
    slow.is_asked(1).await;
    api.sandbox.reset().await.unwrap();
    api.post("/api/webhooks", json!({ "url": receiver.url, "events": ["command.result"] })).await.is(201);
    slow.release();
    let id = send(json!({ "session": "main", "chatId": BRUNO, "type": "text", "text": "new" })).await;
    let told = receiver.event("command.result", |it| it["data"]["correlationId"] == id).await;
    assert_eq!(told["data"]["success"], true);
    assert!(!captions(&api).await.contains(&json!("old")));
    assert_eq!(receiver.bodies("command.result").len(), 1);
}

#[tokio::test]
async fn requests_are_counted_anew_after_a_reset() {
    let api = Api::new(fast().rate_limit(2)).await;
    let stop = types::SetClock { mode: types::ClockMode::Manual, now: None };
    api.sandbox.control().clock_set(&stop).await.unwrap();
    let version = async || api.get("/api/version").await.status.as_u16();
    assert_eq!([version().await, version().await, version().await], [200, 200, 429]);
    api.sandbox.reset().await.unwrap();
    assert_eq!([version().await, version().await, version().await], [200, 200, 429]);
    let two_minutes = types::AdvanceClock { milliseconds: 120_000 };
    api.sandbox.control().clock_advance(&two_minutes).await.unwrap();
    assert_eq!(version().await, 200, "time that is let pass counts");
}
