//! What arguments must be beside what their schemas say, in the words of the API.

use serde_json::{Map, Value};
use toolwright::Problem;

pub(crate) const PHONE_NUMBER: &str = "phone_number must include country code and contain 8-15 digits";
pub(crate) const MESSAGE: &str = "message must be a non-empty string";

/// Whether a text is a phone number: 8 to 15 digits, whatever stands between them.
pub(crate) fn is_phone_number(text: &str) -> bool {
    (8..=15).contains(&text.chars().filter(char::is_ascii_digit).count())
}

/// What is wrong with arguments that fit the schema of their tool.
pub(crate) fn problems(_: &str, arguments: &Map<String, Value>) -> Vec<Problem> {
    let text = |name: &str| arguments.get(name).and_then(Value::as_str);
    let mut problems = Vec::new();
    if text("phone_number").is_some_and(|text| !is_phone_number(text)) {
        problems.push(Problem::new("/phone_number", PHONE_NUMBER));
    }
    if text("message").is_some_and(str::is_empty) {
        problems.push(Problem::new("/message", MESSAGE));
    }
    problems
}
