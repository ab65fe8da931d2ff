use serde_json::json;

use crate::api::{ANA, Api, SALES, SUPPORT, main_path, start};

#[tokio::test]
async fn the_seeded_session_is_connected() {
    let api = start().await;
    let sessions = api.get("/api/sessions").await.ok();
    let main = &sessions["data"][0];
    assert_eq!(main["name"], "main");
    assert_eq!(main["status"], "CONNECTED");
    assert_eq!(main["phoneNumber"], "+5511999990001");
    assert_eq!(main["businessName"], "Acme Support");
    assert_eq!(sessions["simulated"], true);
}

#[tokio::test]
async fn a_session_lives_through_its_states() {
    let api = start().await;
    let proxy = "socks5://proxy.example.com:1080";
    let created = api.post("/api/sessions", json!({ "name": "agent", "proxy": proxy })).await.is(201);
    assert_eq!(created["data"]["status"], "DISCONNECTED");
    assert_eq!(created["data"]["proxy"], proxy);
    assert!(created["data"].get("phoneNumber").is_none(), "account fields come with pairing");
    api.post("/api/sessions", json!({ "name": "agent" })).await.error(409);
    let refusal = api.get("/api/agent/pair/qr").await.error(409);
    assert!(refusal.contains("start it first"), "{refusal}");
    let refusal = api.get("/api/sessions/agent/contacts").await.error(409);
    assert!(refusal.contains("never started") && refusal.contains("start it, then pair it"), "{refusal}");

    let started = api.post("/api/sessions/agent/start", json!({})).await.ok();
    assert_eq!(started["data"]["statusReason"], "SCAN_QR");
    api.post("/_sandbox/sessions/agent/scan", json!({ "phoneNumber": "+14155550123" })).await.ok();
    let again = api.post("/api/sessions/agent/start", json!({})).await.ok();
    assert_eq!(again["data"]["status"], "CONNECTED", "starting a running session changes nothing");

    let stopped = api.post("/api/sessions/agent/stop", json!({})).await.ok();
    assert_eq!(stopped["data"]["statusReason"], "MANUAL_STOP");
    assert_eq!(stopped["data"]["phoneNumber"], "+14155550123", "it stays paired");
    let started = api.post("/api/sessions/agent/start", json!({})).await.ok();
    assert_eq!(started["data"]["statusReason"], "AUTO_RECONNECT");
    api.session_in("agent", "CONNECTED").await;
    api.post("/api/sessions/agent/restart", json!({})).await.ok();
    api.session_in("agent", "CONNECTED").await;

    api.post("/api/sessions/agent/logout", json!({})).await.ok();
    let out = api.get("/api/sessions/agent").await.ok();
    assert_eq!(out["data"]["statusReason"], "LOGGED_OUT");
    api.get("/api/sessions/agent/me").await.error(409);
    api.post("/api/sessions/agent/logout", json!({})).await.error(409);
    let updated = api.put("/api/sessions/agent", json!({ "proxy": "http://other.example.com" })).await.ok();
    assert_eq!(updated["data"]["proxy"], "http://other.example.com");
    api.delete("/api/sessions/agent").await.ok();
    api.get("/api/sessions/agent").await.error(404);
}

#[tokio::test]
async fn what_is_sent_to_a_stopped_session_arrives_when_it_connects() {
    let api = Api::pair().await;
    api.post("/api/sessions/sales/stop", json!({})).await.ok();
    let id = api.say("main", SALES, "are you there?").await;
    // A later message to somebody else has been delivered, so this one has had its chance.
    let other = api.say("main", ANA, "hello").await;
    api.message("main", ANA, "Ana to read", |it| it["id"] == *other && it["status"] == "read").await;
    let waiting = api.message("main", SALES, "the message", |it| it["id"] == *id).await;
    assert_eq!(waiting["status"], "sent");
    assert!(api.transcript("sales", SUPPORT).await.iter().all(|it| it["id"] != *id));

    api.post("/api/sessions/sales/start", json!({})).await.ok();
    api.message("sales", SUPPORT, "the backlog", |it| it["id"] == *id).await;
    api.message("main", SALES, "the receipt", |it| it["id"] == *id && it["status"] == "delivered").await;
}

#[tokio::test]
async fn the_server_tells_its_version_and_how_many_sessions_there_are() {
    let api = start().await;
    api.post("/api/sessions", json!({ "name": "idle" })).await.is(201);
    let version = api.get("/api/version").await.ok();
    assert_eq!(version["data"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(version["data"]["simulated"], true);
    let status = api.get("/api/status").await.ok();
    assert_eq!(status["data"]["sessions"], json!({ "total": 2, "connected": 1 }));
    assert_eq!(status["simulated"], true);
}

#[tokio::test]
async fn the_profile_is_what_was_set_last() {
    let api = start().await;
    api.put(&main_path("profile/name"), json!({ "name": "Acme Help" })).await.ok();
    api.put(&main_path("profile/status"), json!({ "status": "Back on Monday" })).await.ok();
    let profile = api.get(&main_path("profile")).await.ok();
    assert_eq!(profile["data"]["name"], "Acme Help");
    assert_eq!(profile["data"]["status"], "Back on Monday");
    api.put(&main_path("profile/name"), json!({ "name": "x".repeat(26) })).await.error(400);

    let url = profile["data"]["profileUrl"].as_str().unwrap().to_owned();
    let path = url.strip_prefix(api.sandbox.url()).unwrap();
    let picture = api.get(path).await;
    assert_eq!(picture.headers["content-type"], "image/png");
    api.delete(&main_path("profile/picture")).await.ok();
    assert_eq!(api.get(&main_path("profile")).await.ok()["data"]["profileUrl"], json!(null));
    api.put(&main_path("profile/picture"), json!({ "base64": "aGVsbG8=" })).await.error(400);
    api.put(&main_path("profile/picture"), json!({ "url": "https://files.example.com/logo.png" })).await.ok();
    let url = api.get(&main_path("profile")).await.ok()["data"]["profileUrl"].as_str().unwrap().to_owned();
    let moved = api.get(url.strip_prefix(api.sandbox.url()).unwrap()).await;
    assert_eq!(moved.headers["location"], "https://files.example.com/logo.png");
}
