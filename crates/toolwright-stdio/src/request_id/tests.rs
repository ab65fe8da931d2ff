use rmcp::model::RequestId;

use super::RequestIdFinder;

/// The id in a line, which arrives in two parts however it is cut.
fn id(line: &str) -> Option<RequestId> {
    let whole = id_in_parts(line, line.len());
    for cut in 0..line.len().min(100) {
        assert_eq!(id_in_parts(line, cut), whole, "{line} cut at {cut}");
    }
    whole
}

fn id_in_parts(line: &str, cut: usize) -> Option<RequestId> {
    let (first, second) = line.as_bytes().split_at(cut);
    let mut finder = RequestIdFinder::default();
    finder.read(first);
    finder.read(second);
    finder.finish()
}

fn text(id: &str) -> RequestId {
    RequestId::String(id.into())
}

#[test]
fn an_id_is_found_wherever_it_stands() {
    for line in [
        r#"{"id":7,"method":"m","params":{"id":8}}"#,
        r#"{"method":"m","params":{"id":8,"a":[{"id":9},"}"]},"jsonrpc":"2.0","id":7}"#,
        r#" { "method" : "m" , "id" : 7 , "params" : {} } "#,
        r#"{"a":"\"id\":8,","b":"\\","id":7,"c":",\"id\":9","method":"m"}"#,
        "\u{feff}{\"id\":7,\"method\":\"m\"}",
    ] {
        assert_eq!(id(line), Some(RequestId::Number(7)), "{line}");
    }
}

#[test]
fn an_id_is_a_text_or_an_integer() {
    assert_eq!(id(r#"{"method":"m","id":"a,\"b}"}"#), Some(text("a,\"b}")));
    assert_eq!(id(r#"{"method":"m","id":"1"}"#), Some(text("1")));
    assert_eq!(id(r#"{"method":"m","id":-1}"#), Some(RequestId::Number(-1)));
    for wrong in ["null", "1.5", "true", "[1]", r#"{"id":1}"#, "", "x", "1 2"] {
        let line = format!(r#"{{"method":"m","id":{wrong}}}"#);
        assert_eq!(id(&line), None, "{line}");
    }
}

#[test]
fn an_id_is_found_behind_a_long_text() {
    let line = format!(r#"{{"method":"m","params":{{"text":"{}"}},"id":7}}"#, r#"\",{"#.repeat(10_000));
    assert_eq!(id(&line), Some(RequestId::Number(7)));
}

#[test]
fn an_id_of_a_kilobyte_is_not_kept() {
    assert_eq!(id(&format!(r#"{{"method":"m","id":"{}"}}"#, "x".repeat(900))), Some(text(&"x".repeat(900))));
    assert_eq!(id(&format!(r#"{{"method":"m","id":"{}"}}"#, "x".repeat(2000))), None);
    assert_eq!(id(&format!(r#"{{"method":"m","id":{}1}}"#, " ".repeat(2000))), None);
}

#[test]
fn only_a_request_has_an_id_to_answer() {
    for line in [
        r#"{"id":7,"result":{}}"#,
        r#"{"id":7,"error":{"method":1}}"#,
        r#"{"params":{"id":7,"method":"m"}}"#,
        r#"[{"id":7,"method":"m"}]"#,
        r#""id":7,"method":"m""#,
        "xxxx",
        "}}}]]{{",
        "",
    ] {
        assert_eq!(id(line), None, "{line}");
    }
}
