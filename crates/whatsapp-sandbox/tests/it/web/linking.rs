use std::time::Duration;

use serde_json::json;

use super::{Web, failure, waiting};
use crate::api::fast;

#[tokio::test]
async fn the_page_shows_a_code_that_the_phone_scans() {
    let web = Web::with(fast().seed(false).auto_pair(Some(Duration::from_millis(5)))).await;
    assert!(web.get("/qr").await.bytes.windows(7).all(|it| it != b"<img al"), "nothing runs yet");
    let started = web.post("/api/auth/start", json!({})).await.ok();
    assert_eq!((&started["state"], &started["has_qr"]), (&json!("qr"), &json!(true)));
    let page = web.get("/qr").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let page = String::from_utf8(page.bytes).unwrap();
    assert!(page.contains("http-equiv=\"refresh\" content=\"5\""), "{page}");
    assert!(page.contains("width=\"360\"") && page.contains("data:image/png;base64,"), "{page}");
    let status = web.status_in("ready").await;
    assert!(status["account"]["wid"].as_str().unwrap().ends_with("@c.us"), "{status}");
}

#[tokio::test]
async fn a_pairing_code_starts_the_device_and_links_the_number_it_was_made_for() {
    let web = Web::alone().await;
    let answer = web.post("/api/pairing-code", json!({ "phone_number": "+1 415 555 0123" })).await.ok();
    assert_eq!(answer["already_authenticated"], false);
    assert_eq!(answer["phone_number"], "14155550123");
    assert!(answer["instructions"].as_str().unwrap().contains("Linked devices"));
    let code = answer["code"].as_str().unwrap();
    assert_eq!(code.len(), 8);
    web.control("enter-code", json!({ "code": code })).await;
    assert_eq!(web.status_in("ready").await["account"]["wid"], "14155550123@c.us");
}

#[tokio::test]
async fn a_linked_account_needs_no_pairing_code() {
    let web = Web::start().await;
    let answer = web.post("/api/pairing-code", json!({ "phone_number": "14155550123" })).await.ok();
    assert_eq!(answer, json!({ "already_authenticated": true, "code": null, "status": web.status().await }));
}

#[tokio::test]
async fn a_new_link_is_ready_once_the_history_has_come() {
    let web = waiting().await;
    web.control("scan", json!({ "phoneNumber": "+14155550123" })).await;
    let status = web.status().await;
    assert!(["authenticated", "ready"].contains(&status["state"].as_str().unwrap()), "{status}");
    assert_eq!(status["ready"], status["authenticated"]);
    web.status_in("ready").await;
}

#[tokio::test]
async fn a_number_without_country_code_gets_no_pairing_code() {
    let web = Web::alone().await;
    let answer = web.post("/api/pairing-code", json!({ "phone_number": "555-0123" })).await;
    assert_eq!(failure(answer), "phone_number must include country code and contain 8-15 digits");
    assert_eq!(web.status().await["state"], "stopped", "a mistake starts nothing");
}
