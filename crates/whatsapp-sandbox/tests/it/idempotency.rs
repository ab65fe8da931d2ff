//! Sends under an idempotency key.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use whatsapp_sandbox::{FULL_KEY, MESSAGES_KEY};

use crate::api::{ANA, Answer, Api, answer, start};

const SEND: &str = "/api/messages/send";

async fn send(api: &Api, key: &str, text: &str) -> Answer {
    let body = json!({ "session": "main", "chatId": ANA, "type": "text", "text": text });
    api.send(Method::POST, SEND, Some(body), &[("idempotency-key", key)]).await
}

async fn count(api: &Api, text: &str) -> usize {
    api.transcript("main", ANA).await.iter().filter(|it| it["text"] == text).count()
}

#[tokio::test]
async fn the_order_of_fields_makes_no_other_request() {
    let api = start().await;
    let first = send(&api, "parcel-0", "in any order").await.ok();
    let body =
        format!(r#"{{ "text": "in any order", "type": "text", "chatId": "{ANA}", "session": "main" }}"#);
    let repeat = api
        .request(Method::POST, SEND)
        .bearer_auth(FULL_KEY)
        .header("idempotency-key", "parcel-0")
        .header("content-type", "application/json")
        .body(body);
    assert_eq!(answer(repeat).await.ok()["data"]["id"], first["data"]["id"]);
}

#[tokio::test]
async fn repeats_that_come_while_the_first_runs_get_its_answer() {
    let api = start().await;
    let answers = join_all((0..24).map(|_| send(&api, "parcel-2", "at once"))).await;
    let ids: Vec<Value> = answers.into_iter().map(|it| it.ok()["data"]["id"].clone()).collect();
    assert!(ids.iter().all(|it| *it == ids[0]), "{ids:?}");
    assert_eq!(count(&api, "at once").await, 1);
}

#[tokio::test]
async fn of_two_requests_that_race_for_a_key_one_is_sent_and_the_other_refused() {
    let api = start().await;
    let (one, other) = tokio::join!(send(&api, "parcel-3", "one"), send(&api, "parcel-3", "other"));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(count(&api, "one").await + count(&api, "other").await, 1);
}

#[tokio::test]
async fn a_refused_send_leaves_its_key_free() {
    let api = start().await;
    let wrong = json!({ "session": "main", "chatId": "4930123456", "type": "text", "text": "free" });
    api.send(Method::POST, SEND, Some(wrong), &[("idempotency-key", "parcel-4")]).await.error(404);
    send(&api, "parcel-4", "free").await.ok();
}

#[tokio::test]
async fn the_keys_of_two_callers_have_nothing_to_do_with_each_other() {
    let api = start().await;
    let first = send(&api, "parcel-5", "twice").await.ok();
    let api = api.with_key(MESSAGES_KEY);
    let second = send(&api, "parcel-5", "twice").await.ok();
    assert_ne!(first["data"]["id"], second["data"]["id"]);
}
