//! A server that runs: both eras, health, metrics.

use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt as _, RoleClient, RunningService};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Map, json};

use super::server::{HttpServer, client, free_port, send, write_callers};
use crate::commands::run;
use crate::process::{program, soon};

type Client = RunningService<RoleClient, ()>;

/// The official client, with the handshake or what it is given instead.
async fn connect(url: &str, token: Option<&str>, lifecycle: Option<ClientLifecycleMode>) -> Client {
    let mut config = StreamableHttpClientTransportConfig::with_uri(url);
    if let Some(token) = token {
        config = config.auth_header(token);
    }
    let transport = StreamableHttpClientTransport::with_client(client().build().unwrap(), config);
    match lifecycle {
        Some(lifecycle) => soon(().serve_with_lifecycle(transport, lifecycle)).await.expect("discovery"),
        None => soon(().serve(transport)).await.expect("the handshake"),
    }
}

fn discovery() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] }
}

async fn finds_and_uses_the_tools(client: Client, tools: usize) {
    assert_eq!(soon(client.list_all_tools()).await.unwrap().len(), tools);
    let call = CallToolRequestParams::new("sessions_list").with_arguments(Map::new());
    let result = soon(client.call_tool(call)).await.expect("the tool exists");
    assert_ne!(result.is_error, Some(true), "{result:?}");
    assert_eq!(result.structured_content.expect("structured content")["data"][0]["name"], "main");
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn the_official_client_finds_and_uses_the_tools_in_both_eras() {
    for sessions in ["--sessions=false", "--sessions=true"] {
        let server = HttpServer::start(&["--sandbox", sessions]).await;
        finds_and_uses_the_tools(connect(&server.url, None, None).await, 83).await;
        finds_and_uses_the_tools(connect(&server.url, None, Some(discovery())).await, 83).await;
    }
}

#[tokio::test]
async fn the_official_client_brings_a_token_and_finds_what_it_may_do() {
    let folder = tempfile::tempdir().unwrap();
    let callers = write_callers(folder.path(), &[("narrow", "narrow-token-0123456789", "sessions:read")]);
    let callers = format!("--caller-tokens-file={}", callers.display());
    let listed = run(&["tools", "--scopes=sessions:read"]).await.stdout.lines().count() - 1;
    let server = HttpServer::start(&["--sandbox", &callers]).await;
    for lifecycle in [None, Some(discovery())] {
        let client = connect(&server.url, Some("narrow-token-0123456789"), lifecycle).await;
        finds_and_uses_the_tools(client, listed).await;
    }
}

#[tokio::test]
async fn the_transport_and_the_address_may_stand_in_the_environment() {
    let mut command = program(&["--sandbox"]);
    command.env("TITAN_MCP_TRANSPORT", "http").env("TITAN_MCP_LISTEN", "127.0.0.1:0");
    let server = HttpServer::launch(command).await;
    assert!(server.call("sessions_list", &json!({}), &[]).await.is_success());
}

#[tokio::test]
async fn health_says_by_its_exit_code_whether_the_server_runs() {
    assert_eq!(run(&["health"]).await.code, Some(0), "a server over stdio is its client's");
    let server = HttpServer::start(&["--sandbox"]).await;
    let listen = format!("--listen={}", server.address());
    let healthy = run(&["health", "--transport=http", &listen]).await;
    assert_eq!((healthy.code, healthy.stderr.as_str()), (Some(0), ""));
    drop(server);
    let gone = format!("--listen=127.0.0.1:{}", free_port());
    let ran = run(&["health", "--transport=http", &gone]).await;
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("does not run on 127.0.0.1:"), "{}", ran.stderr);
    assert_eq!(run(&["health", "--transport=http", "--listen=nowhere"]).await.code, Some(2));
}

#[tokio::test]
async fn health_does_not_take_another_server_for_this_one() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listen = format!("--listen={}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, axum::Router::new()).await });
    let ran = run(&["health", "--transport=http", &listen]).await;
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(ran.stderr.contains("404"), "{}", ran.stderr);
}

#[tokio::test]
async fn the_health_routes_answer_beside_the_endpoint() {
    let server = HttpServer::start(&["--sandbox"]).await;
    let alive = server.get("/healthz").await.unwrap();
    assert_eq!((alive.status, alive.body.as_str()), (200, "ok\n"));
    let ready = server.get("/readyz").await.unwrap();
    let expected = json!({ "ready": true, "because": null, "sharing": "ok" });
    assert_eq!((ready.status, ready.message()), (200, expected));
}

#[tokio::test]
async fn the_metrics_have_an_address_of_their_own() {
    let server = HttpServer::start(&["--sandbox", "--metrics-listen=127.0.0.1:0"]).await;
    let log = server.log();
    let address = log.lines().find_map(|line| line.split_once("metrics at ")).expect("where they are").1;
    assert!(server.call("sessions_list", &json!({}), &[]).await.is_success());
    let unknown = server.call("sessions_get", &json!({ "session": "nobody" }), &[]).await;
    assert_eq!(unknown.message()["result"]["isError"], true, "{unknown:?}");
    let metrics = send(server.http().get(address)).await.unwrap();
    for line in [
        r#"toolwright_calls_total{tool="sessions_list",outcome="ok"} 1"#,
        r#"toolwright_calls_total{tool="sessions_get",outcome="not_found"} 1"#,
        "toolwright_calls_in_flight 0",
    ] {
        assert!(metrics.body.lines().any(|it| it == line), "no {line} in {}", metrics.body);
    }
    assert_eq!(server.get("/metrics").await.unwrap().status, 404, "callers read no metrics");
}
