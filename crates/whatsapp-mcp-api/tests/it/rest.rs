//! The routes of the REST API, passed on.

use reqwest::Method;
use serde_json::{Value, json};

use crate::plain::{fits, is_open};
use crate::server::{Server, send};

#[tokio::test]
async fn every_documented_route_is_answered_as_documented() {
    let server = Server::start(&[]).await;
    let fixtures: Vec<Value> = serde_json::from_str(include_str!("fixtures/rest.json")).unwrap();
    for fixture in &fixtures {
        let (name, request) = (&fixture["name"], &fixture["request"]);
        let method: Method = request["method"].as_str().unwrap().parse().unwrap();
        let body = match &request["body"] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        let answer = send(server.request(method, request["path"].as_str().unwrap()).body(body)).await;
        assert_eq!(answer.status, fixture["status"], "{name}: {answer:?}");
        assert!(fits(&answer.body, &fixture["answer"]), "{name}: {}", answer.text);
        assert_eq!(answer.text, format!("{:#}", answer.body), "{name} is indented by two");
        is_open(&answer);
    }
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

#[tokio::test]
async fn what_is_too_large_is_refused_clearly_everywhere() {
    let server = Server::start(&["--max-body-bytes=2000"]).await;
    for path in ["/mcp", "/api/send"] {
        let refused = server.post(path, "x".repeat(3_000)).await;
        assert_eq!(
            (refused.status, &refused.body["error"]["data"]["max_bytes"]),
            (413, &json!(2000)),
            "{path}"
        );
        is_open(&refused);
    }
}

#[tokio::test]
async fn the_overview_names_the_endpoint_over_http_2_too() {
    let server = Server::start(&[]).await;
    let http = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    let overview = send(http.get(format!("{}/health", server.url))).await;
    assert_eq!(overview.body["mcp"], server.mcp());
}
