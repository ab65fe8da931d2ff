use rmcp::RoleServer;
use rmcp::model::{GetMeta as _, JsonRpcMessage, RequestId};
use rmcp::service::RxJsonRpcMessage;
use serde_json::{Value, json};

use super::{as_call, read};
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

/// What rmcp itself makes of a line.
fn as_rmcp_reads(line: &str) -> RxJsonRpcMessage<RoleServer> {
    serde_json::from_str(line).unwrap()
}

#[test]
fn a_call_is_read_as_rmcp_reads_it() {
    let meta = json!({ "progressToken": 5, "traceparent": "00-1-2-01" });
    for params in [
        json!({ "name": "t" }),
        json!({ "name": "t", "arguments": { "a": [1, 2.5, null, { "b": "ü" }] } }),
        json!({ "name": "t", "arguments": null }),
        json!({ "_meta": meta, "name": "t", "arguments": {} }),
        json!({ "_meta": null, "name": "t", "requestState": "s", "inputResponses": {}, "unknown": 1 }),
    ] {
        for id in [json!(1), json!("1")] {
            let call = json!({ "method": "tools/call", "params": params, "jsonrpc": "2.0", "id": id });
            let line = call.to_string();
            let (ours, theirs) = (as_call(line.as_bytes()).unwrap(), as_rmcp_reads(&line));
            assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{line}");
            assert_eq!(meta_of(ours), meta_of(theirs), "{line}");
        }
    }
}

/// The members of `_meta`, which the debug form leaves out.
fn meta_of(message: RxJsonRpcMessage<RoleServer>) -> Value {
    let JsonRpcMessage::Request(request) = message else { panic!("not a request: {message:?}") };
    serde_json::to_value(request.request.get_meta()).unwrap()
}

#[test]
fn what_is_no_plain_call_is_left_to_rmcp() {
    for line in [
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"},"result":{}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":"{}"}}"#,
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#,
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"t"}}"#,
        r#"{"jsonrpc":"1.0","id":1,"method":"tools/call","params":{"name":"t"}}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"t"}}"#,
    ] {
        assert!(as_call(line.as_bytes()).is_none(), "{line}");
    }
}
