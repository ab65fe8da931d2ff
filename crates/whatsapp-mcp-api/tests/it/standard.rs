//! Clients of the standard, of both eras, at the same address.

use rmcp::model::{CallToolRequestParams, CallToolResult, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt as _, RoleClient, RunningService};
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use rmcp::{ServiceError, ServiceExt as _};
use serde_json::{Value, json};

use reqwest::Method;

use crate::server::{Server, http, program, send, soon};

type Client = RunningService<RoleClient, ()>;

fn discovery() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
}

/// A client of each era.
async fn connect(server: &Server) -> [Client; 2] {
    let transport = || {
        let config = StreamableHttpClientTransportConfig::with_uri(server.mcp());
        StreamableHttpClientTransport::with_client(http(), config)
    };
    let handshake = soon(().serve(transport())).await.expect("the handshake");
    let stateless = soon(().serve_with_lifecycle(transport(), discovery())).await.expect("discovery");
    [handshake, stateless]
}

async fn call(client: &Client, name: &'static str, arguments: Value) -> Result<CallToolResult, ServiceError> {
    let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
    soon(client.call_tool(CallToolRequestParams::new(name).with_arguments(arguments))).await
}

async fn uses_the_tools(client: &Client) {
    assert_eq!(soon(client.list_all_tools()).await.unwrap().len(), 7);
    let status = call(client, "whatsapp_status", json!({})).await.unwrap();
    assert_eq!(status.structured_content.unwrap()["state"], "ready");
    let message = json!({ "phone_number": "+5511988880001", "message": "Olá 👋" });
    let sent = call(client, "whatsapp_send_message", message).await.unwrap();
    assert_eq!(sent.structured_content.unwrap()["to"], "5511988880001");
    let read = json!({ "phone_number": "5511988880001", "limit": 1 });
    let read = call(client, "whatsapp_read_messages", read).await.unwrap();
    assert_eq!(read.structured_content.unwrap()["messages"][0]["body"], "Olá 👋");
}

#[tokio::test]
async fn the_official_client_uses_the_tools_in_both_eras() {
    let server = Server::start(&[]).await;
    for client in connect(&server).await {
        uses_the_tools(&client).await;
        let named = client.peer_info().unwrap().server_info.clone().unwrap();
        // Who this stands in for, as plain clients are told.
        assert_eq!((named.name.as_str(), named.version.as_str()), ("whatsapp-mcp-api", "0.2.0"));
        client.cancel().await.unwrap();
    }
}

#[tokio::test]
async fn the_official_client_starts_the_program_itself() {
    let sandbox = || TokioChildProcess::new(program(&["--sandbox", "--transport=stdio"])).unwrap();
    let client = soon(().serve(sandbox())).await.expect("the handshake");
    uses_the_tools(&client).await;
    client.cancel().await.unwrap();
    let client = soon(().serve_with_lifecycle(sandbox(), discovery())).await.expect("discovery");
    uses_the_tools(&client).await;
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn mistakes_are_for_the_model_to_read() {
    let server = Server::start(&[]).await;
    for client in connect(&server).await {
        let beyond = call(&client, "whatsapp_list_chats", json!({ "limit": 101 })).await.unwrap();
        assert_eq!(beyond.is_error, Some(true));
        let facts = beyond.structured_content.unwrap();
        assert_eq!(facts["kind"], "invalid_arguments", "{facts}");
        let wrong = json!({ "phone_number": "555", "message": "Hi" });
        let wrong = call(&client, "whatsapp_send_message", wrong).await.unwrap();
        assert_eq!(wrong.is_error, Some(true));
        let facts = wrong.structured_content.unwrap();
        assert_eq!(
            (&facts["kind"], &facts["problems"][0]["pointer"]),
            (&json!("invalid_arguments"), &json!("/phone_number"))
        );
        assert!(facts["message"].as_str().unwrap().contains("8-15 digits"), "{facts}");
        let Err(ServiceError::McpError(unknown)) = call(&client, "whatsapp_fly", json!({})).await else {
            panic!("there is no such tool");
        };
        assert_eq!(unknown.code.0, -32_602);
        client.cancel().await.unwrap();
    }
}

#[tokio::test]
async fn nobody_waits_for_longer_than_is_set() {
    let server = Server::start(&["--timeout=1"]).await;
    server.post("/api/logout", "").await;
    let [handshake, stateless] = connect(&server).await;
    for client in [handshake, stateless] {
        let late = call(&client, "whatsapp_list_chats", json!({})).await.unwrap();
        let error = late.structured_content.unwrap();
        assert_eq!(error["kind"], "timeout");
        says_what_to_do(&error["message"]);
        client.cancel().await.unwrap();
    }
    let plain = json!({ "id": 1, "method": "tools/call", "params": { "name": "whatsapp_list_chats" } });
    let late = server.post("/mcp", plain).await;
    assert_eq!((late.status, &late.body["id"]), (500, &Value::Null), "{late:?}");
    says_what_to_do(&late.body["error"]["message"]);
    let late = server.get("/api/chats").await;
    assert_eq!((late.status, &late.body["error"]["data"]["kind"]), (504, &json!("timeout")));
    assert_eq!(late.body["id"], Value::Null, "{late:?}");
    says_what_to_do(&late.body["error"]["message"]);
    // The API may send it yet, once it is ready.
    let late = server.post("/api/send", json!({ "phone_number": "5511988880001", "message": "Hi" })).await;
    assert_eq!(late.status, 504);
    says_what_to_do(&late.body["error"]["message"]);
    assert!(late.text.contains("It is not known whether it was done"), "{late:?}");
}

/// Whether a message tells that the account waits to be linked, and how.
fn says_what_to_do(message: &Value) {
    let message = message.as_str().unwrap();
    assert!(message.starts_with("The WhatsApp client is not ready (state `qr`): "), "{message}");
    assert!(message.contains("scan the code at the page /qr") && message.contains("within"), "{message}");
}

#[tokio::test]
async fn a_standard_client_gets_no_stream_and_may_end_its_session() {
    let server = Server::start(&[]).await;
    let stream = server.request(Method::GET, "/mcp").header("accept", "text/event-stream");
    assert_eq!(send(stream).await.status, 405, "a client takes 404 for the end of its session");
    let end = server.request(Method::DELETE, "/mcp").header("mcp-protocol-version", "2025-11-25");
    assert_eq!(send(end).await.status, 405);
}
