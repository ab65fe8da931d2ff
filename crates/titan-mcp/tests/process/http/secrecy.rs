//! No key and no token is anywhere but where it belongs: not in a log, not in an answer, not in a metric.

use serde_json::{Value, json};

use super::server::{Answer, HttpServer, call, client, free_port, post, send, write_callers};
use crate::process::program;

const TOKEN: &str = "hunter2-token-of-the-caller";
const UNKNOWN: &str = "hunter2-token-of-nobody";
const UPSTREAM: &str = "hunter2-key-of-the-api";
/// In everything that must not be seen.
const SECRET: &str = "hunter2";

/// An API that knows no key.
async fn strict_api() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = async || {
        let body = json!({ "error": { "code": "unauthorized", "message": "this key is not known" } });
        (http::StatusCode::UNAUTHORIZED, axum::Json(body))
    };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(answer)).await });
    url
}

/// Requests of all kinds with these headers, and what came of them.
async fn answers(server: &HttpServer, http: &reqwest::Client, headers: &[(&str, &str)]) -> Vec<Answer> {
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {} });
    let client_info = json!({ "name": "tests", "version": "1" });
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client_info });
    let initialize = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
    let requests = [
        call(http, &server.url, "sessions_list", &json!({})),
        call(http, &server.url, "sessions_list", &json!({ "wrong": 1 })),
        call(http, &server.url, "no_such_tool", &json!({})),
        post(http, &server.url, &list),
        post(http, &server.url, &initialize),
        post(http, &server.url, &Value::Null),
        http.get(&server.url),
        http.delete(&server.url).header("mcp-session-id", "nonsense"),
    ];
    let mut answers = Vec::new();
    for request in requests {
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        answers.push(send(request).await.expect("the server answers"));
    }
    answers
}

/// Over HTTP/1 and HTTP/2.
fn http_clients() -> [reqwest::Client; 2] {
    [client().build().unwrap(), client().http2_prior_knowledge().build().unwrap()]
}

#[track_caller]
fn assert_silent(what: &str, text: &str) {
    if let Some(line) = text.lines().find(|line| line.contains(SECRET)) {
        panic!("{what} tells a secret: {line}");
    }
}

#[tokio::test]
async fn neither_the_key_nor_a_token_is_told_by_a_server_that_logs_everything() {
    let folder = tempfile::tempdir().unwrap();
    let callers = write_callers(folder.path(), &[("one", TOKEN, "*")]);
    let callers = format!("--caller-tokens-file={}", callers.display());
    let path = folder.path().join("audit.jsonl");
    let audit = format!("--audit-log={}", path.display());
    let metrics = format!("127.0.0.1:{}", free_port());
    let (api, metrics_flag) = (strict_api().await, format!("--metrics-listen={metrics}"));
    let mut command = program(&["--transport=http", "--listen=127.0.0.1:0", "--log=trace,rmcp=trace"]);
    command.args([&callers, &audit, &metrics_flag]).args(["--audit-arguments", "--sessions"]);
    command.env("TITAN_BASE_URL", &api).env("TITAN_API_KEY", UPSTREAM);
    let server = HttpServer::launch(command).await;

    let (known, unknown) = (format!("Bearer {TOKEN}"), format!("Bearer {UNKNOWN}"));
    for http in http_clients() {
        for token in [&known, &unknown, TOKEN] {
            for answer in answers(&server, &http, &[("authorization", token)]).await {
                assert_silent("an answer", &answer.text());
            }
        }
    }
    let metrics = send(server.http().get(format!("http://{metrics}/metrics"))).await.unwrap();
    assert!(metrics.body.contains(r#"outcome="unauthenticated""#), "{}", metrics.body);
    assert_silent("a metric", &metrics.body);
    let audit = std::fs::read_to_string(&path).unwrap();
    assert!(audit.contains("sessions_list"), "{audit}");
    assert_silent("the audit log", &audit);
    let log = server.log();
    assert!(log.contains("TRACE") && log.contains("rmcp"), "{log}");
    assert_silent("the log", &log);
}

#[tokio::test]
async fn keys_of_callers_are_not_told_by_a_server_that_passes_them_on() {
    let api = format!("--base-url={}", strict_api().await);
    for (mode, header) in [("forward", "authorization"), ("header", "x-upstream-authorization")] {
        let mode = format!("--credentials={mode}");
        let server = HttpServer::start(&[&api, &mode, "--log=trace,rmcp=trace", "--sessions"]).await;
        for http in http_clients() {
            for key in [format!("Bearer {UPSTREAM}"), UPSTREAM.to_owned(), format!("Basic {UPSTREAM}")] {
                for answer in answers(&server, &http, &[(header, &key)]).await {
                    assert_silent("an answer", &answer.text());
                }
            }
        }
        let log = server.log();
        assert!(log.contains("TRACE"), "{log}");
        assert_silent("the log", &log);
    }
}
