//! How a server ends that is told to.
#![cfg(unix)]

use reqwest::RequestBuilder;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::server::{HttpServer, call, client, post, send, until};
use crate::process::{program, soon};
use crate::upstream::{SilentApi, closed};

/// An answer of the API to `sessions_list`.
fn no_sessions() -> String {
    let body = json!({ "data": [] }).to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// A call of the stateless era, on a connection of its own.
fn call_of(server: &HttpServer) -> RequestBuilder {
    call(&client().build().unwrap(), &server.url, "sessions_list", &json!({}))
}

/// A call of the handshake era, on a connection of its own, in this session if there is one.
fn handshake_call_of(server: &HttpServer, session: &str) -> RequestBuilder {
    let params = json!({ "name": "sessions_list", "arguments": {} });
    let message = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params });
    let request = post(&client().build().unwrap(), &server.url, &message);
    let request = request.header("mcp-protocol-version", "2025-11-25");
    if session.is_empty() { request } else { request.header("mcp-session-id", session) }
}

/// The id of a session that is opened, if the server has any.
async fn open_session(server: &HttpServer) -> String {
    let client_info = json!({ "name": "tests", "version": "1" });
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client_info });
    let initialize = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
    let opened = send(post(server.http(), &server.url, &initialize)).await.unwrap();
    opened.header("mcp-session-id").to_owned()
}

/// Begins a call, tells the server to stop while the API has it, and lets the API answer.
async fn is_answered(api: &SilentApi, server: HttpServer, call: RequestBuilder) {
    let calling = tokio::spawn(send(call));
    let mut request = api.request().await;
    assert_eq!(server.get("/readyz").await.unwrap().status, 200);

    server.signal("-TERM").await;
    until(async || server.get("/readyz").await.is_none_or(|answer| answer.status == 503)).await;
    request.write_all(no_sessions().as_bytes()).await.unwrap();
    let answer = soon(calling).await.unwrap().expect("the call is answered");
    assert!(answer.is_success(), "{answer:?}");
    assert_eq!(answer.message()["result"]["structuredContent"]["data"], json!([]));
    let end = server.ended().await;
    assert_eq!(end.code, Some(0), "{end:?}");
    assert!(!end.stderr.contains("panicked"), "{end:?}");
}

#[tokio::test]
async fn a_call_in_flight_is_answered_before_the_server_ends() {
    let api = SilentApi::start().await;
    let api_flag = api.flag();
    for sessions in ["--sessions=false", "--sessions=true"] {
        let flags = [api_flag.as_str(), "--api-key=k", sessions];
        let server = HttpServer::start(&flags).await;
        let call = call_of(&server);
        is_answered(&api, server, call).await;
        let server = HttpServer::start(&flags).await;
        let call = handshake_call_of(&server, &open_session(&server).await);
        is_answered(&api, server, call).await;
    }
}

#[tokio::test]
async fn requests_are_taken_for_a_while_after_readiness_is_taken_back() {
    let server = HttpServer::start(&["--sandbox", "--ready-grace=3"]).await;
    assert_eq!(server.get("/readyz").await.unwrap().status, 200);
    server.signal("-TERM").await;
    until(async || server.get("/readyz").await.expect("requests are still taken").status == 503).await;
    assert!(server.call("sessions_list", &json!({}), &[]).await.is_success());
    assert_eq!(server.ended().await.code, Some(0));
}

#[tokio::test]
async fn a_call_that_takes_longer_than_the_server_waits_is_cut_off() {
    let api = SilentApi::start().await;
    let server = HttpServer::start(&[&api.flag(), "--api-key=k", "--drain-timeout=0"]).await;
    let calling = tokio::spawn(send(call_of(&server)));
    let request = api.request().await;
    let end = server.stop().await;
    assert_eq!(end.code, Some(0), "{end:?}");
    assert!(end.stderr.contains("cut off"), "{end:?}");
    closed(request).await;
    soon(calling).await.unwrap().expect_err("the call has no answer");
}

#[tokio::test]
async fn a_server_without_calls_ends_whatever_is_connected() {
    for signal in ["-TERM", "-INT"] {
        // Longer than the test waits: what has no request in flight is not waited for.
        let server = HttpServer::start(&["--sandbox", "--sessions", "--drain-timeout=3600"]).await;
        let idle = TcpStream::connect(server.address()).await.unwrap();
        let mut trickling = TcpStream::connect(server.address()).await.unwrap();
        trickling.write_all(b"POST /mcp HTTP/1.1\r\n").await.unwrap();
        assert!(server.call("sessions_list", &json!({}), &[]).await.is_success());
        server.signal(signal).await;
        let end = server.ended().await;
        assert_eq!(end.code, Some(0), "{end:?}");
        assert!(!end.stderr.contains("panicked"), "{end:?}");
        closed(idle).await;
        closed(trickling).await;
    }
}

#[tokio::test]
async fn streams_that_clients_keep_open_end_with_the_server() {
    let server = HttpServer::start(&["--sandbox", "--sessions", "--drain-timeout=3600"]).await;
    let stream = server.http().get(&server.url).header("mcp-protocol-version", "2025-11-25");
    let stream = stream.header("mcp-session-id", open_session(&server).await);
    let mut stream = soon(stream.header("accept", "text/event-stream").send()).await.unwrap();
    assert_eq!(stream.status(), 200);

    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({ "notifications": { "toolsListChanged": true }, "_meta": meta });
    let listen = json!({ "jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": params });
    let subscription = post(server.http(), &server.url, &listen).header("mcp-protocol-version", "2026-07-28");
    let subscription = subscription.header("mcp-method", "subscriptions/listen");
    let mut subscription = soon(subscription.send()).await.unwrap();
    let first = soon(subscription.chunk()).await.unwrap().expect("the subscription is acknowledged");
    assert!(!first.is_empty());

    server.signal("-TERM").await;
    for stream in [&mut stream, &mut subscription] {
        soon(async { while stream.chunk().await.expect("the stream ends as it should").is_some() {} }).await;
    }
    assert_eq!(server.ended().await.code, Some(0));
}

#[tokio::test]
async fn a_server_takes_up_the_port_of_one_that_ended() {
    let server = HttpServer::start(&["--sandbox"]).await;
    let listen = format!("--listen={}", server.address());
    assert!(server.call("sessions_list", &json!({}), &[]).await.is_success());
    assert_eq!(server.stop().await.code, Some(0));
    let next = HttpServer::launch(program(&["--sandbox", "--transport=http", &listen])).await;
    assert!(next.call("sessions_list", &json!({}), &[]).await.is_success());
}
