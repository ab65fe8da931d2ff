//! What those who watch see: traces, counts, and that an abandoned call ends everywhere.

use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::time::{Duration, sleep, timeout};
use toolwright_http::metrics::Metrics;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{HANDSHAKE, STATELESS, Served, config, meta, request};
use crate::world::{self, Era};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_mins(1);

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn the_trace_of_the_client_goes_on_at_the_api_in_both_eras() {
    let api = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "data": [] }));
    Mock::given(any()).respond_with(answer).mount(&api).await;
    let served = Served::start(config(&api.uri(), "key", "*")).await;
    let call = |meta: Value| {
        let mut params = json!({ "name": "sessions_list", "arguments": {}, "_meta": meta });
        params["_meta"]["traceparent"] = TRACEPARENT.into();
        params["_meta"]["tracestate"] = "vendor=1".into();
        request("tools/call", params)
    };
    let stateless =
        [("mcp-protocol-version", STATELESS), ("mcp-method", "tools/call"), ("mcp-name", "sessions_list")];
    for (message, headers) in
        [(call(meta(STATELESS)), &stateless[..]), (call(json!({})), &[("mcp-protocol-version", HANDSHAKE)])]
    {
        let answer = served.post(&message, headers).await;
        assert_eq!(answer.message()["result"]["isError"], false, "{answer:?}");
    }
    let requests = api.received_requests().await.unwrap();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.headers["traceparent"], TRACEPARENT);
        assert_eq!(request.headers["tracestate"], "vendor=1");
    }
}

#[track_caller]
fn assert_counted(text: &str, line: &str) {
    assert!(text.lines().any(|it| it == line), "no `{line}` in {text}");
}

#[tokio::test]
async fn each_way_a_call_can_go_is_counted() {
    let sandbox = world::sandbox().await;
    let metrics = Metrics::new();
    let mut config = config(sandbox.url(), sandbox.full_key(), "sessions:read");
    config.metrics = Some(metrics.clone());
    let served = Served::start(config).await;
    for era in [Era::Stateless, Era::Handshake] {
        served.call(era, "sessions_list", json!({}), &[]).await;
        served.call(era, "sessions_get", json!({ "session": "nobody" }), &[]).await;
        served.call(era, "sessions_get", json!({ "no": 1 }), &[]).await;
        served.call(era, "groups_list", json!({ "session": "main" }), &[]).await;
    }
    served.stateless("tools/list", json!({}), &[("origin", "https://evil.example")]).await;
    let text = metrics.to_text();
    for line in [
        r#"toolwright_calls_total{tool="sessions_list",outcome="ok"} 2"#,
        r#"toolwright_calls_total{tool="sessions_get",outcome="not_found"} 2"#,
        r#"toolwright_calls_total{tool="sessions_get",outcome="invalid_arguments"} 2"#,
        r#"toolwright_requests_refused_total{kind="insufficient_scope"} 2"#,
        r#"toolwright_requests_refused_total{kind="refused_by_policy"} 1"#,
        r#"toolwright_call_duration_seconds_count{tool="sessions_list"} 2"#,
        r#"toolwright_upstream_duration_seconds_count{status="2xx"} 2"#,
        r#"toolwright_upstream_duration_seconds_count{status="4xx"} 2"#,
        "toolwright_calls_in_flight 0",
        "# EOF",
    ] {
        assert_counted(&text, line);
    }
}

#[tokio::test]
async fn a_client_that_leaves_ends_its_request_to_the_api_and_is_counted() {
    for (era, sessions) in [(Era::Stateless, false), (Era::Handshake, false), (Era::Stateless, true)] {
        let api = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let metrics = Metrics::new();
        let mut config = config(&format!("http://{}", api.local_addr().unwrap()), "key", "*");
        config.metrics = Some(metrics.clone());
        config.sessions = sessions;
        // The call ends because its client left, and not because it took too long.
        config.call_timeout = 10 * LONG;
        config.upstream = toolwright::client::Upstream::builder(config.upstream.base_url().as_str())
            .timeout(10 * LONG)
            .build()
            .unwrap();
        let served = Served::start(config).await;

        let call = served.call(era, "sessions_list", json!({}), &[]);
        let arrived = async {
            let (mut stream, _) = api.accept().await.unwrap();
            assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
            stream
        };
        let mut stream = tokio::select! {
            answer = call => panic!("no API answered: {answer:?}"),
            stream = timeout(LONG, arrived) => stream.expect("the call reaches the API"),
        };
        let closed = async { while stream.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {} };
        timeout(LONG, closed).await.expect("the request to the API goes on");

        let line = r#"toolwright_calls_total{tool="sessions_list",outcome="abandoned"} 1"#;
        let cancelled = line.replace("abandoned", "cancelled");
        let counted = async {
            while !metrics.to_text().lines().any(|it| it == line || it == cancelled) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(timeout(LONG, counted).await.is_ok(), "{}", metrics.to_text());
        assert_counted(&metrics.to_text(), "toolwright_calls_in_flight 0");
    }
}
