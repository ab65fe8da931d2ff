//! The connect widget.

use reqwest::Method;
use serde_json::json;

use crate::api::{Answer, Api, answer, eventually, fast, start};

async fn create(api: &Api, body: serde_json::Value) -> (String, String) {
    let made = api.post("/api/widget/sessions", body).await.is(201);
    assert_eq!(made["success"], true);
    let text = |name: &str| made["data"][name].as_str().unwrap().to_owned();
    assert_eq!(
        text("widgetUrl"),
        format!("{}/widget/connect?token={}", api.sandbox.url(), text("widgetToken"))
    );
    (text("session"), text("widgetToken"))
}

async fn page(api: &Api, query: &str) -> Answer {
    answer(api.request(Method::GET, &format!("/widget/connect?{query}"))).await
}

async fn html(api: &Api, query: &str) -> String {
    let page = page(api, query).await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && policy.contains("script-src 'sha256-"), "{policy}");
    assert_eq!(page.status, 200);
    String::from_utf8(page.bytes).unwrap()
}

#[tokio::test]
async fn an_end_user_links_an_account_on_the_page() {
    let api = start().await;
    let callback = "https://shop.example.com/linked?shop=1&x=%22%3E";
    let (session, token) = create(&api, json!({ "mode": "all", "callbackUrl": callback })).await;
    assert!(session.starts_with("widget-"), "{session}");
    let waiting = html(&api, &format!("token={token}")).await;
    assert!(
        waiting.contains("data:image/png;base64,") && waiting.contains("name=\"phoneNumber\""),
        "{waiting}"
    );
    assert!(waiting.contains("data-state=\"waiting\"") && !waiting.contains("{{"), "{waiting}");
    let callback = format!(
        "data-callback=\"https://shop.example.com/linked?shop=1&amp;x=%22%3E&amp;session={session}\""
    );
    assert!(waiting.contains(&callback), "{waiting}");

    let coded = html(&api, &format!("token={token}&phoneNumber=%2B14155550123")).await;
    let code = coded.split("<output>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(code.len(), 8);
    let later = html(&api, &format!("token={token}")).await;
    assert!(later.contains(&code), "the code stays until it is typed");
    api.post(&format!("/_sandbox/sessions/{session}/enter-code"), json!({ "code": code })).await.ok();
    let linked = html(&api, &format!("token={token}")).await;
    assert!(linked.contains("data-state=\"linked\"") && linked.contains("+14155550123"), "{linked}");
    assert!(!linked.contains("<form"), "{linked}");
    api.session_in(&session, "CONNECTED").await;
}

#[tokio::test]
async fn a_widget_offers_the_ways_that_its_mode_names() {
    let api = start().await;
    for (mode, qr, form) in [("qr", true, false), ("pairing", false, true), ("cloud-api", false, false)] {
        let (session, token) = create(&api, json!({ "mode": mode })).await;
        let page = html(&api, &format!("token={token}")).await;
        assert_eq!(page.contains("<img"), qr, "{mode}");
        assert_eq!(page.contains("<form"), form, "{mode}");
        let running =
            api.get(&format!("/api/sessions/{session}")).await.ok()["data"]["status"] == "CONNECTING";
        assert_eq!(running, mode != "cloud-api", "{mode}");
    }
}

#[tokio::test]
async fn a_widget_that_gave_up_begins_again_when_somebody_looks() {
    let api = Api::new(crate::api::fast().qr_lifetime(std::time::Duration::from_millis(1))).await;
    let (session, token) = create(&api, json!({ "mode": "qr" })).await;
    eventually("the codes to run out", || async {
        let session = api.get(&format!("/api/sessions/{session}")).await.ok();
        (session["data"]["statusReason"] == "QR_TIMEOUT").then_some(())
    })
    .await;
    assert!(html(&api, &format!("token={token}")).await.contains("<img"));
}

#[tokio::test]
async fn wrong_tokens_and_callbacks_are_refused() {
    let api = start().await;
    let (session, token) = create(&api, json!({ "mode": "qr" })).await;
    for wrong in ["nonsense".to_owned(), format!("{token}x"), token.replace('.', "")] {
        page(&api, &format!("token={wrong}")).await.error(401);
    }
    page(&api, "token=").await.error(400);
    page(&api, &format!("token={token}&phoneNumber=ana")).await.error(400);
    page(&api, &format!("token={token}&colour=red")).await.error(400);
    api.delete(&format!("/api/sessions/{session}")).await.ok();
    assert!(page(&api, &format!("token={token}")).await.error(401).contains("gone"));
    for callback in ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/b", "https://", "shop"] {
        let body = json!({ "mode": "qr", "callbackUrl": callback });
        assert!(
            api.post("/api/widget/sessions", body).await.error(400).contains("/callbackUrl"),
            "{callback}"
        );
    }
    api.post("/api/widget/sessions", json!({ "mode": "magic" })).await.error(400);
}

#[tokio::test]
async fn a_page_has_its_own_limit_whatever_others_ask_without_a_key() {
    let api = Api::new(fast().rate_limit(5)).await;
    let (_, token) = create(&api, json!({ "mode": "qr" })).await;
    for _ in 0..5 {
        answer(api.request(Method::GET, "/api/sessions")).await.error(401);
    }
    answer(api.request(Method::GET, "/api/sessions")).await.error(429);
    for _ in 0..5 {
        assert_eq!(page(&api, &format!("token={token}")).await.status, 200);
    }
    assert_eq!(page(&api, &format!("token={token}")).await.status, 429);
}
