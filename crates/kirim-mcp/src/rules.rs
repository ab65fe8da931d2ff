//! What arguments must be beside what their schemas can say.

use serde_json::{Map, Value};
use toolwright::Problem;

/// The most rows of a list, in all its sections together.
const MAX_ROWS: usize = 10;

/// What is wrong with arguments that fit the schema of their tool.
pub(crate) fn problems(_: &str, arguments: &Map<String, Value>) -> Vec<Problem> {
    let list = arguments.get("interactive").and_then(|it| it.pointer("/action/sections")?.as_array());
    let rows = list.into_iter().flatten().filter_map(|section| section["rows"].as_array());
    let count = rows.map(Vec::len).sum::<usize>();
    if count <= MAX_ROWS {
        return Vec::new();
    }
    let message = format!("a list has at most {MAX_ROWS} rows in all its sections together, not {count}");
    vec![Problem::new("/interactive/action/sections", message)]
}
