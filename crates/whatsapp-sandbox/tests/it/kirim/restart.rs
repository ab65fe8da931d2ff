use serde_json::json;

use super::api::{ANA, Kirim, NUMBER, template};
use crate::api::fast;

#[tokio::test]
async fn a_restart_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Kirim::new(fast().data_dir(Some(folder.path().to_owned())));
    let kirim = open().await;
    let acme = kirim.acme();
    let id = acme.send(template(ANA)).await;
    acme.reaches(&id, "read").await;
    let contact = acme.conversation(ANA, |_| true).await["contact"]["id"].clone();
    let paths = [
        format!("/v1/{NUMBER}/messages/{id}"),
        format!("/v1/{NUMBER}/contacts/{}", contact.as_str().unwrap()),
        format!("/v1/{NUMBER}/conversations"),
        "/v1/labels".to_owned(),
        "/v1/webhook_subscriptions".to_owned(),
        "/v1/me".to_owned(),
    ];
    acme.post("/v1/labels", json!({ "name": "VIP" })).await.is(201);
    let hook = json!({ "url": "https://example.com/hook", "events": ["contact.created"] });
    acme.post("/v1/webhook_subscriptions", hook).await.is(201);
    let mut before = Vec::new();
    for path in &paths {
        before.push(acme.get(path).await.ok()["data"].clone());
    }
    kirim.sandbox.stop().await;
    let kirim = open().await;
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(kirim.acme().get(path).await.ok()["data"], before, "{path}");
    }
}

#[tokio::test]
async fn a_state_comes_back_after_a_reset() {
    let kirim = Kirim::new(fast()).await;
    let acme = kirim.acme();
    acme.post("/v1/labels", json!({ "name": "VIP" })).await.is(201);
    let before = acme.get("/v1/labels").await.ok()["data"].clone();
    let path = format!("{}/_sandbox/state", kirim.sandbox.url());
    let state = crate::api::http().get(&path).send().await.unwrap().text().await.unwrap();
    kirim.sandbox.reset().await.unwrap();
    assert_eq!(acme.get("/v1/labels").await.ok()["data"], json!([]));
    assert_eq!(acme.get("/v1/accounts").await.ok()["data"][0]["phone_number_id"], NUMBER);
    let put = crate::api::http().put(&path).header("content-type", "application/json").body(state);
    crate::api::answer(put).await.ok();
    assert_eq!(acme.get("/v1/labels").await.ok()["data"], before);
}

#[tokio::test]
async fn a_state_that_was_exported_holds_the_records_and_no_secret() {
    let kirim = Kirim::new(fast()).await;
    let acme = kirim.acme();
    let hook = json!({ "url": "https://example.com/hook", "events": ["contact.created"] });
    let request =
        acme.request(reqwest::Method::POST, "/v1/webhook_subscriptions").header("idempotency-key", "a");
    let made = crate::api::answer(request.json(&hook)).await.is(201);
    let secret = made["data"]["initial_secret"].as_str().unwrap();
    let state = crate::api::http().get(format!("{}/_sandbox/state", kirim.sandbox.url()));
    let state = state.send().await.unwrap().text().await.unwrap();
    assert!(state.contains("kirim_contact"));
    assert!(!state.contains(secret), "a signing secret leaves the sandbox");
}
