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
async fn a_line_that_is_not_json_is_a_parse_error() {
    let mut server = sandbox().await;
    for line in [&b"{\"jsonrpc\":"[..], b"hello", b"\xff\xfe"] {
        server.line(line).await;
        let answer = server.receive().await;
        assert_eq!(code(&answer), Some(-32700), "{answer}");
        assert!(answer.get("id").is_none(), "{answer}");
        server.assert_usable().await;
    }
    let end = server.leave().await;
    assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
}

#[tokio::test]
async fn an_empty_line_is_passed_over() {
    let mut server = sandbox().await;
    for line in [&b""[..], b"\r", b" "] {
        server.line(line).await;
        server.assert_usable().await;
    }
    assert!(server.leave().await.is_clean());
}

#[tokio::test]
async fn a_line_that_is_not_json_may_come_before_the_session() {
    let mut server = Process::start(&["--sandbox"]);
    server.line(b"hello").await;
    let answer = server.receive().await;
    assert_eq!(code(&answer), Some(-32700), "{answer}");
    let answer = server.request(1, "ping", json!({})).await;
    assert_eq!(answer["result"], json!({}), "{answer}");
    assert!(server.leave().await.is_clean());
}

#[tokio::test]
async fn json_that_is_not_json_rpc_is_an_invalid_request() {
    let mut server = sandbox().await;
    for line in ["5", "null", "[]", "[1,2]", r#"{"a":1}"#] {
        server.line(line.as_bytes()).await;
        let answer = server.receive().await;
        assert_eq!(code(&answer), Some(-32600), "{line}: {answer}");
        assert!(answer.get("id").is_none(), "{answer}");
    }
    server.line(br#"{"jsonrpc":"1.0","id":8,"method":"tools/list"}"#).await;
    let answer = server.receive().await;
    assert_eq!((code(&answer), &answer["id"]), (Some(-32600), &json!(8)), "{answer}");
    server.assert_usable().await;
    assert!(server.leave().await.is_clean());
}

/// The server is answering one while it reads the other, over and over.
#[tokio::test]
async fn bad_lines_among_calls_are_all_answered() {
    const PAIRS: u64 = 200;
    let mut server = sandbox().await;
    for id in 0..PAIRS {
        server.begin_call(id, "sessions_list", json!({})).await;
        server.line(b"5").await;
    }
    let (mut refused, mut answered) = (0, 0);
    for _ in 0..2 * PAIRS {
        let answer = server.receive().await;
        refused += u64::from(code(&answer) == Some(-32600));
        answered += u64::from(answer["result"]["isError"] == false);
    }
    assert_eq!((refused, answered), (PAIRS, PAIRS));
    assert!(server.leave().await.is_clean());
}

/// Whether or not the first has its answer already when the second comes: two requests, two answers.
#[tokio::test]
async fn requests_under_one_id_are_all_answered() {
    const REQUESTS: u64 = 50;
    let mut server = sandbox().await;
    for _ in 0..REQUESTS {
        server.begin_call(7, "sessions_list", json!({})).await;
    }
    for _ in 0..REQUESTS {
        let answer = server.receive().await;
        assert_eq!(answer["id"], 7);
        assert!(answer["result"]["isError"] == false || code(&answer) == Some(-32600), "{answer}");
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

/// The length of the text in a call that is over the limit of 16 MiB.
const TOO_LONG: usize = 20_000_000;

/// Asserts that this line is refused as too long under this id, and that the session goes on.
async fn refused_as_too_long(line: String, id: Option<&Value>) {
    let mut server = sandbox().await;
    server.assert_usable().await;
    #[cfg(target_os = "linux")]
    let before = peak_memory(&server);
    server.line(line.as_bytes()).await;
    let answer = server.receive().await;
    assert_eq!((code(&answer), answer.get("id")), (Some(-32600), id), "{answer}");
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.contains(&line.len().to_string()) && message.contains("16777216 (16 MiB)"), "{message}");
    server.assert_usable().await;
    #[cfg(target_os = "linux")]
    assert!(peak_memory(&server) - before < 2 * TOO_LONG as u64, "the line was kept");
    let end = server.leave().await;
    assert!(end.is_clean() && end.unread.is_empty(), "{end:?}");
}

fn too_long_params() -> Value {
    json!({ "name": "messages_send", "arguments": { "text": "x".repeat(TOO_LONG), "id": 6 } })
}

#[tokio::test]
async fn a_request_of_twenty_megabytes_is_refused_under_its_id() {
    let request = json!({ "jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": too_long_params() });
    refused_as_too_long(request.to_string(), Some(&json!(5))).await;
}

/// As the official clients for TypeScript and Python write it.
#[tokio::test]
async fn a_request_of_twenty_megabytes_with_its_id_at_the_very_end_is_refused_under_its_id() {
    let request =
        json!({ "method": "tools/call", "params": too_long_params(), "jsonrpc": "2.0", "id": "five" });
    refused_as_too_long(request.to_string(), Some(&json!("five"))).await;
}

#[tokio::test]
async fn twenty_megabytes_without_a_usable_id_are_refused_without_one() {
    let request =
        json!({ "method": "tools/call", "params": too_long_params(), "jsonrpc": "2.0", "id": null });
    refused_as_too_long(request.to_string(), None).await;
    refused_as_too_long("x".repeat(TOO_LONG), None).await;
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
