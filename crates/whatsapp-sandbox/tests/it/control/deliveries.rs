use axum::http::StatusCode;
use serde_json::{Value, json};
use whatsapp_sandbox::client::types;

use super::{ANA, SUPPORT, refusal, say};
use crate::api::{Api, eventually, fast};
use crate::receiver::Receiver;

async fn webhook(api: &Api, url: &str) -> i64 {
    let retries = json!({ "attempts": 0, "delaySeconds": 0, "policy": "constant" });
    let body = json!({ "url": url, "events": ["message.received"], "retries": retries });
    api.post("/api/webhooks", body).await.is(201)["data"]["id"].as_i64().unwrap()
}

#[tokio::test]
async fn deliveries_are_listed_looked_at_and_replayed() {
    let api = Api::new(fast().allow_private(true)).await;
    let control = api.sandbox.control();
    let receiver =
        Receiver::answering(|log| if log.len() > 1 { StatusCode::OK } else { StatusCode::GONE }).await;
    let id = webhook(&api, &receiver.url).await;
    say(control, ANA, SUPPORT, "Told once").await;
    let list = async |state: Option<types::DeliveryState>| {
        control.deliveries_list(None, None, state, Some(id)).await.unwrap().into_inner().data
    };
    let dead = eventually("a dead letter", || async {
        list(Some(types::DeliveryState::Dead)).await.into_iter().next()
    })
    .await;
    assert_eq!((dead.event.as_str(), dead.last_status, dead.attempts), ("message.received", Some(410), 1));
    assert_eq!((dead.url.as_str(), dead.body.as_ref()), (receiver.url.as_str(), None));
    let whole = control.deliveries_get(dead.id).await.unwrap().into_inner().data;
    let body: Value = serde_json::from_str(&whole.body.unwrap()).unwrap();
    assert_eq!(body["payload"]["body"], "Told once");
    assert!(list(Some(types::DeliveryState::Delivered)).await.is_empty());

    let replayed = control.deliveries_replay(dead.id).await.unwrap().into_inner().data;
    assert_eq!(replayed.id, dead.id);
    eventually("the replay", || async {
        list(Some(types::DeliveryState::Delivered)).await.into_iter().next()
    })
    .await;
    let ids: Vec<Value> =
        receiver.bodies("message.received").into_iter().map(|it| it["id"].clone()).collect();
    assert_eq!(ids[0], ids[1], "the event keeps its id");
    assert_eq!(refusal(control.deliveries_replay(dead.id).await).0, 409);
    assert_eq!(refusal(control.deliveries_get(999).await).0, 404);
}

#[tokio::test]
async fn a_webhook_that_is_down_leaves_dead_letters_which_are_replayed_together() {
    let api = Api::new(fast().allow_private(true)).await;
    let control = api.sandbox.control();
    let receiver = Receiver::start().await;
    let id = webhook(&api, &receiver.url).await;
    let down = json!({ "kind": "webhook_down", "webhookId": id });
    let down = control.faults_set(&serde_json::from_value(down).unwrap()).await.unwrap().into_inner().data;
    say(control, ANA, SUPPORT, "One").await;
    say(control, ANA, SUPPORT, "Two").await;
    let dead = async || {
        let dead = Some(types::DeliveryState::Dead);
        control.deliveries_list(None, None, dead, None).await.unwrap().into_inner().data.len()
    };
    eventually("dead letters", || async { (dead().await == 2).then_some(()) }).await;
    assert!(receiver.all().is_empty());
    control.faults_clear(&down.id).await.unwrap();
    let all = types::ReplayDeliveries { webhook_id: None };
    assert_eq!(control.deliveries_replay_all(&all).await.unwrap().into_inner().data.changed, 2);
    eventually("both", || async { (receiver.all().len() == 2).then_some(()) }).await;
    let unknown = types::ReplayDeliveries { webhook_id: Some(99) };
    assert_eq!(refusal(control.deliveries_replay_all(&unknown).await).0, 404);
}
