use std::num::NonZeroU64;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use reqwest::Method;
use serde_json::json;
use tokio::sync::Notify;
use whatsapp_sandbox::KIRIM_KEY;
use whatsapp_sandbox::client::types;

use super::api::{ANA, Kirim, NUMBER, error, noon, start, text};
use crate::api::{Answer, answer, fast};
use crate::media::serve;

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
}

#[tokio::test]
async fn what_no_operation_takes_tells_limits_to_a_key_and_nothing_to_others() {
    let kirim = Kirim::new(fast().clock(noon())).await;
    let toko = kirim.toko();
    let nothing = toko.get("/v1/nothing/here/at/all").await;
    assert_eq!(
        [header(&nothing, "x-ratelimit-limit"), header(&nothing, "x-ratelimit-remaining")],
        [600, 599]
    );
    error(nothing, 404, "resource_not_found");
    let unfit = toko.delete("/v1/me").await;
    assert_eq!([header(&unfit, "x-ratelimit-limit"), header(&unfit, "x-ratelimit-remaining")], [60, 59]);
    assert_eq!(unfit.headers["allow"], "GET,HEAD");
    error(unfit, 405, "invalid_request");
    let anonymous = |method, path| answer(kirim.request(method, path));
    for asked in [anonymous(Method::GET, "/v1/nothing"), anonymous(Method::DELETE, "/v1/me")] {
        let refused = asked.await;
        assert_eq!(refused.headers["www-authenticate"], "Bearer");
        assert!(!refused.headers.contains_key("x-ratelimit-limit"), "nobody's limits");
        error(refused, 401, "missing_api_key");
    }
    error(anonymous(Method::DELETE, "/v1/health").await, 405, "invalid_request");
    // Outside the API there is nothing that a key would open.
    error(anonymous(Method::GET, "/nothing").await, 404, "resource_not_found");
}

#[tokio::test]
async fn a_key_that_is_revoked_opens_nothing_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Kirim::new(fast().data_dir(Some(folder.path().to_owned())));
    let kirim = open().await;
    let seeded = kirim.acme().get("/v1/me").await.ok()["data"].clone();
    let body = types::CreateKirimKey {
        organization_id: seeded["organization"]["id"].as_str().unwrap().parse().unwrap(),
        label: Some("Nightly job".parse().unwrap()),
        key_seconds: None,
    };
    let control = kirim.sandbox.control();
    let made = control.kirim_keys_create(&body).await.unwrap().into_inner().data;
    let second = kirim.with_key(&made.key).get("/v1/me").await.ok()["data"].clone();
    assert_eq!(second["organization"], seeded["organization"]);
    assert_eq!(second["api_key"]["label"], "Nightly job");
    control.kirim_keys_revoke(seeded["api_key"]["id"].as_str().unwrap()).await.unwrap();
    error(kirim.acme().get("/v1/me").await, 401, "invalid_api_key");
    kirim.with_key(&made.key).get("/v1/me").await.ok();
    let overview = control.overview_get().await.unwrap().into_inner().data;
    assert_eq!(overview.kirim_keys[0].key, KIRIM_KEY);
    let acme = overview.kirim_organizations.iter().find(|it| it.name == overview.kirim_keys[0].organization);
    let keys = &acme.unwrap().keys;
    let mut told: Vec<_> = keys.iter().map(|it| (it.label.as_str(), it.status.to_string())).collect();
    told.sort();
    assert_eq!(told, [("Default", "revoked".to_owned()), ("Nightly job", "active".to_owned())]);
    assert!(control.kirim_keys_revoke("key_01HXYZABCDEFGHJKMNPQRSTVWX").await.is_err());
    // A restart plants nothing twice, and brings nothing back.
    kirim.sandbox.stop().await;
    let kirim = open().await;
    error(kirim.acme().get("/v1/me").await, 401, "invalid_api_key");
    kirim.with_key(&made.key).get("/v1/me").await.ok();
}

#[tokio::test]
async fn all_keys_of_an_organisation_share_its_buckets() {
    let kirim = Kirim::new(fast().clock(noon())).await;
    let me = kirim.toko().get("/v1/me").await.ok()["data"].clone();
    let body = types::CreateKirimKey {
        organization_id: me["organization"]["id"].as_str().unwrap().parse().unwrap(),
        label: None,
        key_seconds: None,
    };
    let made = kirim.sandbox.control().kirim_keys_create(&body).await.unwrap().into_inner().data;
    assert_eq!(header(&kirim.with_key(&made.key).get("/v1/me").await, "x-ratelimit-remaining"), 598);
}

#[tokio::test]
async fn each_organisation_and_class_has_the_bucket_of_its_plan() {
    let kirim = Kirim::new(fast().clock(noon())).await;
    let toko = kirim.toko();
    let first = toko.post("/v1/labels", json!({})).await;
    let told =
        ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(|it| header(&first, it));
    assert_eq!(told, [60, 59, 1_800_000_001], "a refused request takes a token too");
    assert_eq!(header(&toko.get("/v1/me").await, "x-ratelimit-remaining"), 599);
    assert_eq!(header(&kirim.acme().post("/v1/labels", json!({})).await, "x-ratelimit-remaining"), 599);
}

#[tokio::test]
async fn a_bucket_empties_and_fills_again() {
    // Real time fills it too, which brings one token in half a minute here.
    let kirim = Kirim::new(fast().clock(noon()).rate_limit(2)).await;
    let toko = kirim.toko();
    let write = async || toko.post("/v1/labels", json!({})).await;
    write().await.is(400);
    write().await.is(400);
    let refused = write().await;
    assert!((1..=30).contains(&header(&refused, "retry-after")));
    assert_eq!(header(&refused, "x-ratelimit-remaining"), 0);
    assert!((1_800_000_030..=1_800_000_060).contains(&header(&refused, "x-ratelimit-reset")));
    assert_eq!(error(refused, 429, "rate_limit_exceeded")["type"], "rate_limit_error");
    kirim.pass(30).await;
    write().await.is(400);
    write().await.is(429);
    kirim.sandbox.reset().await.unwrap();
    write().await.is(400);
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
    assert_eq!(first.headers["x-request-id"], again.headers["x-request-id"], "word for word");
    assert_eq!(first.ok(), again.ok());
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
    assert_eq!(one.headers["location"], other.headers["location"]);
    assert_eq!(one.is(201)["data"]["id"], other.is(201)["data"]["id"]);
}

#[tokio::test]
async fn a_client_that_leaves_early_finds_the_answer_when_it_repeats_the_request() {
    let kirim = Kirim::new(fast().allow_private(true)).await;
    let acme = kirim.acme();
    let (asked, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (seen, held) = (Arc::clone(&asked), Arc::clone(&go));
    let file = async move || {
        seen.notify_one();
        held.notified().await;
        b"\x89PNG\r\n\x1a\nrest".as_slice()
    };
    let base = serve(Router::new().route("/menu.png", get(file))).await;
    let image = json!({ "link": format!("{base}/menu.png") });
    let body = json!({ "messaging_product": "whatsapp", "to": ANA, "type": "image", "image": image });
    let path = Kirim::at("messages");
    let send = || acme.request(Method::POST, &path).header("idempotency-key", "early").json(&body);
    let first = tokio::spawn(send().send());
    asked.notified().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let (again, ()) = tokio::join!(answer(send()), async { go.notify_one() });
    assert_eq!(again.headers["idempotent-replayed"], "true");
    again.ok();
}
