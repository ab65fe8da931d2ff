//! The official client, which starts the program itself.

use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, CallToolResult, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt as _, RoleClient, RunningService};
use rmcp::transport::TokioChildProcess;
use serde_json::{Value, json};

use crate::process::{program, soon};

type Client = RunningService<RoleClient, ()>;

fn sandbox() -> TokioChildProcess {
    TokioChildProcess::new(program(&["--sandbox"])).expect("the program starts")
}

async fn with_handshake() -> Client {
    soon(().serve(sandbox())).await.expect("the handshake succeeds")
}

async fn with_discovery() -> Client {
    let mode = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    soon(().serve_with_lifecycle(sandbox(), mode)).await.expect("discovery succeeds")
}

async fn call(client: &Client, name: &'static str, arguments: Value) -> CallToolResult {
    let Value::Object(arguments) = arguments else { panic!("not an object: {arguments}") };
    soon(client.call_tool(CallToolRequestParams::new(name).with_arguments(arguments)))
        .await
        .expect("the tool exists")
}

/// The structured content of a call that succeeded.
async fn result(client: &Client, name: &'static str, arguments: Value) -> Value {
    let result = call(client, name, arguments).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    result.structured_content.expect("structured content")
}

async fn finds_and_uses_the_tools(client: Client) {
    let tools = soon(client.list_all_tools()).await.unwrap();
    assert_eq!(tools.len(), 83);
    let sessions = result(&client, "sessions_list", json!({})).await;
    assert_eq!(sessions["data"][0]["name"], "main", "{sessions}");
    let chat = format!("{}@s.whatsapp.net", whatsapp_sandbox::ECHO_NUMBER.trim_start_matches('+'));
    let message = json!({ "session": "main", "chatId": chat, "type": "text", "text": "Olá 👋" });
    let sent = result(&client, "messages_send", message).await;
    assert!(sent["data"]["id"].as_str().is_some_and(|id| !id.is_empty()), "{sent}");
    let wrong = call(&client, "messages_send", json!({ "session": "main" })).await;
    assert_eq!(wrong.is_error, Some(true), "{wrong:?}");
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn a_client_of_the_handshake_era_finds_and_uses_the_tools() {
    finds_and_uses_the_tools(with_handshake().await).await;
}

#[tokio::test]
async fn a_client_of_the_stateless_era_finds_and_uses_the_tools() {
    finds_and_uses_the_tools(with_discovery().await).await;
}
