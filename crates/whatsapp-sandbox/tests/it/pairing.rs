use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use crate::api::{Api, fast, start};

async fn new_session(api: &Api, name: &str) {
    let session = api.post("/api/sessions", json!({ "name": name, "start": true })).await.is(201);
    assert_eq!(session["data"]["status"], "CONNECTING");
    assert_eq!(session["data"]["statusReason"], "SCAN_QR");
}

#[tokio::test]
async fn a_session_pairs_by_itself_once_its_qr_code_has_been_shown() {
    let api = Api::new(fast().auto_pair(Some(Duration::from_millis(5)))).await;
    new_session(&api, "shown").await;
    new_session(&api, "hidden").await;
    let qr = api.get("/api/shown/pair/qr").await.ok();
    assert!(qr["qr"].as_str().unwrap().starts_with("2@"), "{qr}");
    assert_eq!(qr["event"], json!(null));
    let session = api.session_in("shown", "CONNECTED").await;
    assert_eq!(session["phoneNumber"], "+5511999990002", "the free demo account");
    assert_eq!(session["platform"], "smba");
    assert_eq!(session["statusReason"], json!(null));
    let hidden = api.get("/api/sessions/hidden").await.ok();
    assert_eq!(hidden["data"]["statusReason"], "SCAN_QR", "a phone cannot scan what nobody shows");
}

#[tokio::test]
async fn a_pairing_code_by_itself_links_the_number_it_was_made_for() {
    let api = Api::new(fast().auto_pair(Some(Duration::from_millis(5)))).await;
    new_session(&api, "agent").await;
    let answer = api.post("/api/agent/pair/code", json!({ "phoneNumber": "+14155550123" })).await.ok();
    assert_eq!(answer["code"].as_str().unwrap().len(), 8);
    let session = api.session_in("agent", "CONNECTED").await;
    assert_eq!(session["phoneNumber"], "+14155550123");
    assert_eq!(session["platform"], "consumer");
}

#[tokio::test]
async fn the_control_route_scans_with_the_phone_that_it_is_given() {
    let api = start().await;
    new_session(&api, "agent").await;
    let linked =
        api.post("/_sandbox/sessions/agent/scan", json!({ "phoneNumber": "+1 415 555 0123" })).await.ok();
    assert_eq!(linked["data"]["phoneNumber"], "+14155550123");
    let me = api.get("/api/sessions/agent/me").await.ok();
    assert_eq!(me["data"]["phoneNumber"], "+14155550123");
    let again = api.post("/_sandbox/sessions/agent/scan", json!({})).await.error(409);
    assert!(again.contains("paired already"), "{again}");
}

#[tokio::test]
async fn only_the_code_on_show_links_a_session() {
    let api = start().await;
    new_session(&api, "agent").await;
    let enter = "/_sandbox/sessions/agent/enter-code";
    let wrong = api.post(enter, json!({ "code": "AAAAAAAA" })).await.error(409);
    assert!(wrong.contains("not the one"), "{wrong}");
    let answer = api.post("/api/agent/pair/code", json!({ "phoneNumber": "+14155550123" })).await.ok();
    let code = answer["code"].as_str().unwrap();
    let typed = format!("{}-{}", code[..4].to_lowercase(), &code[4..]);
    api.post(enter, json!({ "code": typed })).await.ok();
    assert_eq!(api.get("/api/sessions/agent").await.ok()["data"]["status"], "CONNECTED");
}

#[tokio::test]
async fn qr_codes_rotate_until_the_attempt_times_out() {
    let api = Api::new(fast().qr_lifetime(Duration::from_millis(100))).await;
    new_session(&api, "agent").await;
    let mut codes = BTreeSet::new();
    let refusal = loop {
        let answer = api.get("/api/agent/pair/qr").await;
        match answer.body["qr"].as_str() {
            Some(code) => codes.insert(code.to_owned()),
            None => break answer.error(409),
        };
    };
    assert!(codes.len() > 1, "the code never changed");
    assert!(codes.len() <= 6, "one attempt has six codes: {}", codes.len());
    assert!(refusal.contains("start it first"), "{refusal}");
    let session = api.get("/api/sessions/agent").await.ok();
    assert_eq!(session["data"]["status"], "DISCONNECTED");
    assert_eq!(session["data"]["statusReason"], "QR_TIMEOUT");
    let restarted = api.post("/api/sessions/agent/restart", json!({})).await.ok();
    assert_eq!(restarted["data"]["statusReason"], "SCAN_QR");
    let code = api.get("/api/agent/pair/qr").await.ok()["qr"].as_str().unwrap().to_owned();
    assert!(!codes.contains(&code));
}

#[tokio::test]
async fn the_picture_of_a_qr_code_reads_back_as_its_text() {
    let api = start().await;
    new_session(&api, "agent").await;
    let answer = api.get("/api/agent/pair/qr?format=image").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "image/png");
    let mut reader = png::Decoder::new(std::io::Cursor::new(&answer.bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (frame.width as usize, frame.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let (_, text) = image.detect_grids()[0].decode().unwrap();
    assert_eq!(text, api.get("/api/agent/pair/qr").await.ok()["qr"]);
    api.get("/api/agent/pair/qr?format=svg").await.error(400);
}

#[tokio::test]
async fn an_account_has_four_linked_devices_at_most() {
    let api = start().await;
    for name in ["one", "two", "three", "four"] {
        api.link(name, "+14155550123").await;
    }
    new_session(&api, "five").await;
    let refusal =
        api.post("/_sandbox/sessions/five/scan", json!({ "phoneNumber": "+14155550123" })).await.error(409);
    assert!(refusal.contains("four linked devices"), "{refusal}");
}
