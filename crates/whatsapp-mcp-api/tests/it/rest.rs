//! The routes of the REST API, passed on.

use reqwest::Method;
use serde_json::json;

use crate::server::{Server, send};

#[tokio::test]
async fn one_process_has_the_whole_rest_api() {
    let server = Server::start(&[]).await;
    let status = server.get("/api/status").await;
    assert_eq!((status.status, &status.body["state"]), (200, &json!("ready")));
    assert_eq!(status.headers["access-control-allow-origin"], "*");
    assert_eq!(status.text, format!("{:#}", status.body));
    assert_eq!(server.post("/api/auth/start", "").await.body["state"], "ready");
    let message = json!({ "phone_number": "+5511988880001", "message": "By REST & more" });
    let sent = server.post("/api/send", message).await;
    assert_eq!((sent.status, &sent.body["to"]), (200, &json!("5511988880001")));
    let read = server.get("/api/messages?phone_number=%2B5511988880001&limit=1").await;
    assert_eq!(read.body["messages"][0]["body"], "By REST & more");
    let by_body = json!({ "phone_number": "5511988880001", "limit": 1 });
    assert_eq!(server.post("/api/messages", by_body).await.body, read.body);
    assert_eq!(server.get("/api/chats?limit=1").await.body["count"], 1);
    let paired = server.post("/api/pairing-code", json!({ "phone_number": "15551234567" })).await;
    assert_eq!(paired.body["already_authenticated"], true);
    assert_eq!(server.post("/api/logout", "").await.body, json!({ "ok": true }));
    assert_eq!(server.get("/api/status").await.body["state"], "stopped");
}

#[tokio::test]
async fn failures_of_the_api_come_through() {
    let server = Server::start(&[]).await;
    let wrong = server.post("/api/send", "{}").await;
    assert_eq!((wrong.status, &wrong.body["error"]["code"]), (500, &json!(-32_000)));
    assert_eq!(server.post("/api/send", "{").await.status, 400);
    assert_eq!(server.get("/api/chats?limit=1000").await.status, 500);
    let nowhere = server.get("/api/nowhere").await;
    assert_eq!((nowhere.status, &nowhere.body), (404, &json!({ "error": "not found" })));
    assert_eq!(send(server.request(Method::PUT, "/api/send")).await.status, 404);
}

#[tokio::test]
async fn the_overview_names_the_endpoint_of_this_process() {
    let server = Server::start(&[]).await;
    for path in ["/", "/health"] {
        let overview = server.get(path).await;
        assert_eq!(overview.body["mcp"], server.mcp());
        assert_eq!(
            (&overview.body["ok"], &overview.body["name"]),
            (&json!(true), &json!("whatsapp-mcp-api"))
        );
        assert_eq!(overview.body["status"]["ready"], true);
    }
}

#[tokio::test]
async fn a_fresh_account_is_linked_by_its_qr_page() {
    let server = Server::start(&[]).await;
    server.post("/api/logout", "").await;
    let page = server.get("/qr").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(!page.headers.contains_key("access-control-allow-origin"), "{page:?}");
    assert_eq!(server.post("/api/auth/start", "").await.body["has_qr"], true);
    assert!(server.get("/qr").await.text.contains("data:image/png;base64,"));
    crate::server::soon(async {
        while server.get("/api/status").await.body["state"] != "ready" {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_api_that_is_not_there_is_told() {
    let mut command = crate::server::program(&["--base-url=http://127.0.0.1:9"]);
    command.env("WHATSAPP_MCP_PORT", "0");
    let server = Server::launch(command).await;
    let answer = server.get("/api/status").await;
    assert_eq!((answer.status, &answer.body["error"]["data"]["kind"]), (502, &json!("upstream_unavailable")));
    let call = json!({ "id": 1, "method": "tools/call", "params": { "name": "whatsapp_status" } });
    let answer = server.post("/mcp", call).await;
    assert_eq!((answer.status, &answer.body["error"]["code"]), (500, &json!(-32_000)));
}
