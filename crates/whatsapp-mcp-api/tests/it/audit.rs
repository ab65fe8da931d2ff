//! What is written down of who did what.

use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Server, send, soon};

/// The lines so far. A line is written before the answer is sent.
fn lines(log: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(log).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Tool, target, outcome and status of each line.
fn told(log: &Path) -> Vec<Value> {
    lines(log)
        .iter()
        .map(|line| json!([line["tool"], line["target"], line["outcome"], line["status"]]))
        .collect()
}

#[tokio::test]
async fn routes_are_written_down_as_the_calls_that_do_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("audit.log");
    let server = Server::start(&[&format!("--audit-log={}", log.display())]).await;
    let message = json!({ "phone_number": "+5511988880001", "message": "Hi" });
    let request = server.request(Method::POST, "/api/send").header("x-request-id", "mine");
    assert_eq!(send(request.body(message.to_string())).await.status, 200);
    let call = json!({ "id": 1, "method": "tools/call", "params": { "name": "whatsapp_send_message", "arguments": message } });
    assert_eq!(server.post("/mcp", call).await.status, 200);
    let aimed = json!({ "phone_number": "+5511988880001" });
    let sent = json!(["whatsapp_send_message", aimed, "ok", 200]);
    assert_eq!(told(&log), [sent.clone(), sent]);
    let first = &lines(&log)[0];
    assert_eq!((&first["request_id"], &first["caller"]), (&json!("mine"), &json!("anonymous")));
    assert!(first.get("arguments").is_none(), "the text is not asked for: {first}");
}

#[tokio::test]
async fn what_is_written_down_is_what_the_api_reads() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("audit.log");
    let server = Server::start(&[&format!("--audit-log={}", log.display()), "--audit-arguments"]).await;
    // The API reads the query of a GET, of several parameters the first, and the body of a POST.
    let read = "/api/messages?phone_number=5511988880001&phone_number=15551234567";
    let misleading = json!({ "phone_number": "15551234567" });
    let get = server.request(Method::GET, read).body(misleading.to_string());
    assert_eq!(send(get).await.body["chat"]["id"], "5511988880001@c.us");
    let post = server.request(Method::POST, "/api/messages?phone_number=15551234567");
    let body = json!({ "phone_number": "5511988880001", "limit": 1 });
    assert_eq!(send(post.body(body.to_string())).await.body["chat"]["id"], "5511988880001@c.us");
    let told: Vec<_> = lines(&log).iter().map(|line| line["arguments"].clone()).collect();
    assert_eq!(told, [json!({ "phone_number": "5511988880001" }), body]);
}

#[tokio::test]
async fn failures_are_written_down_and_pages_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("audit.log");
    let server = Server::start(&[&format!("--audit-log={}", log.display())]).await;
    for path in ["/", "/health", "/qr"] {
        assert_eq!(server.get(path).await.status, 200);
    }
    assert_eq!(server.post("/api/send", json!({ "phone_number": "555" })).await.status, 500);
    let wrong = json!({ "phone_number": "555", "message": "Hi" });
    let call = json!({ "id": 1, "method": "tools/call", "params": { "name": "whatsapp_send_message", "arguments": wrong } });
    assert_eq!(server.post("/mcp", call).await.status, 500);
    let aimed = json!({ "phone_number": "555" });
    let expected = [
        json!(["whatsapp_send_message", aimed, "upstream_error", 500]),
        json!(["whatsapp_send_message", aimed, "invalid_arguments", null]),
    ];
    assert_eq!(told(&log), expected);
}

/// Its request to the API ends with it: nothing is done for nobody.
#[tokio::test]
async fn whoever_goes_takes_the_request_along() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("audit.log");
    let server = Server::start(&[&format!("--audit-log={}", log.display())]).await;
    server.post("/api/logout", "").await;
    let call = json!({ "id": 1, "method": "tools/call", "params": { "name": "whatsapp_list_chats" } });
    let call = server.request(Method::POST, "/mcp").body(call.to_string());
    for request in [server.request(Method::GET, "/api/chats"), call] {
        let impatient = request.timeout(Duration::from_millis(500)).send();
        assert!(impatient.await.is_err(), "the account waits to be linked");
    }
    soon(async {
        while told(&log).len() < 3 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let gone = json!(["whatsapp_list_chats", {}, "abandoned", null]);
    assert_eq!(told(&log)[1..], [gone.clone(), gone]);
}
