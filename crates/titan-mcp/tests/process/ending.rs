//! How a session ends, and what stdout holds until then.

use serde_json::json;

use crate::process::Process;
use crate::upstream::{SilentApi, closed};

#[tokio::test]
async fn a_client_may_leave_before_the_session_began() {
    let end = Process::start(&["--sandbox"]).leave().await;
    assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
}

#[tokio::test]
async fn a_client_may_leave_in_the_middle_of_a_line() {
    let mut server = Process::with_session(&["--sandbox"]).await;
    server.assert_usable().await;
    server.line(br#"{"jsonrpc":"2.0","id":1,"#).await;
    let end = server.leave().await;
    assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
}

#[tokio::test]
async fn a_client_may_leave_in_the_middle_of_a_call() {
    let api = SilentApi::start().await;
    let mut server = Process::with_session(&[&api.flag(), "--api-key=k"]).await;
    server.begin_call(1, "sessions_list", json!({})).await;
    let connection = api.request().await;
    let end = server.leave().await;
    assert!(end.is_clean(), "{end:?}");
    closed(connection).await;
}

#[tokio::test]
async fn what_was_asked_before_the_client_left_is_answered() {
    let mut server = Process::with_session(&["--sandbox"]).await;
    server.begin_call(1, "sessions_list", json!({})).await;
    let end = server.leave().await;
    assert!(end.is_clean(), "{end:?}");
    assert_eq!(end.unread.len(), 1, "{end:?}");
    assert_eq!(end.unread[0]["result"]["isError"], false, "{end:?}");
}

#[tokio::test]
async fn a_call_that_is_taken_back_ends_its_request_and_not_the_session() {
    let api = SilentApi::start().await;
    let mut server = Process::with_session(&[&api.flag(), "--api-key=k"]).await;
    server.begin_call(1, "sessions_list", json!({})).await;
    let connection = api.request().await;
    server.notify("notifications/cancelled", json!({ "requestId": 1 })).await;
    closed(connection).await;
    let answer = server.request(2, "ping", json!({})).await;
    assert_eq!(answer["result"], json!({}), "{answer}");
    let end = server.leave().await;
    assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_that_is_told_to_stop_stops() {
    let server = Process::with_session(&["--sandbox"]).await;
    let end = server.terminate().await;
    assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_the_requests_under_way() {
    let api = SilentApi::start().await;
    let mut server = Process::with_session(&[&api.flag(), "--api-key=k"]).await;
    server.begin_call(1, "sessions_list", json!({})).await;
    let connection = api.request().await;
    let end = server.terminate().await;
    assert!(end.is_clean(), "{end:?}");
    closed(connection).await;
}

/// Every line of stdout is read as JSON-RPC here, as in all these tests; the log goes to stderr.
#[tokio::test]
async fn the_log_does_not_mix_with_the_protocol() {
    for format in ["--log-format=text", "--log-format=json"] {
        let mut server = Process::with_session(&["--sandbox", "--log=debug", format]).await;
        server.assert_usable().await;
        server.line(b"hello").await;
        server.call(1, "sessions_get", json!({ "session": "nobody" })).await;
        let end = server.leave().await;
        assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
        assert!(end.stderr.contains("DEBUG"), "nothing was logged: {}", end.stderr);
    }
}
