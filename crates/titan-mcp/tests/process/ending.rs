//! How a session ends, and what stdout holds until then.

#[cfg(unix)]
use std::process::Stdio;

use serde_json::json;
#[cfg(unix)]
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::process::Process;
#[cfg(unix)]
use crate::process::{program, soon, terminate};
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
    server.write(br#"{"jsonrpc":"2.0","id":1,"#).await;
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
    // The call was ended, and not merely abandoned when a time for waiting was over.
    assert_eq!(end.unread.len(), 1, "{end:?}");
    assert_eq!(end.unread[0]["result"]["structuredContent"]["kind"], "cancelled", "{end:?}");
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

/// Before anything is served: the warning comes first.
#[cfg(unix)]
#[tokio::test]
async fn a_server_may_be_told_to_stop_while_it_starts() {
    for _ in 0..10 {
        let mut command = program(&["--base-url=http://titan.example.com", "--api-key=k"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut warning = String::new();
        soon(log.read_line(&mut warning)).await.unwrap();
        assert!(warning.contains("warning"), "{warning}");
        terminate(&child).await;
        let status = soon(child.wait()).await.unwrap();
        assert_eq!(status.code(), Some(0), "{status}");
    }
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
        server.receive().await;
        server.call(1, "sessions_get", json!({ "session": "nobody" })).await;
        let end = server.leave().await;
        assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
        assert!(end.stderr.contains("DEBUG"), "nothing was logged: {}", end.stderr);
    }
}
