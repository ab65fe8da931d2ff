use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;
use whatsapp_sandbox::{WHATSAPP_WEB_NUMBER, WHATSAPP_WEB_SESSION};

use super::{Web, failure, waiting};
use crate::api::{ANA, fast};

#[tokio::test]
async fn the_seeded_account_is_ready() {
    let web = Web::start().await;
    let status = web.status().await;
    let wid = format!("{}@c.us", &WHATSAPP_WEB_NUMBER[1..]);
    let account = json!({ "wid": wid, "pushname": "Marina", "platform": "android" });
    assert_eq!(
        status,
        json!({
            "state": "ready", "ready": true, "authenticated": true, "auth_dir": "/simulated/.wwebjs_auth",
            "chrome_executable": "/simulated/chrome", "headless": true, "has_qr": false, "last_error": null,
            "account": account,
        })
    );
    assert_eq!(web.post("/api/auth/start", json!({})).await.ok(), status, "what runs is not started anew");
}

#[tokio::test]
async fn the_device_is_no_session_of_the_other_api() {
    let web = Web::start().await;
    let sessions = web.api.get("/api/sessions").await.ok();
    let names: Vec<_> = sessions["data"].as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["main"]);
    web.api.get(&format!("/api/sessions/{WHATSAPP_WEB_SESSION}")).await.error(400);
    let server = web.api.get("/api/server/status").await;
    assert_ne!(server.body["data"]["sessions"]["total"], 2, "{}", server.body);
}

#[tokio::test]
async fn logging_out_stops_the_device_and_can_be_repeated() {
    let web = Web::start().await;
    for _ in 0..2 {
        assert_eq!(web.post("/api/logout", json!({})).await.ok(), json!({ "ok": true }));
        let status = web.status().await;
        assert_eq!((&status["state"], &status["account"]), (&json!("stopped"), &json!(null)));
        assert_eq!(status["last_error"], json!(null));
    }
}

#[tokio::test]
async fn a_device_unlinked_on_the_phone_is_disconnected() {
    let web = Web::start().await;
    web.control("unlink", json!({})).await;
    let status = web.status().await;
    assert_eq!((&status["state"], &status["last_error"]), (&json!("disconnected"), &json!("LOGOUT")));
    assert_eq!(web.post("/api/auth/start", json!({})).await.ok()["state"], "qr");
}

#[tokio::test]
async fn a_refused_link_is_told_at_once() {
    let web = waiting().await;
    web.control("reject", json!({})).await;
    let status = web.status().await;
    assert_eq!(status["state"], "auth_failure");
    let failed = failure(web.post("/api/send", json!({ "phone_number": ANA, "message": "Hi" })).await);
    assert_eq!(status["last_error"], failed.as_str());
    assert_eq!(web.post("/api/auth/start", json!({})).await.ok()["state"], "qr", "another try");
}

#[tokio::test]
async fn a_lost_connection_comes_back_by_itself() {
    let web = Web::start().await;
    web.control("disconnect", json!({ "seconds": 1 })).await;
    let status = web.status().await;
    assert_eq!((&status["state"], &status["last_error"]), (&json!("disconnected"), &json!("TIMEOUT")));
    // The send waits for it.
    web.post("/api/send", json!({ "phone_number": ANA, "message": "Are you there?" })).await.ok();
}

#[tokio::test]
async fn whoever_waits_in_vain_is_told_after_two_minutes_of_the_sandbox() {
    let now = UNIX_EPOCH + Duration::from_hours(500_000);
    let web = Web::with(fast().seed(false).qr_lifetime(Duration::from_mins(10)).clock(now)).await;
    let asked = web.get("/api/chats");
    let pass = async {
        web.status_in("qr").await;
        web.api.sandbox.advance(Duration::from_secs(121)).await.unwrap();
    };
    let (answer, ()) = tokio::join!(asked, pass);
    assert!(failure(answer).contains("not ready"));
}
