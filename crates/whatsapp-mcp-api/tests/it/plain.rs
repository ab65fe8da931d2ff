//! What was written for the server of this name: requests as `curl` sends them, and their answers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Answer, Server, send};

const CORS: [(&str, &str); 4] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET,POST,OPTIONS"),
    ("access-control-allow-headers", "content-type,mcp-session-id"),
    ("access-control-expose-headers", "mcp-session-id"),
];

/// Every website may read it.
#[track_caller]
pub(crate) fn is_open(answer: &Answer) {
    for (name, value) in CORS {
        assert_eq!(answer.headers[name], value, "{answer:?}");
    }
}

/// Whether a value is the expected one, with members in that order. `<any>` stands for anything.
pub(crate) fn fits(value: &Value, expected: &Value) -> bool {
    match (value, expected) {
        (_, Value::String(any)) if any == "<any>" || any == "<payload>" => true,
        (Value::Array(values), Value::Array(expected)) => {
            values.len() == expected.len() && values.iter().zip(expected).all(|(it, wanted)| fits(it, wanted))
        }
        (Value::Object(values), Value::Object(expected)) => {
            values.len() == expected.len()
                && values
                    .iter()
                    .zip(expected)
                    .all(|((name, it), (wanted_name, wanted))| name == wanted_name && fits(it, wanted))
        }
        _ => value == expected,
    }
}

#[tokio::test]
async fn every_documented_request_is_answered_as_documented() {
    let server = Server::start(&[]).await;
    let fixtures: Vec<Value> = serde_json::from_str(include_str!("fixtures/plain.json")).unwrap();
    for fixture in &fixtures {
        let name = fixture["name"].as_str().unwrap();
        // As `curl -d` has it: no JSON type, and any answer will do.
        let request = server.request(Method::POST, "/mcp").header("accept", "*/*");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = send(request.body(fixture["request"].to_string())).await;
        assert_eq!(answer.status, fixture["status"], "{name}: {answer:?}");
        assert!(fits(&answer.body, &fixture["answer"]), "{name}: {}", answer.text);
        is_open(&answer);
        let is_named = answer.headers.contains_key("mcp-session-id");
        assert_eq!(is_named, answer.status < 300, "{name}");
        if answer.body.is_null() {
            assert_eq!(answer.text, "", "{name}");
            continue;
        }
        assert_eq!(answer.headers["content-type"], "application/json; charset=utf-8");
        assert_eq!(answer.text, format!("{:#}", answer.body), "{name} is indented by two");
        if let Some(expected) = fixture.get("payload") {
            let text = answer.body["result"]["content"][0]["text"].as_str().unwrap();
            let payload: Value = serde_json::from_str(text).unwrap();
            assert!(fits(&payload, expected), "{name}: {text}");
            assert_eq!(text, format!("{payload:#}"), "{name}: the text is indented by two");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_and_one_that_is_not_there() {
    let server = Server::start(&[]).await;
    let broken = server.post("/mcp", "{\"jsonrpc\":").await;
    assert_eq!((broken.status, &broken.body["error"]["code"]), (400, &json!(-32_602)));
    assert_eq!(broken.body["id"], Value::Null);
    is_open(&broken);
    let none = server.post("/mcp", "").await;
    assert_eq!((none.status, &none.body["error"]["message"]), (200, &json!("Method not found: undefined")));
    assert_eq!(none.body.get("id"), None);
}

#[tokio::test]
async fn the_session_id_is_said_back_or_made() {
    let server = Server::start(&[]).await;
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string();
    let named = server.request(Method::POST, "/mcp").header("mcp-session-id", "mine").body(list.clone());
    assert_eq!(send(named).await.headers["mcp-session-id"], "mine");
    let made = async || server.post("/mcp", &list).await.headers["mcp-session-id"].clone();
    assert_ne!(made().await, made().await);
}

#[tokio::test]
async fn preflights_are_answered_everywhere() {
    let server = Server::start(&[]).await;
    for path in ["/mcp", "/api/send", "/nowhere"] {
        let answer = send(server.request(Method::OPTIONS, path)).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        is_open(&answer);
    }
    // A page with a standard client is told of what that sends as well.
    let asking = server.request(Method::OPTIONS, "/mcp").header("origin", "http://localhost:5173");
    let asking =
        asking.header("access-control-request-headers", "Content-Type, mcp-protocol-version, x-evil");
    let allowed = send(asking).await.headers["access-control-allow-headers"].clone();
    assert_eq!(allowed, "content-type,mcp-session-id,mcp-protocol-version");
}

#[tokio::test]
async fn only_pages_of_this_machine_get_an_answer_unless_others_are_allowed() {
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string();
    let status = async |server: &Server, origin: &str| {
        let request = server.request(Method::POST, "/mcp").header("origin", origin).body(list.clone());
        send(request).await.status
    };
    let server = Server::start(&[]).await;
    assert_eq!(status(&server, "http://localhost:3000").await, 200);
    assert_eq!(status(&server, "https://evil.example").await, 403);
    let page = server.request(Method::GET, "/api/chats").header("origin", "https://evil.example");
    assert_eq!(send(page).await.status, 403);
    let server = Server::start(&["--allowed-origins=*"]).await;
    assert_eq!(status(&server, "https://app.example").await, 200);
}

#[tokio::test]
async fn there_is_nothing_to_get_at_the_endpoint() {
    let server = Server::start(&[]).await;
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let answer = send(server.request(method, "/mcp")).await;
        assert_eq!((answer.status, &answer.body), (404, &json!({ "error": "not found" })));
        is_open(&answer);
    }
}

#[tokio::test]
async fn the_layer_can_be_switched_off() {
    let server = Server::start(&["--plain-clients=false"]).await;
    let answer = server.post("/mcp", json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" })).await;
    assert_eq!(answer.status, 415, "{answer:?}");
    assert_eq!(server.get("/mcp").await.status, 405);
}

#[tokio::test]
async fn what_names_a_tool_need_not_be_a_text() {
    let server = Server::start(&[]).await;
    for (name, told) in [(json!(5), "5"), (json!(null), "null"), (json!("no_tool"), "no_tool")] {
        let answer =
            server.post("/mcp", json!({ "id": 1, "method": "tools/call", "params": { "name": name } })).await;
        assert_eq!(answer.body["error"]["message"], format!("Unknown tool: {told}"));
    }
    let answer = server.post("/mcp", json!({ "id": 1, "method": "tools/call" })).await;
    assert_eq!(answer.body["error"]["message"], "Unknown tool: undefined");
}
