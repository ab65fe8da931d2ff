//! What the API tells of its limits goes on to the client, on every response.

use serde_json::json;
use whatsapp_sandbox::{KIRIM_KEY, OTHER_KIRIM_KEY, Sandbox};

use crate::program::HttpServer;

const LIMIT: &str = "x-ratelimit-limit";
const REMAINING: &str = "x-ratelimit-remaining";

#[tokio::test]
async fn every_response_to_a_known_key_tells_the_limits() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let server = HttpServer::start(sandbox.kirim_url(), &[]).await;
    let key = format!("Bearer {KIRIM_KEY}");
    let params = json!({
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "tests", "version": "1" }
    });
    let messages = [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/list" }),
        json!({ "jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": { "name": "list_phone_numbers", "arguments": { "status": "none" } } }),
        json!({ "jsonrpc": "2.0", "id": 4, "method": "no/such/method" }),
        json!({ "no": "message" }),
        json!([]),
    ];
    for message in messages {
        let answer = server.post(Some(&key), &message).await;
        assert_eq!(answer.number(LIMIT), 6_000, "{message}: {answer:?}");
        assert!(answer.number(REMAINING) < 6_000 && answer.number("x-ratelimit-reset") > 1_000_000_000);
    }
}

#[tokio::test]
async fn reads_and_writes_have_a_bucket_each_that_rest_shares() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let server = HttpServer::start(sandbox.kirim_url(), &[]).await;
    let read = async || server.call(OTHER_KIRIM_KEY, "list_phone_numbers", json!({})).await;
    let first = read().await;
    assert_eq!(first.number(LIMIT), 600);
    let write = json!({
        "phone_number_id": "106540352242923", "to": whatsapp_sandbox::ECHO_NUMBER, "type": "text", "text": { "body": "Hi" }
    });
    let mut left = 60;
    let refused = loop {
        let answer = server.call(OTHER_KIRIM_KEY, "send_message", write.clone()).await;
        assert_eq!(answer.number(LIMIT), 60, "{answer:?}");
        if answer.body["result"]["structuredContent"]["kind"] == "rate_limited" {
            break answer;
        }
        left -= 1;
        assert!(left > -60, "the bucket never empties");
    };
    assert_eq!(refused.number(REMAINING), 0);
    assert!(refused.number("retry-after") >= 1);
    let error = &refused.body["result"]["structuredContent"];
    assert_eq!((&error["status"], &error["code"]), (&json!(429), &json!("rate_limit_exceeded")));
    assert!(error["retry_after_s"].as_u64().unwrap() >= 1 && error["request_id"].is_string());
    // A call that never reaches the API tells what is left of the bucket that it would have counted against.
    let number = json!({ "phone_number_id": "+5511999990001" });
    let wrong = server.call(OTHER_KIRIM_KEY, "list_templates", number).await;
    let error = &wrong.body["result"]["structuredContent"];
    assert_eq!(
        (&error["kind"], &error["problems"][0]["pointer"]),
        (&json!("invalid_arguments"), &json!("/phone_number_id")),
        "a number is not its id: {wrong:?}"
    );
    assert!(error.get("status").is_none(), "nothing was sent: {wrong:?}");
    let wrong = server.call(OTHER_KIRIM_KEY, "send_message", json!({})).await;
    assert_eq!((wrong.number(LIMIT), wrong.header("retry-after")), (60, ""));
    for answer in [&refused, &wrong] {
        let request_id = &answer.body["result"]["structuredContent"]["request_id"];
        assert_eq!(request_id, answer.header("x-request-id"), "{answer:?}");
    }
    let read = read().await;
    assert_eq!((read.number(LIMIT), read.header("retry-after")), (600, ""), "reads go on: {read:?}");
    assert!(read.number(REMAINING) > 500, "{read:?}");
}
