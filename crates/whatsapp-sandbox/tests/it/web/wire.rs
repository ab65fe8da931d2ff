use reqwest::Method;
use serde_json::json;

use super::{Web, failure};
use crate::api;

const CORS: [(&str, &str); 4] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET,POST,OPTIONS"),
    ("access-control-allow-headers", "content-type,mcp-session-id"),
    ("access-control-expose-headers", "mcp-session-id"),
];

#[tokio::test]
async fn every_json_answer_may_be_read_by_every_website() {
    let web = Web::start().await;
    let answers = [
        web.get("/api/status").await,
        web.get("/nowhere").await,
        web.post("/api/send", json!({})).await,
        api::answer(web.request(Method::POST, "/api/send").body("{")).await,
        api::answer(web.request(Method::OPTIONS, "/api/send")).await,
        api::answer(web.request(Method::OPTIONS, "/nowhere")).await,
    ];
    assert_eq!(answers.each_ref().map(|it| it.status.as_u16()), [200, 404, 500, 400, 204, 204]);
    for answer in &answers {
        for (name, value) in CORS {
            assert_eq!(answer.headers[name], value, "{answer:?}");
        }
        assert_eq!(answer.headers["x-sandbox"], "simulated");
    }
    assert!(answers[4].bytes.is_empty());
    let page = web.get("/qr").await;
    assert!(CORS.iter().all(|(name, _)| !page.headers.contains_key(*name)), "{:?}", page.headers);
}

#[tokio::test]
async fn answers_are_json_indented_by_two() {
    let web = Web::start().await;
    let answer = web.post("/api/logout", json!({})).await;
    assert_eq!(String::from_utf8_lossy(&answer.bytes), "{\n  \"ok\": true\n}");
    assert_eq!(answer.headers["content-type"], "application/json; charset=utf-8");
    assert_eq!(answer.headers["content-length"], "16");
}

#[tokio::test]
async fn what_is_no_route_is_not_found() {
    let web = Web::start().await;
    for (method, path) in
        [(Method::GET, "/mcp"), (Method::PUT, "/api/send"), (Method::GET, "/api/send"), (Method::POST, "/")]
    {
        let answer = api::answer(web.request(method, path)).await;
        assert_eq!(answer.is(404), json!({ "error": "not found" }));
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_the_only_bad_request() {
    let web = Web::start().await;
    let answer = api::answer(web.request(Method::POST, "/api/send").body("{\"phone_number\":")).await;
    let body = answer.is(400);
    assert_eq!(body["error"]["code"], -32_602);
    assert_eq!((&body["jsonrpc"], &body["id"]), (&json!("2.0"), &json!(null)));
    // No body counts as {}, and what has no members has none of these.
    for body in ["", "{}", "[]", "null", "\"text\""] {
        let answer = api::answer(web.request(Method::POST, "/api/pairing-code").body(body)).await;
        assert!(failure(answer).starts_with("phone_number must include country code"), "{body}");
    }
}

#[tokio::test]
async fn the_overview_tells_who_serves_and_the_status() {
    let web = Web::start().await;
    let overview = web.get("/health").await.ok();
    assert_eq!((&overview["ok"], &overview["name"]), (&json!(true), &json!("whatsapp-mcp-api")));
    assert_eq!(overview["mcp"], format!("{}/mcp", web.api.sandbox.whatsapp_web_url()));
    assert_eq!(overview["status"], web.status().await);
    assert_eq!(web.get("/").await.ok(), overview);
    assert_eq!(web.get("").await.ok(), overview);
}
