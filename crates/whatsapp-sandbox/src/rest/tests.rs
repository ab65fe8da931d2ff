use serde::Deserialize;
use serde_json::{Value, json};

use super::fit;

#[derive(Debug, Deserialize)]
struct Order {
    #[expect(dead_code, reason = "only its reading is tested")]
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    #[expect(dead_code, reason = "only its reading is tested")]
    count: u32,
}

#[test]
fn what_does_not_fit_is_named_with_its_place() {
    let problem = |value: Value| fit::<Order>(value).unwrap_err().to_string();
    assert_eq!(problem(json!({})), "the body does not fit: missing field `items`");
    assert!(problem(json!({ "items": [{ "count": 1 }, { "count": "two" }] })).contains("`items[1].count`"));
    assert!(problem(json!(7)).contains("invalid type"));
}
