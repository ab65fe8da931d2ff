use serde_json::json;
use whatsapp_sandbox::client::types;

use super::{SALES, refusal};
use crate::api::{Api, start};

async fn pairing() -> Api {
    let api = start().await;
    api.post("/api/sessions", json!({ "name": "agent", "start": true })).await.is(201);
    api
}

#[tokio::test]
async fn a_session_shows_what_a_phone_needs() {
    let api = pairing().await;
    let control = api.sandbox.control();
    let main = control.sessions_get("main").await.unwrap().into_inner().data;
    assert_eq!(main.state, types::SessionState::Connected);
    assert_eq!(main.account.unwrap().push_name, "Acme Support");
    assert!(main.qr.is_none() && main.qr_png_url.is_none() && main.pairing_code.is_none());
    assert_eq!(refusal(control.sessions_qr_png("main").await.map(drop)).0, 409);

    let agent = control.sessions_get("agent").await.unwrap().into_inner().data;
    assert_eq!(agent.state, types::SessionState::Pairing);
    assert!((1..=20).contains(&agent.seconds_left.unwrap()), "{agent:?}");
    let shown = api.get("/api/agent/pair/qr").await.ok();
    assert_eq!(shown["qr"], agent.qr.unwrap());
    let png = reqwest::get(agent.qr_png_url.unwrap()).await.unwrap();
    assert_eq!(png.headers()["content-type"], "image/png");
    let svg = reqwest::get(agent.qr_svg_url.unwrap()).await.unwrap();
    assert_eq!(svg.headers()["content-type"], "image/svg+xml");
    assert!(svg.text().await.unwrap().contains("currentColor"));
    let listed = control.sessions_list().await.unwrap().into_inner().data;
    assert_eq!(
        listed.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["agent", "main", "_whatsapp-web"]
    );
    assert_eq!(refusal(control.sessions_get("nobody").await).0, 404);
}

#[tokio::test]
async fn the_picture_of_the_code_as_a_drawing_says_the_same() {
    let api = pairing().await;
    let agent = api.sandbox.control().sessions_get("agent").await.unwrap().into_inner().data;
    let svg = reqwest::get(agent.qr_svg_url.unwrap()).await.unwrap().text().await.unwrap();
    let size: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let mut dark = vec![false; size * size];
    for square in svg.split("d=\"").nth(1).unwrap().split('M').skip(1) {
        let (x, rest) = square.split_once(' ').unwrap();
        let (y, _) = rest.split_once('h').unwrap();
        dark[y.parse::<usize>().unwrap() * size + x.parse::<usize>().unwrap()] = true;
    }
    let pixels = |x: usize, y: usize| if dark[y / 4 * size + x / 4] { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(size * 4, size * 4, pixels);
    let (_, text) = image.detect_grids()[0].decode().unwrap();
    assert_eq!(text, agent.qr.unwrap());
}

#[tokio::test]
async fn the_phone_scans_types_declines_and_unlinks() {
    let api = pairing().await;
    let control = api.sandbox.control();
    let phone = api.sandbox.phone("agent");
    phone.rejects().await.unwrap();
    let state = async || control.sessions_get("agent").await.unwrap().into_inner().data.state;
    assert_eq!(state().await, types::SessionState::Rejected);
    api.post("/api/sessions/agent/start", json!({})).await.ok();
    let passkey = types::Reject { reason: Some(types::RejectReason::Passkey) };
    let denied = control.sessions_reject("agent", &passkey).await.unwrap().into_inner().data;
    assert_eq!(denied.state, types::SessionState::PasskeyRequired);
    api.post("/api/sessions/agent/start", json!({})).await.ok();
    assert_eq!(phone.scans().await.unwrap().phone_number, SALES, "the free demo account");
    phone.unlinks().await.unwrap();
    assert_eq!(state().await, types::SessionState::LoggedOut);
    api.post("/api/sessions/agent/start", json!({})).await.ok();
    let code = api.post("/api/agent/pair/code", json!({ "phoneNumber": "+14155550123" })).await.ok();
    let code = code["code"].as_str().unwrap();
    let shown = control.sessions_get("agent").await.unwrap().into_inner().data;
    assert_eq!(shown.pairing_code.as_deref(), Some(code));
    assert_eq!(shown.pairing_phone_number.as_deref(), Some("+14155550123"));
    let wrong = types::EnterCode { code: "AAAAAAAA".to_owned() };
    assert_eq!(refusal(control.sessions_enter_code("agent", &wrong).await).0, 409);
    assert_eq!(phone.enters(code).await.unwrap().phone_number, "+14155550123");
    assert_eq!(refusal(control.sessions_unlink("nobody").await).0, 404);
}

#[tokio::test]
async fn a_session_loses_its_connection_for_a_while_or_for_good() {
    let api = start().await;
    let control = api.sandbox.control();
    let cut = async |seconds: Option<i64>| {
        control.sessions_disconnect("main", &types::Disconnect { seconds }).await.unwrap().into_inner().data
    };
    assert_eq!(cut(Some(1)).await.state, types::SessionState::Connecting);
    api.session_in("main", "CONNECTED").await;
    assert_eq!(cut(None).await.state, types::SessionState::StreamError);
    let again = types::Disconnect { seconds: None };
    assert_eq!(refusal(control.sessions_disconnect("main", &again).await).0, 409);
    api.post("/api/sessions/main/start", json!({})).await.ok();
    api.session_in("main", "CONNECTED").await;
}
