use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

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

#[tokio::test]
async fn members_come_in_the_order_of_the_product() {
    let web = Web::start().await;
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    let overview = web.get("/").await.ok();
    assert_eq!(names(&overview), "ok name mcp status");
    let status = "state ready authenticated auth_dir chrome_executable headless has_qr last_error account";
    assert_eq!(names(&overview["status"]), status);
    assert_eq!(names(&overview["status"]["account"]), "wid pushname platform");
    let message = json!({ "phone_number": "5511988880001", "message": "Hi" });
    assert_eq!(names(&web.post("/api/send", message).await.ok()), "ok to chat_id message_id timestamp");
    let chats = web.get("/api/chats").await.ok();
    assert_eq!(names(&chats), "ok count chats");
    let chat = "id name is_group is_read_only archived pinned muted unread_count timestamp last_message";
    assert_eq!(names(&chats["chats"][0]), chat);
    let message = "id from to author type from_me has_media body timestamp";
    assert_eq!(names(&chats["chats"][0]["last_message"]), message);
    let read = web.get("/api/messages?phone_number=5511988880001&limit=1").await.ok();
    assert_eq!(
        (names(&read), names(&read["messages"][0])),
        ("ok chat count messages".into(), message.into())
    );
    let code = json!({ "phone_number": "5511999990003" });
    assert_eq!(
        names(&web.post("/api/pairing-code", code.clone()).await.ok()),
        "already_authenticated code status"
    );
    web.post("/api/logout", json!({})).await.ok();
    let asked = web.post("/api/pairing-code", code).await.ok();
    assert_eq!(names(&asked), "already_authenticated phone_number code instructions");
    let failure = web.post("/api/send", json!({})).await.is(500);
    assert_eq!(
        (names(&failure), names(&failure["error"])),
        ("jsonrpc id error".into(), "code message".into())
    );
}

#[tokio::test]
async fn of_several_parameters_of_a_name_the_first_counts() {
    let web = Web::start().await;
    let first = web.get("/api/chats?limit=1&limit=100").await.ok();
    assert_eq!(first["count"], 1);
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_server_in_front_takes() {
    let web = Web::start().await;
    let large = json!({ "phone_number": "555", "ignored": "x".repeat((4 << 20) - 100) });
    assert!(failure(web.post("/api/send", large).await).starts_with("phone_number must"));
    let larger = json!({ "phone_number": "555", "ignored": "x".repeat(4 << 20) });
    assert!(failure(web.post("/api/send", larger).await).contains("larger than 4 MiB"));
}

#[tokio::test]
async fn faults_on_demand_are_answered_as_failures_are() {
    let web = Web::start().await;
    let fault = json!({ "kind": "http_error", "status": 503, "retryAfterSeconds": 3, "operation": "chats_list", "requests": 1 });
    web.api.post("/_sandbox/faults", fault).await.is(201);
    web.get("/api/status").await.ok();
    let failed = web.get("/api/chats").await;
    assert_eq!(failed.headers["retry-after"], "3");
    assert_eq!(failed.headers["access-control-allow-origin"], "*");
    let body = failed.is(503);
    assert_eq!((&body["id"], &body["error"]["code"]), (&json!(null), &json!(-32_000)));
    web.get("/api/chats").await.ok();
    let root = json!({ "kind": "http_error", "status": 500, "operation": "root_get", "requests": 1 });
    web.api.post("/_sandbox/faults", root).await.is(201);
    failure(web.get("/").await);
    web.get("/").await.ok();
    let slow = json!({ "kind": "slow", "milliseconds": 120_000, "operation": "session_status" });
    web.api.post("/_sandbox/faults", slow).await.is(201);
    let asked = tokio::time::timeout(Duration::from_millis(300), web.get("/api/status"));
    assert!(asked.await.is_err(), "it waits");
}
