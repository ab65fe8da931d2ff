use serde_json::json;
use whatsapp_sandbox::client::{Client, types};

use super::{ANA, SUPPORT, refusal};
use crate::api::{Api, BRUNO, fast, start};

const NEW_PERSON: &str = "+5511977770001";

async fn set(control: &Client, fault: serde_json::Value) -> types::Fault {
    let fault: types::SetFault = serde_json::from_value(fault).unwrap();
    let set = control.faults_set(&fault).await.unwrap();
    assert_eq!(set.status(), 201);
    set.into_inner().data
}

async fn send(api: &Api, chat: &str) -> u16 {
    let body = json!({ "session": "main", "chatId": chat, "type": "text", "text": "Hi" });
    api.post("/api/messages/send", body).await.status.as_u16()
}

#[tokio::test]
async fn the_next_requests_of_an_operation_fail() {
    let api = start().await;
    let control = api.sandbox.control();
    let error = json!({
        "kind": "http_error", "status": 429, "retryAfterSeconds": 7, "operation": "messages_*", "requests": 2
    });
    let fault = set(control, error).await;
    assert_eq!((fault.kind, fault.remaining), (types::FaultKind::HttpError, Some(2)));
    api.get("/api/version").await.ok();
    let body = json!({ "session": "main", "chatId": BRUNO, "type": "text", "text": "Hi" });
    let failed = api.post("/api/messages/send", body).await;
    assert_eq!(failed.headers["retry-after"], "7");
    failed.error(429);
    let left = control.faults_get(&fault.id).await.unwrap().into_inner().data;
    assert_eq!(left.remaining, Some(1));
    assert_eq!(send(&api, BRUNO).await, 429);
    assert_eq!(send(&api, BRUNO).await, 200);
    assert_eq!(refusal(control.faults_get(&fault.id).await).0, 404, "it is used up");
}

#[tokio::test]
async fn requests_are_slow_until_the_fault_is_cleared() {
    let api = start().await;
    let control = api.sandbox.control();
    let fault =
        set(control, json!({ "kind": "slow", "milliseconds": 120_000, "operation": "info_version" })).await;
    let asked = tokio::time::timeout(std::time::Duration::from_millis(300), api.get("/api/version"));
    assert!(asked.await.is_err(), "it waits");
    api.get("/api/status").await.ok();
    control.faults_clear(&fault.id).await.unwrap();
    api.get("/api/version").await.ok();
    assert_eq!(refusal(control.faults_clear(&fault.id).await).0, 404);
}

#[tokio::test]
async fn a_time_locked_account_writes_only_to_people_it_knows() {
    let api = start().await;
    let control = api.sandbox.control();
    super::new_person(control, NEW_PERSON).await;
    let fault = set(control, json!({ "kind": "time_lock", "account": SUPPORT, "seconds": 3600 })).await;
    assert!(fault.ends_at.is_some());
    assert_eq!(fault.account.as_deref(), Some("5511999990001@s.whatsapp.net"));
    assert_ne!(send(&api, "5511977770001@s.whatsapp.net").await, 200);
    assert_eq!(send(&api, BRUNO).await, 200);
    control.faults_clear(&fault.id).await.unwrap();
    assert_eq!(send(&api, "5511977770001@s.whatsapp.net").await, 200);
}

#[tokio::test]
async fn a_banned_account_is_off_the_network_until_it_is_lifted() {
    let api = start().await;
    let control = api.sandbox.control();
    let fault = set(control, json!({ "kind": "temporary_ban", "account": SUPPORT, "seconds": 3600 })).await;
    let session = control.sessions_get("main").await.unwrap().into_inner().data;
    assert_eq!(session.state, types::SessionState::TemporaryBan);
    assert!(session.seconds_left.is_some());
    assert_eq!(send(&api, BRUNO).await, 409);
    control.faults_clear(&fault.id).await.unwrap();
    api.session_in("main", "CONNECTED").await;
    let unknown: types::SetFault =
        serde_json::from_value(json!({ "kind": "temporary_ban", "account": "+4915100000000", "seconds": 1 }))
            .unwrap();
    assert_eq!(refusal(control.faults_set(&unknown).await).0, 404);
}

#[tokio::test]
async fn all_faults_are_listed_and_cleared_at_once() {
    let api = Api::new(fast().allow_private(true)).await;
    let control = api.sandbox.control();
    let webhook = api.post("/api/webhooks", json!({ "url": "https://127.0.0.1:9/hook" })).await.is(201);
    let webhook = webhook["data"]["id"].as_i64().unwrap();
    set(control, json!({ "kind": "time_lock", "account": ANA, "seconds": 60 })).await;
    set(control, json!({ "kind": "webhook_down", "webhookId": webhook })).await;
    set(control, json!({ "kind": "http_error", "status": 500 })).await;
    set(control, json!({ "kind": "slow", "milliseconds": 1 })).await;
    let faults = control.faults_list().await.unwrap().into_inner().data;
    let kinds: Vec<String> = faults.iter().map(|it| it.kind.to_string()).collect();
    assert_eq!(kinds, ["time_lock", "webhook_down", "http_error", "slow"]);
    assert_eq!(faults[1].webhook_id, Some(webhook));
    assert_eq!(control.faults_clear_all().await.unwrap().into_inner().data.changed, 4);
    assert!(control.faults_list().await.unwrap().into_inner().data.is_empty());
    api.get("/api/version").await.ok();
    let unknown: types::SetFault =
        serde_json::from_value(json!({ "kind": "webhook_down", "webhookId": 99 })).unwrap();
    assert_eq!(refusal(control.faults_set(&unknown).await).0, 404);
}
