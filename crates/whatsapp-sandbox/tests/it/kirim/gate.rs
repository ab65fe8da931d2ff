use std::num::NonZeroU64;

use reqwest::{Method, StatusCode};
use serde_json::json;
use whatsapp_sandbox::client::types;

use super::api::{ANA, Kirim, NUMBER, error, noon, start, text};
use crate::api::{Answer, answer, fast};

fn header(answer: &Answer, name: &str) -> i64 {
    answer.headers[name].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_key_tells_whose_it_is() {
    let kirim = start().await;
    let me = kirim.acme().get("/v1/me").await;
    let request_id = me.headers["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(me.headers["x-sandbox"], "simulated");
    let body = me.ok();
    assert_eq!(body["request_id"], request_id.as_str());
    assert_eq!(request_id.len(), 30);
    assert_eq!(body["data"]["organization"]["name"], "Acme");
    assert_eq!(
        body["data"]["rate_limits"],
        json!({
            "tier": "pro", "write_per_minute": 600, "read_per_minute": 6_000,
        })
    );
    assert_eq!(kirim.toko().get("/v1/me").await.ok()["data"]["rate_limits"]["write_per_minute"], 60);
}

#[tokio::test]
async fn without_a_valid_key_only_health_and_document_answer() {
    let kirim = start().await;
    let anonymous = |path| answer(kirim.request(Method::GET, path));
    assert_eq!(anonymous("/v1/health").await.ok()["data"]["status"], "ok");
    assert_eq!(anonymous("/v1/openapi.json").await.ok()["info"]["title"], "Kirim API");
    let refused = error(anonymous("/v1/me").await, 401, "missing_api_key");
    assert_eq!(refused["type"], "authentication_error");
    assert!(refused["request_id"].as_str().unwrap().starts_with("req_"));
    let stranger = kirim.with_key("kdv_live_000000000000000000000000");
    error(stranger.get("/v1/me").await, 401, "invalid_api_key");
    error(kirim.with_key("titan_sandbox_full").get("/v1/me").await, 401, "invalid_api_key");
}

#[tokio::test]
async fn a_key_expires() {
    let kirim = Kirim::new(fast().clock(noon())).await;
    let body = types::CreateKirimOrganization {
        name: "Warung Sari".to_owned(),
        tier: Some(types::KirimTier::Enterprise),
        key_seconds: NonZeroU64::new(60),
        accounts: None,
    };
    let made = kirim.sandbox.control().kirim_organizations_create(&body).await.unwrap().into_inner().data;
    assert!(made.key.starts_with("kdv_live_") && made.key.len() == 33, "{}", made.key);
    let me = kirim.with_key(&made.key).get("/v1/me").await.ok();
    assert_eq!(me["data"]["api_key"]["last4"], made.key[29..]);
    kirim.pass(60).await;
    error(kirim.with_key(&made.key).get("/v1/me").await, 401, "expired_api_key");
}

#[tokio::test]
async fn mistakes_name_their_field() {
    let kirim = start().await;
    let acme = kirim.acme();
    let path = Kirim::at("messages");
    let no_plus = error(acme.post(&path, text("5511988880001", "hi")).await, 400, "invalid_phone_number");
    assert_eq!((&no_plus["type"], &no_plus["param"]), (&json!("invalid_request_error"), &json!("to")));
    let no_body = json!({ "messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {} });
    assert_eq!(error(acme.post(&path, no_body).await, 400, "missing_required_field")["param"], "text.body");
    error(acme.get(&format!("{path}?limit=101")).await, 400, "invalid_limit");
    error(acme.get(&format!("{path}?colour=red")).await, 400, "invalid_field_value");
    let plain = acme.request(Method::POST, &path).body("{}");
    error(answer(plain).await, 415, "invalid_request");
    error(acme.get("/v1/nothing/here/at/all").await, 404, "resource_not_found");
    assert_eq!(acme.delete("/v1/me").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_bucket_empties_and_fills_again() {
    let kirim = Kirim::new(fast().clock(noon())).await;
    let toko = kirim.toko();
    let write = async || toko.post("/v1/labels", json!({})).await;
    let first = write().await;
    let told =
        ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(|it| header(&first, it));
    assert_eq!(told, [60, 59, 1_800_000_001], "a refused request takes a token too");
    for _ in 0..59 {
        write().await.is(400);
    }
    let refused = write().await;
    assert_eq!((header(&refused, "retry-after"), header(&refused, "x-ratelimit-remaining")), (1, 0));
    assert_eq!(header(&refused, "x-ratelimit-reset"), 1_800_000_060);
    assert_eq!(error(refused, 429, "rate_limit_exceeded")["type"], "rate_limit_error");
    // Reads have a bucket of their own, and so has every organisation.
    assert_eq!(header(&toko.get("/v1/me").await, "x-ratelimit-remaining"), 599);
    assert_eq!(header(&kirim.acme().post("/v1/labels", json!({})).await, "x-ratelimit-remaining"), 599);
    kirim.pass(1).await;
    write().await.is(400);
    write().await.is(429);
}

#[tokio::test]
async fn a_repeated_request_gets_the_answer_of_the_first() {
    let kirim = start().await;
    let acme = kirim.acme();
    let send = |path: &str, body| {
        answer(acme.request(Method::POST, path).header("idempotency-key", "one").json(&body))
    };
    let path = Kirim::at("messages");
    let first = send(&path, text(ANA, "once")).await;
    assert_eq!(first.headers["idempotent-replayed"], "false");
    let again = send(&path, text(ANA, "once")).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    let (first, again) = (first.ok(), again.ok());
    assert_eq!(first["data"], again["data"]);
    assert_ne!(first["request_id"], again["request_id"]);
    let other = send(&path, text(ANA, "twice")).await;
    assert_eq!(error(other, 422, "idempotency_key_reuse")["type"], "invalid_request_error");
    error(send("/v1/labels", json!({ "name": "VIP" })).await, 422, "idempotency_key_reuse");
    let messages = acme.get(&Kirim::at("messages?status=failed&limit=100")).await.ok();
    assert!(messages["data"].as_array().unwrap().len() <= 1, "{messages}");
    // The order of fields is no difference, and another organisation's keys are others.
    let reordered =
        r#"{"type":"text","text":{"body":"once"},"to":"+5511988880001","messaging_product":"whatsapp"}"#;
    let request = acme.request(Method::POST, &path).header("idempotency-key", "one");
    let reordered = answer(request.header("content-type", "application/json").body(reordered)).await;
    assert_eq!(reordered.headers["idempotent-replayed"], "true");
    let toko = kirim.toko().request(Method::POST, "/v1/labels").header("idempotency-key", "one");
    answer(toko.json(&json!({ "name": "VIP" }))).await.is(201);
}

#[tokio::test]
async fn two_repetitions_at_once_send_once() {
    let kirim = start().await;
    let acme = kirim.acme();
    let path = format!("/v1/{NUMBER}/contacts");
    let create = || {
        let request = acme.request(Method::POST, &path).header("idempotency-key", "both");
        answer(request.json(&json!({ "phone_number": "+628111222333" })))
    };
    let (one, other) = tokio::join!(create(), create());
    assert_eq!(one.is(201)["data"]["id"], other.is(201)["data"]["id"]);
}
