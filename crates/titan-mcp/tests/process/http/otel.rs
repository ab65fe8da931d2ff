//! Spans, sent where the variables of OpenTelemetry say.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post as on_post;
use http::{HeaderMap, StatusCode};
use serde_json::json;
use tokio::net::TcpListener;

use super::server::{HttpServer, post, send, until};
use crate::process::program;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

async fn serve(routes: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

/// What was sent to a collector.
async fn collector() -> (String, Arc<Mutex<Vec<u8>>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let received = Arc::clone(&sent);
    let take = move |headers: HeaderMap, body: axum::body::Bytes| async move {
        assert_eq!(headers["content-type"], "application/x-protobuf");
        received.lock().unwrap().extend_from_slice(&body);
    };
    (serve(Router::new().route("/v1/traces", on_post(take))).await, sent)
}

/// The `traceparent` of the last request to an API that fails.
async fn failing_api() -> (String, Arc<Mutex<String>>) {
    let seen = Arc::new(Mutex::new(String::new()));
    let last = Arc::clone(&seen);
    let answer = move |headers: HeaderMap| async move {
        let traceparent = headers.get("traceparent").and_then(|value| value.to_str().ok());
        traceparent.unwrap_or("none").clone_into(&mut last.lock().unwrap());
        StatusCode::NOT_FOUND
    };
    (serve(Router::new().fallback(answer)).await, seen)
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    digits.collect()
}

fn contains(sent: &[u8], part: &[u8]) -> bool {
    sent.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn the_span_of_a_call_stands_between_the_clients_and_the_apis() {
    let (collector, sent) = collector().await;
    let (api, seen) = failing_api().await;
    let mut command = program(&["--transport=http", "--listen=127.0.0.1:0", "--api-key=hunter2"]);
    command.env("TITAN_BASE_URL", &api).env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector);
    let server = HttpServer::launch(command).await;

    let meta = json!({ "traceparent": format!("00-{TRACE}-{PARENT}-01") });
    let arguments = json!({ "session": "a-private-name" });
    let params = json!({ "name": "sessions_get", "arguments": arguments, "_meta": meta });
    let message = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params });
    let request = post(server.http(), &server.url, &message).header("mcp-protocol-version", "2025-11-25");
    let answer = send(request.header("x-request-id", "request-17")).await.unwrap();
    assert_eq!(answer.message()["result"]["isError"], true, "{answer:?}");

    let traceparent = seen.lock().unwrap().clone();
    let parts: Vec<&str> = traceparent.split('-').collect();
    let ["00", TRACE, span, "01"] = parts[..] else { panic!("another trace: {traceparent}") };
    assert_ne!(span, PARENT);

    let end = server.stop().await;
    assert_eq!(end.code, Some(0), "{end:?}");
    until(async || !sent.lock().unwrap().is_empty()).await;
    let sent = sent.lock().unwrap();
    for id in [TRACE, PARENT, span] {
        assert!(contains(&sent, &bytes(id)), "no {id}");
    }
    for text in ["tools/call sessions_get", "titan-mcp", "request-17", "not_found", "anonymous"] {
        assert!(contains(&sent, text.as_bytes()), "no {text}");
    }
    for text in ["a-private-name", "hunter2"] {
        assert!(!contains(&sent, text.as_bytes()), "{text} is told");
    }
}

#[tokio::test]
async fn a_collector_that_is_away_keeps_no_call_from_its_answer() {
    let mut command = program(&["--sandbox", "--transport=http", "--listen=127.0.0.1:0"]);
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    let server = HttpServer::launch(command).await;
    assert!(server.call("sessions_list", &json!({}), &[]).await.is_success());
    assert_eq!(server.stop().await.code, Some(0));
}
