//! How arguments are read: by the product's own rules, which are those of JavaScript in places.

use axum::body::{Body, to_bytes};
use serde_json::{Map, Value};

use super::answer::Problem;
use crate::jid::Jid;

#[cfg(test)]
mod tests;

/// The most bytes of a body. The product has no limit.
const MAX_BODY: usize = 1 << 20;
/// The most entries of a list.
const MAX_LIMIT: u32 = 100;

/// The members of a body. No body has none, and so has a body that is no object.
pub(super) async fn body(body: Body) -> Result<Map<String, Value>, Problem> {
    let bytes = to_bytes(body, MAX_BODY).await.map_err(|_| {
        Problem::new(format!("the body was cut off, or is larger than {} MB", MAX_BODY >> 20))
    })?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(Problem::malformed(error.to_string())),
    }
}

/// The digits of a phone number, however it is written.
pub(super) fn phone(value: Option<&Value>) -> Result<String, Problem> {
    let text = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if (8..=15).contains(&digits.len()) {
        Ok(digits)
    } else {
        Err(Problem::new("phone_number must include country code and contain 8-15 digits"))
    }
}

/// The address of the person with these digits.
pub(super) fn person(digits: &str) -> Jid {
    Jid::Phone(digits.to_owned())
}

/// The text of a message.
pub(super) fn message(value: Option<&Value>) -> Result<String, Problem> {
    match value {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        _ => Err(Problem::new("message must be a non-empty string")),
    }
}

/// How many entries are wanted; what JavaScript takes for false means the default.
pub(super) fn limit(value: Option<&Value>, default: u32) -> Result<u32, Problem> {
    let number = match value {
        None | Some(Value::Null | Value::Bool(false)) => return Ok(default),
        Some(Value::String(text)) if text.is_empty() => return Ok(default),
        Some(Value::Number(number)) => number.as_f64(),
        Some(_) => None,
    };
    match number {
        Some(0.0) => Ok(default),
        Some(number) => {
            (1..=MAX_LIMIT).find(|it| f64::from(*it).total_cmp(&number).is_eq()).ok_or_else(beyond)
        }
        None => Err(beyond()),
    }
}

/// The same from a query. A text that is no number means the default: JavaScript takes it for `NaN`, which is false.
pub(super) fn limit_of_query(text: Option<&str>, default: u32) -> Result<u32, Problem> {
    let number = text.unwrap_or_default().trim().parse().ok().filter(|it: &f64| it.is_finite());
    limit(number.and_then(serde_json::Number::from_f64).map(Value::Number).as_ref(), default)
}

fn beyond() -> Problem {
    Problem::new(format!("limit must be an integer between 1 and {MAX_LIMIT}"))
}
