use rmcp::model::{JsonRpcMessage, RequestId};
use serde_json::{Value, json};

use super::read;
use crate::lines::{Line, TooLong};

fn answer(line: Line<'_>) -> Value {
    let refusal = read(line).expect_err("the line is refused");
    serde_json::to_value(refusal.into_answer()).unwrap()
}

fn answer_to(line: &str) -> Value {
    answer(Line::Whole(line.as_bytes()))
}

#[test]
fn a_request_is_a_message() {
    let request = br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    let windows = [b"\xef\xbb\xbf", &request[..], b"\r"].concat();
    for line in [&request[..], &windows] {
        let message = read(Line::Whole(line)).unwrap();
        assert!(matches!(message, Some(JsonRpcMessage::Request(_))), "{message:?}");
    }
}

#[test]
fn an_empty_line_needs_no_answer() {
    for line in [&b""[..], b"\r", b" \t"] {
        assert!(matches!(read(Line::Whole(line)), Ok(None)));
    }
}

#[test]
fn an_unknown_notification_needs_no_answer() {
    for line in [
        r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":[]}}"#,
        r#"{"method":"$/setTrace"}"#,
    ] {
        let message = read(Line::Whole(line.as_bytes()));
        assert!(matches!(message, Ok(None | Some(JsonRpcMessage::Notification(_)))), "{line}: {message:?}");
    }
}

#[test]
fn a_line_that_is_not_json_is_a_parse_error_without_id() {
    for line in [&b"hello"[..], b"{\"jsonrpc\":", b"{} {}", b"\xff\xfe", b"\"\xff\""] {
        let answer = answer(Line::Whole(line));
        assert_eq!(answer["error"]["code"], -32700, "{answer}");
        assert!(answer.get("id").is_none(), "{answer}");
    }
    let message = "the line is not JSON: expected value at line 1 column 1; send each message as JSON in one line of \
                   UTF-8";
    assert_eq!(
        answer_to("hello"),
        json!({ "jsonrpc": "2.0", "error": { "code": -32700, "message": message } })
    );
}

#[test]
fn json_that_is_no_message_is_an_invalid_request() {
    for line in [
        "5",
        "null",
        "[]",
        r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#,
        r#"{"a":1}"#,
        r#"{"jsonrpc":"2.0","id":1}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{},"error":{}}"#,
        r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
    ] {
        let answer = answer_to(line);
        assert_eq!(answer["error"]["code"], -32600, "{answer}");
        assert!(answer.get("id").is_none(), "{line}: {answer}");
    }
}

#[test]
fn a_request_of_another_version_is_refused_under_its_id() {
    for id in [json!(8), json!("eight")] {
        let answer = answer_to(&json!({ "jsonrpc": "1.0", "id": id, "method": "ping" }).to_string());
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&id, &json!(-32600)), "{answer}");
    }
}

#[test]
fn a_line_that_is_too_long_is_refused_under_its_id() {
    let line = TooLong { bytes: 20_000_120, limit: 16 << 20, id: Some(RequestId::Number(3)) };
    let message =
        "the message has 20000120 bytes and the limit is 16777216 (16 MiB): send less in one message";
    let expected = json!({ "jsonrpc": "2.0", "id": 3, "error": { "code": -32600, "message": message } });
    assert_eq!(answer(Line::TooLong(line)), expected);
}
