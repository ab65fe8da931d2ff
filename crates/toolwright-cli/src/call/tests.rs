use serde_json::{Map, Value, json};

use super::{arguments, show};

fn schema() -> Map<String, Value> {
    let schema = json!({
        "type": "object",
        "properties": {
            "phone": { "type": "string" },
            "nick": { "type": ["string", "null"] },
            "age": { "type": "integer" },
            "tame": { "type": "boolean" },
            "tags": { "type": "array", "items": { "type": "string" } },
            "kind": { "enum": ["1", "2"] },
            "owner": { "$ref": "#/$defs/owner" },
            "picture": { "anyOf": [{ "type": "string" }, { "type": "object" }] },
        },
        "$defs": { "owner": { "type": "string" } },
    });
    schema.as_object().expect("an object").clone()
}

fn read(json: Option<&str>, pairs: &[&str]) -> Result<Value, String> {
    let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
    arguments::read(&schema(), json, &pairs).map(Value::Object).map_err(|error| error.to_string())
}

#[test]
fn a_text_stays_a_text_where_the_tool_wants_one() {
    let pairs = ["phone=12025550199", "nick=null", "kind=1", "owner=true", "picture=7"];
    let expected =
        json!({"phone": "12025550199", "nick": "null", "kind": "1", "owner": "true", "picture": "7"});
    assert_eq!(read(None, &pairs).expect("arguments"), expected);
}

#[test]
fn other_values_are_json_where_they_are_json() {
    let pairs = ["age=7", "tame=true", "tags=[\"a\"]", "picture={\"url\":\"x\"}", "unknown=1", "more=a=b"];
    let expected = json!({
        "age": 7, "tame": true, "tags": ["a"], "picture": {"url": "x"}, "unknown": 1, "more": "a=b",
    });
    assert_eq!(read(None, &pairs).expect("arguments"), expected);
}

#[test]
fn pairs_win_over_the_json_object() {
    let arguments = read(Some(r#"{"age": 1, "phone": "1"}"#), &["age=2"]);
    assert_eq!(arguments.expect("arguments"), json!({"age": 2, "phone": "1"}));
}

#[test]
fn malformed_arguments_are_refused() {
    assert_eq!(read(None, &["age"]).expect_err("no value"), "--arg `age` has not the form key=value");
    assert!(read(None, &["tags=a", "tags=b"]).expect_err("twice").starts_with("--arg gives `tags` twice"));
    assert!(read(Some("[]"), &[]).expect_err("a list").starts_with("--json is no object"));
    assert!(read(Some("{"), &[]).expect_err("cut off").starts_with("--json is not JSON"));
}

#[test]
fn a_file_that_exists_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("new");
    let first = show::write_fresh(&inner, "pair_qr", "png", b"1").expect("a file");
    let second = show::write_fresh(&inner, "pair_qr", "png", b"2").expect("a file");
    assert_eq!(second.file_name().expect("a name"), "pair_qr-2.png");
    assert_eq!(std::fs::read(first).expect("a file"), b"1");
}
