//! Who may do what: the routes obey what the tools obey.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Server, send};

const KEY: &str = "a-key-of-some-length-0123";

#[tokio::test]
async fn what_reads_only_has_no_way_to_write() {
    let server = Server::start(&["--read-only"]).await;
    let message = json!({ "phone_number": "5511988880001", "message": "Hi" });
    let refused = server.post("/api/send", message.clone()).await;
    assert_eq!((refused.status, &refused.body["error"]["data"]["kind"]), (403, &json!("refused_by_policy")));
    for path in ["/api/logout", "/api/auth/start", "/api/pairing-code"] {
        assert_eq!(server.post(path, "{}").await.status, 403, "{path}");
    }
    assert_eq!(server.get("/qr").await.status, 403, "whoever sees the code can link the account");
    assert_eq!(server.get("/api/chats").await.status, 200);
    let call = json!({ "id": 1, "method": "tools/call", "params": { "name": "whatsapp_send_message", "arguments": message } });
    let refused = server.post("/mcp", call).await;
    assert_eq!(refused.status, 500);
    assert!(refused.body["error"]["message"].as_str().unwrap().contains("read"), "{}", refused.text);
    let listed = server.post("/mcp", json!({ "id": 1, "method": "tools/list" })).await;
    assert_eq!(listed.body["result"]["tools"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_status_is_nowhere_where_its_tool_is_switched_off() {
    let server = Server::start(&["--exclude=whatsapp_status"]).await;
    for path in ["/", "/health", "/api/status"] {
        let refused = server.get(path).await;
        assert_eq!(
            (refused.status, &refused.body["error"]["data"]["kind"]),
            (403, &json!("refused_by_policy")),
            "{path}"
        );
    }
    assert_eq!(server.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn a_tool_that_asks_first_has_no_route() {
    let server = Server::start(&["--confirm=whatsapp_logout"]).await;
    assert_eq!(server.post("/api/logout", "").await.status, 403);
    assert_eq!(server.get("/api/status").await.body["state"], "ready");
}

#[tokio::test]
async fn a_key_opens_endpoint_and_routes_alike() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{KEY}\n")).unwrap();
    let from_file = format!("--client-key-file={}", file.path().display());
    let from_flag = format!("--client-key={KEY}");
    for flag in [from_file, from_flag] {
        let server = Server::start(&[&flag]).await;
        let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string();
        let with = async |method: Method, path: &str, key: Option<&str>| {
            let request = server.request(method, path).body(list.clone());
            send(match key {
                Some(key) => request.bearer_auth(key),
                None => request,
            })
            .await
        };
        for (method, path) in [
            (Method::POST, "/mcp"),
            (Method::GET, "/api/chats"),
            (Method::GET, "/health"),
            (Method::GET, "/qr"),
        ] {
            let without = with(method.clone(), path, None).await;
            assert_eq!(without.status, 401, "{path}");
            assert!(without.headers.contains_key("www-authenticate"), "{path}");
            assert_eq!(
                with(method.clone(), path, Some("another-key-of-that-length")).await.status,
                401,
                "{path}"
            );
            assert_eq!(with(method, path, Some(KEY)).await.status, 200, "{path}");
        }
        assert_eq!(send(server.request(Method::OPTIONS, "/mcp")).await.status, 204);
    }
}

#[tokio::test]
async fn limits_count_routes_and_plain_clients_too() {
    let server = Server::start(&["--read-rate=2"]).await;
    let call = json!({ "id": 1, "method": "tools/call", "params": { "name": "whatsapp_status" } });
    assert_eq!(server.post("/mcp", call.clone()).await.status, 200);
    assert_eq!(server.get("/api/status").await.status, 200);
    let refused = server.get("/api/status").await;
    assert_eq!(refused.status, 429);
    assert!(refused.headers.contains_key("retry-after"));
    let refused_call = server.post("/mcp", call).await;
    assert_eq!(refused_call.status, 429);
    for refused in [&refused, &refused_call] {
        assert_eq!(refused.body.get("id"), Some(&Value::Null), "{refused:?}");
        crate::plain::is_open(refused);
    }
}
