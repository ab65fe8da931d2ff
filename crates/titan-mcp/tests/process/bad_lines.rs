//! Lines that no good client sends. None of them ends the session.

use serde_json::{Value, json};

use crate::process::Process;

async fn sandbox() -> Process {
    Process::with_session(&["--sandbox"]).await
}

fn code(answer: &Value) -> Option<i64> {
    answer["error"]["code"].as_i64()
}

#[tokio::test]
async fn a_line_that_is_not_json_is_passed_over() {
    let mut server = sandbox().await;
    for line in [&b"{\"jsonrpc\":"[..], b"hello", b"\xff\xfe", b"", b"\r"] {
        server.line(line).await;
        server.assert_usable().await;
    }
    assert!(server.leave().await.is_clean());
}

#[tokio::test]
async fn a_line_that_is_not_json_may_come_before_the_session() {
    let mut server = Process::start(&["--sandbox"]);
    server.line(b"hello").await;
    let answer = server.request(1, "ping", json!({})).await;
    assert_eq!(answer["result"], json!({}), "{answer}");
    assert!(server.leave().await.is_clean());
}

/// One after the other, without calls in between: rmcp may lose its answer to such a line while it is still busy with
/// writing another.
#[tokio::test]
async fn json_that_is_not_json_rpc_is_an_invalid_request() {
    let mut server = sandbox().await;
    for line in
        ["5", "null", "[]", "[1,2]", r#"{"a":1}"#, r#"{"jsonrpc":"1.0","id":8,"method":"tools/list"}"#]
    {
        server.line(line.as_bytes()).await;
        let answer = server.receive().await;
        assert_eq!(code(&answer), Some(-32600), "{line}: {answer}");
    }
    server.assert_usable().await;
    assert!(server.leave().await.is_clean());
}

#[tokio::test]
async fn arguments_that_are_no_object_are_invalid_parameters() {
    let mut server = sandbox().await;
    for arguments in [json!([]), json!([1]), json!(5), json!("main"), json!("[1]"), json!(true)] {
        let answer = server.call(1, "sessions_get", arguments).await;
        assert_eq!(code(&answer), Some(-32602), "{answer}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains("`params.arguments`") && message.contains("object"), "{message}");
    }
    server.assert_usable().await;
}

#[tokio::test]
async fn arguments_as_the_json_text_of_an_object_are_taken_as_the_object() {
    let mut server = sandbox().await;
    let repaired = server.call(1, "sessions_get", json!(r#"{"session":"main"}"#)).await;
    assert_eq!(repaired["result"]["structuredContent"]["data"]["name"], "main", "{repaired}");
    let plain = server.call(2, "sessions_get", json!({ "session": "main" })).await;
    assert_eq!(repaired["result"], plain["result"], "the repair shows in the result");
}

#[tokio::test]
async fn an_unknown_method_is_told_as_one() {
    let mut server = sandbox().await;
    let answer = server.request(1, "tools/burn", json!({})).await;
    assert_eq!(code(&answer), Some(-32601), "{answer}");
    server.assert_usable().await;
}

/// The most memory that the process has had, in bytes.
#[cfg(target_os = "linux")]
fn peak_memory(server: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the kernel tells");
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

/// A line over the limit of 16 MiB is dropped unread, so that its request has no answer: its id is not known.
#[tokio::test]
async fn a_line_of_twenty_megabytes_is_dropped_and_logged() {
    const LINE: usize = 20_000_000;
    let mut server = sandbox().await;
    server.assert_usable().await;
    #[cfg(target_os = "linux")]
    let before = peak_memory(&server);
    server.begin_call(1, "messages_send", json!({ "text": "x".repeat(LINE) })).await;
    server.assert_usable().await;
    #[cfg(target_os = "linux")]
    assert!(peak_memory(&server) - before < 2 * LINE as u64, "the line was kept");
    let end = server.leave().await;
    assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
    assert!(end.stderr.contains("exceeded the maximum line length"), "{}", end.stderr);
}

#[tokio::test]
async fn a_line_below_the_limit_is_answered_however_long_it_is() {
    let mut server = sandbox().await;
    let arguments =
        json!({ "session": "main", "chatId": "5", "type": "text", "text": "x".repeat(4_000_000) });
    let answer = server.call(1, "messages_send", arguments).await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    assert!(answer.to_string().len() < 10_000, "the answer repeats the text");
    server.assert_usable().await;
}
