use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{fit, fit_exactly};

/// Like a generated type: it takes any field and keeps its own.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    items: Vec<Item>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Item {
    count: u32,
}

#[test]
fn what_does_not_fit_is_named_with_its_place() {
    let problem = |value: Value| fit::<Order>(value).unwrap_err().to_string();
    assert_eq!(problem(json!({})), "the body does not fit: missing field `items`");
    assert!(problem(json!({ "items": [{ "count": 1 }, { "count": "two" }] })).contains("`items[1].count`"));
    assert!(problem(json!(7)).contains("invalid type"));
}

#[test]
fn a_field_that_would_be_dropped_is_refused() {
    let problem = |value: Value| fit_exactly::<Order>(value).unwrap_err().to_string();
    assert!(problem(json!({ "items": [], "color": "red" })).ends_with("no field `color`"));
    assert!(problem(json!({ "items": [{ "count": 1, "a/b": 2 }] })).ends_with("no field `items/0/a~1b`"));
    assert!(fit_exactly::<Order>(json!({ "items": [{ "count": 1 }], "note": null })).is_ok());
}
