//! Whoever calls over HTTP brings a key of their own.

use serde_json::{Value, json};
use whatsapp_sandbox::{KIRIM_KEY, OTHER_KIRIM_KEY, Sandbox};

use crate::program::{Answer, HttpServer, call};

async fn start() -> (Sandbox, HttpServer) {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let server = HttpServer::start(sandbox.kirim_url(), &[]).await;
    (sandbox, server)
}

fn list() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })
}

fn initialize() -> Value {
    let client = json!({ "name": "tests", "version": "1" });
    let params = json!({ "protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": client });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
}

/// The error in the documented shape.
fn unauthenticated(answer: &Answer, code: &str) {
    assert_eq!(answer.status, 401, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    let error = &answer.body["error"];
    assert_eq!((&error["type"], &error["code"]), (&json!("authentication_error"), &json!(code)), "{error}");
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
    assert!(error["request_id"].as_str().unwrap().starts_with("req_"), "{error}");
    assert!(answer.body.get("jsonrpc").is_none());
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
}

#[tokio::test]
async fn a_missing_or_malformed_key_is_refused_in_the_words_of_the_product() {
    // Nobody is asked about such a key: the API is not there.
    let server = HttpServer::start("http://127.0.0.1:9", &[]).await;
    for message in [initialize(), list(), call("list_phone_numbers", &json!({}))] {
        unauthenticated(&server.post(None, &message).await, "missing_api_key");
        let other =
            ["kdv_live_short", "kdv_test_sandboxAcme0000000000000", "kdv_live_sandboxAcme000000000000!"];
        for key in other.map(|key| format!("Bearer {key}")) {
            unauthenticated(&server.post(Some(&key), &message).await, "invalid_api_key");
        }
    }
    unauthenticated(&server.post(Some("Basic a2V5Og=="), &list()).await, "missing_api_key");
    let answer = server.post(None, &list()).await;
    let id = answer.header("x-request-id");
    assert_eq!(answer.body["error"]["request_id"], id);
    assert_eq!(id.len(), "req_".len() + 26, "{id}");
}

#[tokio::test]
async fn a_key_that_the_api_refuses_is_refused_with_its_own_words() {
    let (_sandbox, server) = start().await;
    for message in [initialize(), list(), call("list_phone_numbers", &json!({}))] {
        let answer = server.post(Some("Bearer kdv_live_000000000000000000000000"), &message).await;
        unauthenticated(&answer, "invalid_api_key");
        assert!(!answer.body.to_string().contains("kdv_live_0000"));
    }
}

#[tokio::test]
async fn an_api_that_cannot_be_asked_about_a_key_stops_nobody_from_looking_at_the_tools() {
    let server = HttpServer::start("http://127.0.0.1:9", &[]).await;
    let key = format!("Bearer {KIRIM_KEY}");
    assert_eq!(server.post(Some(&key), &list()).await.body["result"]["tools"].as_array().unwrap().len(), 6);
    let called = server.call(KIRIM_KEY, "list_phone_numbers", json!({})).await;
    assert_eq!(called.body["result"]["structuredContent"]["kind"], "upstream_unavailable", "{called:?}");
}

#[tokio::test]
async fn nothing_keeps_a_session() {
    let (_sandbox, server) = start().await;
    let key = format!("Bearer {KIRIM_KEY}");
    let answer = server.post(Some(&key), &initialize()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["result"]["protocolVersion"], "2025-03-26", "{answer:?}");
    assert_eq!(answer.header("mcp-session-id"), "");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.body["result"]["serverInfo"]["name"], "kirim-mcp");
    // The next request needs nothing of the first.
    assert!(server.post(Some(&key), &list()).await.body["result"]["tools"].is_array());
}

#[tokio::test]
async fn each_key_sees_its_own_organisation_only() {
    let (_sandbox, server) = start().await;
    let numbers = async |key| {
        let answer = server.call(key, "list_phone_numbers", json!({})).await;
        answer.body["result"]["structuredContent"]["data"][0]["phone_number_id"].as_str().unwrap().to_owned()
    };
    let (acme, toko) = tokio::join!(numbers(KIRIM_KEY), numbers(OTHER_KIRIM_KEY));
    assert_ne!(acme, toko);
    let message = json!({
        "phone_number_id": acme, "to": whatsapp_sandbox::ECHO_NUMBER, "type": "text", "text": { "body": "Hi" }
    });
    let foreign = server.call(OTHER_KIRIM_KEY, "send_message", message).await;
    let error = &foreign.body["result"]["structuredContent"];
    assert_eq!((&error["kind"], &error["status"]), (&json!("not_found"), &json!(404)), "{foreign:?}");
    assert_eq!(error["code"], "resource_not_found");
    assert!(error["request_id"].as_str().unwrap().starts_with("req_"));
}

#[tokio::test]
async fn a_request_that_is_none_is_refused_with_its_id() {
    let (_sandbox, server) = start().await;
    let key = format!("Bearer {KIRIM_KEY}");
    let unknown = call("no_such_tool", &json!({}));
    for message in [json!({ "no": "message" }), json!([]), unknown] {
        let answer = server.post(Some(&key), &message).await;
        let id = &answer.body["error"]["data"]["request_id"];
        assert!(id.as_str().is_some_and(|it| it.starts_with("req_")), "{answer:?}");
        assert_eq!(id, answer.header("x-request-id"));
    }
}
