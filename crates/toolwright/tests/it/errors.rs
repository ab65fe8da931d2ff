//! Whatever goes wrong, the model learns what happened and what to do next, and never a secret.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use toolwright::client::{CancellationToken, Credential, Upstream};
use toolwright::{Context, ErrorKind, ToolError};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixture::{KEY, answering, answering_json, call, context, failure, nowhere, raw, writing};

fn get() -> Value {
    json!({ "session": "default", "groupId": "1@g.us" })
}

fn send() -> Value {
    json!({ "chatId": "1@c.us", "type": "text", "text": "hi" })
}

/// The error that a model is shown, without what differs from run to run.
fn shown(error: &ToolError) -> String {
    let mut value = serde_json::to_value(error).unwrap();
    if value["request_id"].is_string() {
        value["request_id"] = json!("…");
    }
    serde_json::to_string_pretty(&value).unwrap()
}

#[tokio::test]
async fn each_status_has_its_kind_and_its_advice() {
    let mut table = Vec::new();
    for status in [400, 401, 402, 403, 404, 408, 409, 410, 422, 429, 500, 501, 502, 503, 504] {
        let answer = ResponseTemplate::new(status).set_body_json(json!({ "error": "so it is" }));
        let server = answering(answer).await;
        let upstream = Upstream::builder(&server.uri()).max_retries(0).build().unwrap();
        let error = failure(&Context::new(upstream), "messages_send", send()).await;
        assert_eq!(error.status, Some(status));
        table.push(format!("{status} {}: {error}", error.kind.as_str()));
    }
    insta::assert_snapshot!(table.join("\n"));
}

#[tokio::test]
async fn the_upstreams_own_words_are_kept() {
    let answer = ResponseTemplate::new(404).insert_header("x-request-id", "req-77").set_body_json(
        json!({ "error": { "message": "no such group", "code": "GROUP_GONE" }, "docs": "https://d.example" }),
    );
    let server = answering(answer).await;
    let error = failure(&context(&server.uri()), "groups_get", get()).await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&error).unwrap(), @r#"
    {
      "kind": "not_found",
      "message": "the API answered 404 Not Found: no such group. Check the identifiers in the arguments; tools that list things show which exist",
      "status": 404,
      "code": "GROUP_GONE",
      "request_id": "req-77",
      "docs": "https://d.example"
    }
    "#);
}

#[tokio::test]
async fn a_page_of_a_proxy_is_shown_as_text() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>";
    let server = answering(ResponseTemplate::new(502).set_body_raw(page, "text/html")).await;
    insta::assert_snapshot!(shown(&failure(&context(&server.uri()), "groups_get", get()).await), @r#"
    {
      "kind": "upstream_unavailable",
      "message": "the API answered 502 Bad Gateway: 502 Bad Gateway nginx. It is safe to try again",
      "status": 502,
      "request_id": "…",
      "docs": "https://docs.example.com/groups"
    }
    "#);
}

#[tokio::test]
async fn a_403_names_the_scopes_of_the_tool() {
    let server = answering(ResponseTemplate::new(403).set_body_json(json!({ "error": "forbidden" }))).await;
    let error = failure(&context(&server.uri()), "messages_send", send()).await;
    assert_eq!(error.required_scopes, ["messages:write"]);
}

#[tokio::test]
async fn retry_after_goes_to_the_model_and_nobody_sleeps_on_it() {
    let answer = ResponseTemplate::new(429)
        .insert_header("retry-after", "3600")
        .set_body_json(json!({ "error": "slow" }));
    let server = answering(answer).await;
    let error = failure(&context(&server.uri()), "groups_get", get()).await;
    assert_eq!(error.retry_after_s, Some(3600));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
    insta::assert_snapshot!(shown(&error), @r#"
    {
      "kind": "rate_limited",
      "message": "the API answered 429 Too Many Requests: slow. Nothing was done; call again after 3600 s",
      "status": 429,
      "retry_after_s": 3600,
      "request_id": "…",
      "docs": "https://docs.example.com/groups"
    }
    "#);
}

#[tokio::test]
async fn an_api_that_cannot_be_reached_is_unavailable() {
    let error = failure(&nowhere(), "messages_send", send()).await;
    assert_eq!(error.kind, ErrorKind::UpstreamUnavailable);
    assert!(error.message.contains("Nothing was done"), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_open_whether_a_write_was_done() {
    let address = raw(|connection| async move {
        // Closing with unread or unsent data resets the connection.
        connection.set_zero_linger().unwrap();
    })
    .await;
    let base_url = format!("http://{address}");
    let upstream = Upstream::builder(&base_url).max_retries(0).build().unwrap();
    let error = failure(&Context::new(upstream.clone()), "messages_send", send()).await;
    assert_eq!(error.kind, ErrorKind::UpstreamUnavailable);
    assert!(error.message.ends_with("look before you repeat the call, or it may be done twice"), "{error}");
    let error = failure(&Context::new(upstream), "groups_get", get()).await;
    assert!(error.message.ends_with("It is safe to try again"), "{error}");
}

#[tokio::test]
async fn what_is_not_http_is_an_error() {
    let address = writing(b"SSH-2.0-OpenSSH_9.9\r\n").await;
    let error = failure(&context(&format!("http://{address}")), "messages_send", send()).await;
    assert_eq!(error.kind, ErrorKind::UpstreamUnavailable);
}

#[tokio::test]
async fn an_api_that_hangs_is_given_up_at_the_deadline() {
    let address = raw(|connection| async move {
        let _connection = connection;
        std::future::pending::<()>().await;
    })
    .await;
    let context =
        context(&format!("http://{address}")).with_deadline(Instant::now() + Duration::from_millis(100));
    let error = failure(&context, "messages_send", send()).await;
    assert_eq!(error.kind, ErrorKind::Timeout);
}

#[tokio::test]
async fn a_cancelled_call_ends_and_says_so() {
    let address = raw(|mut connection| async move {
        let _ = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{").await;
        std::future::pending::<()>().await;
    })
    .await;
    let token = CancellationToken::new();
    let context = context(&format!("http://{address}")).with_cancellation(token.clone());
    let call = tokio::spawn(async move { failure(&context, "groups_get", get()).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    token.cancel();
    assert_eq!(call.await.unwrap().kind, ErrorKind::Cancelled);
}

#[tokio::test]
async fn an_answer_over_the_limit_is_not_read_and_names_the_arguments_that_narrow() {
    let server =
        answering(ResponseTemplate::new(200).set_body_raw(vec![b' '; 5000], "application/json")).await;
    let upstream = Upstream::builder(&server.uri()).max_response_bytes(1000).build().unwrap();
    let error = failure(&Context::new(upstream.clone()), "groups_list", json!({})).await;
    assert_eq!(error.kind, ErrorKind::ResponseTooLarge);
    insta::assert_snapshot!(error, @"the answer is larger than the limit of 1000 bytes: it has 5000; it was not read further. Ask for less with `limit`, `offset`");
    let error = failure(&Context::new(upstream), "pair_qr", json!({})).await;
    assert!(error.message.ends_with("A tool that returns less may serve"), "{error}");
}

#[tokio::test]
async fn a_retried_call_has_one_idempotency_key_and_another_call_another() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).up_to_n_times(1).mount(&server).await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "id": "1" }));
    Mock::given(any()).respond_with(answer).mount(&server).await;
    call(&context(&server.uri()), "messages_send", send()).await.unwrap();
    call(&context(&server.uri()), "messages_send", send()).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let keys: Vec<&str> =
        requests.iter().map(|request| request.headers["idempotency-key"].to_str().unwrap()).collect();
    assert_eq!(keys.len(), 3);
    assert!(!keys[0].is_empty());
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[1], keys[2]);
}

#[tokio::test]
async fn an_argument_that_the_clients_types_refuse_is_an_argument_error() {
    // An integer as far as the schema goes, but not for the client's 64 bits.
    let arguments = json!({
        "chatId": "1@c.us", "type": "image", "image": { "url": "u", "width": 1e300 },
    });
    let error = failure(&nowhere(), "messages_send", arguments).await;
    assert_eq!(error.kind, ErrorKind::InvalidArguments);
    insta::assert_snapshot!(error, @"
    `messages_send` was not called, because its arguments do not fit:
    - the API's client cannot send it: invalid type: floating point `1e+300`, expected i64
    ");
}

#[tokio::test]
async fn no_error_repeats_the_credential() {
    let header = Credential::header("X-Api-Key", KEY).unwrap();
    let bodies = [
        (401, json!({ "error": format!("bad key {KEY}"), "code": KEY, "docs": format!("https://d.example/?key={KEY}") }).to_string(), "application/json"),
        (500, format!("<html><body>Authorization: Bearer {KEY}</body></html>"), "text/html"),
        (400, format!("\"{KEY}\""), "application/json"),
        (200, format!("<html><body>{KEY}</body></html>"), "text/html"),
        (200, format!("{{\"key\": \"{KEY}\""), "application/json"),
    ];
    for (status, body, media_type) in bodies {
        let server = answering(ResponseTemplate::new(status).set_body_raw(body, media_type)).await;
        for context in [context(&server.uri()), context(&server.uri()).with_credential(header.clone())] {
            let error = failure(&context, "groups_get", get()).await;
            let all = format!("{error} {error:?} {}", serde_json::to_string(&error).unwrap());
            assert!(!all.contains(KEY), "{all}");
            assert!(all.contains("[credential]"), "{all}");
        }
    }
}

#[tokio::test]
async fn arguments_are_not_printed_by_debug() {
    use toolwright::{Arguments, HandWritten, Output, Toolset};

    async fn show(arguments: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
        Ok(Output::text(format!("{arguments:?}")))
    }
    let tool = HandWritten::new("show", "Shows.", show).input_schema(json!({
        "type": "object", "properties": { "pin": { "type": "string" } }
    }));
    let toolset = Toolset::builder(&crate::fixture::API).tool(tool).build().unwrap();
    let arguments = crate::fixture::object(json!({ "pin": "1234-secret" }));
    let output = toolset.call("show", arguments, &nowhere()).await.unwrap();
    insta::assert_snapshot!(crate::fixture::text(&output), @r#"Arguments { tool: "show", names: ["pin"] }"#);
}

#[tokio::test]
async fn a_wrong_answer_of_one_tool_leaves_the_next_call_alone() {
    let server = answering_json(json!({ "id": 5 })).await;
    let context = context(&server.uri());
    for _ in 0..2 {
        let output = call(&context, "groups_get", get()).await.unwrap();
        assert_eq!(output.structured, Some(json!({}).into()));
    }
}
