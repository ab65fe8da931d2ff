use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::Sha256;

use super::api::{ANA, ECHO, Kirim, NUMBER, SUPPORT, error, noon, template, text};
use crate::api::{eventually, fast};
use crate::receiver::{Delivered, Receiver};

async fn local() -> Kirim {
    Kirim::new(fast().allow_private(true)).await
}

async fn subscribe(kirim: &Kirim, receiver: &Receiver, events: &[&str]) -> Value {
    let body = json!({ "url": receiver.url, "events": events, "description": "test" });
    kirim.acme().post("/v1/webhook_subscriptions", body).await.is(201)["data"].clone()
}

fn header<'d>(delivered: &'d Delivered, name: &str) -> &'d str {
    delivered.headers[name].to_str().unwrap()
}

/// What was delivered of this kind, once something was that is as one looks for.
async fn got(receiver: &Receiver, event: &str, is_it: impl Fn(&Value) -> bool) -> Delivered {
    eventually(event, || async {
        receiver.all().into_iter().find(|it| header(it, "x-kirim-event") == event && is_it(&it.body))
    })
    .await
}

fn signed(secret: &str, at: &str, body: &Value) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn messages_come_in_metas_words_and_records_in_kirims() {
    let kirim = local().await;
    let receiver = Receiver::start().await;
    let all = ["message.received", "message.status", "message.created", "contact.created"];
    subscribe(&kirim, &receiver, &all).await;
    let id = kirim.acme().send(template(ECHO)).await;
    let created = got(&receiver, "message.created", |it| it["data"]["message"]["id"] == *id).await;
    assert_eq!(header(&created, "x-kirim-source"), "kirim");
    assert_eq!(header(&created, "x-kirim-event-id"), created.body["id"].as_str().unwrap());
    assert_eq!(header(&created, "user-agent"), "Kirim-Webhook/1.0");
    assert_eq!(created.body["livemode"], true);
    assert_eq!(created.body["data"]["message"]["type"], "template");
    let wamid = created.body["data"]["message"]["provider_id"].clone();
    let value = |it: &Value| it["entry"][0]["changes"][0]["value"].clone();
    let delivered =
        got(&receiver, "message.status", |it| value(it)["statuses"][0]["status"] == "delivered").await;
    assert_eq!(value(&delivered.body)["statuses"][0]["id"], wamid);
    assert_eq!(header(&delivered, "x-kirim-source"), "meta");
    let echo = got(&receiver, "message.received", |_| true).await;
    let message = value(&echo.body)["messages"][0].clone();
    assert_eq!((&message["from"], &message["type"]), (&json!("12025550199"), &json!("text")));
    assert!(message["text"]["body"].as_str().unwrap().starts_with("Echo: Hello Ana"));
    assert_eq!(value(&echo.body)["metadata"]["phone_number_id"], NUMBER);
    assert_eq!(header(&echo, "x-kirim-event-id"), message["id"].as_str().unwrap());
    let shown = kirim.acme().get("/v1/webhook_deliveries?status=delivered").await.ok();
    let ids: Vec<&Value> = shown["data"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert!(ids.contains(&&json!(header(&created, "x-kirim-delivery-id"))), "{shown}");
}

#[tokio::test]
async fn a_reaction_is_a_message_of_its_own() {
    let kirim = local().await;
    let acme = kirim.acme();
    let receiver = Receiver::start().await;
    subscribe(&kirim, &receiver, &["message.received"]).await;
    let id = acme.send(template(ANA)).await;
    let sent = acme.reaches(&id, "read").await;
    let seen = kirim.sandbox.account(ANA).messages(SUPPORT).await.unwrap();
    kirim.sandbox.account(ANA).reacts(SUPPORT, &seen.last().unwrap().id, "👍").await.unwrap();
    let told = got(&receiver, "message.received", |_| true).await;
    let message = &told.body["entry"][0]["changes"][0]["value"]["messages"][0];
    assert_eq!(message["reaction"], json!({ "message_id": sent["provider_id"], "emoji": "👍" }));
    let newest = acme.get(&Kirim::at("messages?limit=1")).await.ok()["data"][0].clone();
    assert_eq!((&newest["type"], &newest["provider_id"]), (&json!("reaction"), &message["id"]));
}

#[tokio::test]
async fn a_contact_whose_labels_change_is_told_once_for_each_change() {
    let kirim = local().await;
    let acme = kirim.acme();
    let receiver = Receiver::start().await;
    subscribe(&kirim, &receiver, &["contact.updated", "contact.created"]).await;
    let contact = acme.post(&Kirim::at("contacts"), json!({ "phone_number": "+628111222333" })).await.is(201);
    let label = acme.post("/v1/labels", json!({ "name": "VIP" })).await.is(201)["data"]["id"].clone();
    let path = Kirim::at(&format!("contacts/{}/labels", contact["data"]["id"].as_str().unwrap()));
    for _ in 0..2 {
        acme.post(&path, json!({ "label_id": label })).await.ok();
    }
    acme.post(&Kirim::at("contacts"), json!({ "phone_number": "+628111222334" })).await.is(201);
    let events = eventually("three events", || async {
        let all = receiver.all();
        (all.len() >= 3)
            .then(|| all.iter().map(|it| header(it, "x-kirim-event").to_owned()).collect::<Vec<_>>())
    })
    .await;
    assert_eq!(events.iter().filter(|it| *it == "contact.updated").count(), 1, "{events:?}");
}

#[tokio::test]
async fn a_failure_is_told() {
    let kirim = local().await;
    let receiver = Receiver::start().await;
    subscribe(&kirim, &receiver, &["message.status"]).await;
    let id = kirim.acme().send(text("+628999000111", "Is this you?")).await;
    let failed = kirim.acme().reaches(&id, "failed").await;
    let told = got(&receiver, "message.status", |_| true).await;
    let status = &told.body["entry"][0]["changes"][0]["value"]["statuses"][0];
    assert_eq!((&status["id"], &status["status"]), (&failed["provider_id"], &json!("failed")));
    assert_eq!(status["errors"][0]["code"], 1_006);
}

#[tokio::test]
async fn every_live_secret_signs() {
    let kirim = local().await;
    let receiver = Receiver::start().await;
    let subscription = subscribe(&kirim, &receiver, &["contact.created"]).await;
    let path = format!("/v1/webhook_subscriptions/{}", subscription["id"].as_str().unwrap());
    let second =
        kirim.acme().post(&format!("{path}/secrets"), json!({ "expires_in_hours": 1 })).await.is(201);
    let shown = kirim.acme().get(&path).await.ok()["data"].clone();
    assert_eq!(shown["secrets"].as_array().unwrap().len(), 2);
    assert!(!shown.to_string().contains("whsec_"), "secrets are shown once");
    kirim.acme().post(&Kirim::at("contacts"), json!({ "phone_number": "+628111222333" })).await.is(201);
    let delivered = got(&receiver, "contact.created", |_| true).await;
    let signature = header(&delivered, "x-kirim-signature");
    let mut parts = signature.split(',');
    let at = parts.next().unwrap().strip_prefix("t=").unwrap();
    let secrets = [&subscription["initial_secret"], &second["data"]["secret"]];
    let expected = secrets.map(|it| format!("v1={}", signed(it.as_str().unwrap(), at, &delivered.body)));
    assert_eq!(parts.collect::<Vec<_>>(), expected);
    let first = subscription["secrets"][0]["id"].as_str().unwrap();
    kirim.acme().delete(&format!("{path}/secrets/{first}")).await.ok();
    kirim.acme().post(&Kirim::at("contacts"), json!({ "phone_number": "+628111222334" })).await.is(201);
    let later = eventually("the second", || async { receiver.all().get(1).cloned() }).await;
    assert_eq!(header(&later, "x-kirim-signature").matches("v1=").count(), 1);
}

#[tokio::test]
async fn a_delivery_climbs_the_ladder_and_the_subscription_is_given_up() {
    let kirim = Kirim::new(fast().allow_private(true).clock(noon())).await;
    let acme = kirim.acme();
    let status = |tried| if tried <= 8 { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::NOT_FOUND };
    let receiver = Receiver::answering(move |log| status(log.len())).await;
    let subscription = subscribe(&kirim, &receiver, &["contact.created"]).await;
    acme.post(&Kirim::at("contacts"), json!({ "phone_number": "+628111222333" })).await.is(201);
    let attempts = async |count: u64| {
        eventually(&format!("{count} attempts"), || async {
            let list = acme.get("/v1/webhook_deliveries").await.ok();
            (list["data"][0]["attempts"] == count).then(|| list["data"][0].clone())
        })
        .await
    };
    let mut delivery = attempts(1).await;
    for (count, seconds) in (2..).zip([10, 30, 120, 600, 3_600, 21_600, 86_400_u64]) {
        assert_eq!(delivery["status"], "pending", "{delivery}");
        // Not before four fifths of the step, and by six fifths of it.
        kirim.pass(seconds * 79 / 100).await;
        assert_eq!(receiver.all().len(), count - 1, "too early");
        kirim.pass(seconds * 42 / 100 + 1).await;
        delivery = attempts(u64::try_from(count).unwrap()).await;
    }
    assert_eq!((&delivery["status"], &delivery["response_status"]), (&json!("failed"), &json!(500)));
    assert_eq!(header(receiver.all().last().unwrap(), "x-kirim-attempt"), "8");
    let path = format!("/v1/webhook_subscriptions/{}", subscription["id"].as_str().unwrap());
    assert_eq!(acme.get(&path).await.ok()["data"]["status"], "active");

    // That was one. Twenty-three more make twenty-four in a row, each final at once.
    for index in 0..23 {
        assert_eq!(acme.get(&path).await.ok()["data"]["status"], "active", "after {index}");
        let phone = format!("+6281112224{index:02}");
        acme.post(&Kirim::at("contacts"), json!({ "phone_number": phone })).await.is(201);
        eventually(&format!("{index} more"), || async {
            let list = acme.get("/v1/webhook_deliveries?status=failed&limit=100").await.ok();
            (list["data"].as_array().unwrap().len() == index + 2).then_some(())
        })
        .await;
    }
    assert_eq!(acme.get(&path).await.ok()["data"]["status"], "disabled");
    let back = acme.patch(&path, json!({ "status": "active" })).await.ok();
    assert_eq!(back["data"]["status"], "active");
}

#[tokio::test]
async fn what_failed_can_be_delivered_again() {
    let kirim = local().await;
    let acme = kirim.acme();
    let receiver =
        Receiver::answering(|log| if log.len() == 1 { StatusCode::NOT_FOUND } else { StatusCode::OK }).await;
    let subscription = subscribe(&kirim, &receiver, &["contact.created"]).await;
    acme.post(&Kirim::at("contacts"), json!({ "phone_number": "+628111222333" })).await.is(201);
    let failed = eventually("the failure", || async {
        let list = acme.get("/v1/webhook_deliveries?status=failed").await.ok();
        list["data"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(failed["attempts"], 1, "a 404 is final");
    let path = format!("/v1/webhook_deliveries/{}", failed["id"].as_str().unwrap());
    let again = acme.post(&format!("{path}/replay"), json!({})).await.ok()["data"].clone();
    assert_eq!((&again["replayed_from"], &again["status"]), (&failed["id"], &json!("pending")));
    let second = eventually("the replay", || async { receiver.all().get(1).cloned() }).await;
    assert_eq!(header(&second, "x-kirim-delivery-id"), again["id"].as_str().unwrap());
    assert_eq!(second.body, receiver.all()[0].body, "the same event");
    assert_eq!(acme.get(&path).await.ok()["data"]["status"], "failed", "the old one stays");
    let bulk = json!({ "subscription_id": subscription["id"], "event_type": "contact.created" });
    let bulk = acme.post("/v1/webhook_deliveries/bulk_replay", bulk).await.ok();
    assert_eq!(bulk["data"], json!({ "enqueued": 1, "capped": false }));
}

#[tokio::test]
async fn what_has_ended_is_kept_for_thirty_days() {
    let kirim = Kirim::new(fast().allow_private(true).clock(noon())).await;
    let acme = kirim.acme();
    let receiver = Receiver::answering(|_| StatusCode::NOT_FOUND).await;
    let subscription = subscribe(&kirim, &receiver, &["contact.created"]).await;
    acme.post(&Kirim::at("contacts"), json!({ "phone_number": "+628111222333" })).await.is(201);
    let failed = eventually("the failure", || async {
        let list = acme.get("/v1/webhook_deliveries?status=failed").await.ok();
        list["data"].as_array().unwrap().first().cloned()
    })
    .await;
    let path = format!("/v1/webhook_deliveries/{}", failed["id"].as_str().unwrap());
    kirim.pass(30 * 86_400 - 60).await;
    acme.get(&path).await.ok();
    kirim.pass(120).await;
    error(acme.get(&path).await, 404, "resource_not_found");
    error(acme.post(&format!("{path}/replay"), json!({})).await, 404, "resource_not_found");
    assert_eq!(acme.get("/v1/webhook_deliveries").await.ok()["data"], json!([]));
    let bulk = json!({ "subscription_id": subscription["id"] });
    let bulk = acme.post("/v1/webhook_deliveries/bulk_replay", bulk).await.ok();
    assert_eq!(bulk["data"]["enqueued"], 0);
}

#[tokio::test]
async fn work_on_a_conversation_is_told_and_a_pause_is_kept() {
    let kirim = local().await;
    let acme = kirim.acme();
    let receiver = Receiver::start().await;
    let subscription = subscribe(&kirim, &receiver, &["conversation.closed"]).await;
    let conversation = acme.conversation(ANA, |_| true).await;
    let path = Kirim::at(&format!("conversations/{}", conversation["id"].as_str().unwrap()));
    let hook = format!("/v1/webhook_subscriptions/{}", subscription["id"].as_str().unwrap());
    acme.patch(&hook, json!({ "status": "paused" })).await.ok();
    acme.patch(&path, json!({ "status": "resolved" })).await.ok();
    acme.patch(&hook, json!({ "status": "active" })).await.ok();
    acme.patch(&path, json!({ "status": "open" })).await.ok();
    acme.patch(&path, json!({ "status": "resolved" })).await.ok();
    let closed = got(&receiver, "conversation.closed", |_| true).await;
    let told = json!({
        "id": conversation["id"], "object": "conversation", "status": "resolved", "closed_by_user_id": null,
    });
    assert_eq!(closed.body["data"], json!({ "conversation": told }));
    assert_eq!(receiver.all().len(), 1, "what happened in the pause is not told");
}

#[tokio::test]
async fn an_address_without_tls_or_of_this_machine_is_refused() {
    let kirim = Kirim::new(fast()).await;
    for url in ["http://example.com/hook", "https://127.0.0.1/hook"] {
        let body = json!({ "url": url, "events": ["message.received"] });
        let refused = kirim.acme().post("/v1/webhook_subscriptions", body).await;
        assert_eq!(error(refused, 400, "invalid_webhook_url")["param"], "url", "{url}");
    }
}
