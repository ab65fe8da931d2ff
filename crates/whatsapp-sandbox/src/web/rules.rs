//! How arguments are read: by the product's own rules, which are those of JavaScript in places.

use axum::body::{Body, to_bytes};
use axum::extract::RawQuery;
use serde_json::{Map, Number, Value};
use url::form_urlencoded;

use super::answer::Problem;
use crate::jid::Jid;

#[cfg(test)]
mod tests;

/// The most bytes of a body: as many as the server in front takes, if not set otherwise. The product has no limit.
const MAX_BODY: usize = 4 << 20;
/// The most entries of a list.
const MAX_LIMIT: u32 = 100;

/// The members of a body. No body has none, and so has a body that is no object.
pub(super) async fn body(body: Body) -> Result<Map<String, Value>, Problem> {
    let bytes = to_bytes(body, MAX_BODY).await.map_err(|_| {
        Problem::new(format!("the body was cut off, or is larger than {} MiB", MAX_BODY >> 20))
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
        Some(Value::Number(number)) => written(number),
        _ => String::new(),
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if (8..=15).contains(&digits.len()) {
        Ok(digits)
    } else {
        Err(Problem::new("phone_number must include country code and contain 8-15 digits"))
    }
}

/// A number as JavaScript writes it: one without a fraction has no decimal point, however it came.
fn written(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float.to_string(),
        _ => number.to_string(),
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
    let number = number(text.unwrap_or_default().trim());
    if number.is_some_and(f64::is_infinite) {
        return Err(beyond());
    }
    limit(number.and_then(Number::from_f64).map(Value::Number).as_ref(), default)
}

/// What JavaScript makes of a text; none where that is `NaN`.
fn number(text: &str) -> Option<f64> {
    if let Some((radix, digits)) = in_another_base(text) {
        // Beyond the limit in any case, where it does not fit.
        return digits
            .chars()
            .all(|it| it.is_digit(radix))
            .then(|| u32::from_str_radix(digits, radix).map_or(f64::INFINITY, f64::from));
    }
    match text.trim_start_matches(['+', '-']) {
        "Infinity" => Some(f64::INFINITY),
        // Rust reads `inf`, `nan` and their like, which are no numbers in JavaScript.
        rest if rest.starts_with(|it: char| it.is_ascii_alphabetic()) => None,
        _ => text.parse().ok(),
    }
}

fn in_another_base(text: &str) -> Option<(u32, &str)> {
    let (prefix, digits) = text.split_at_checked(2)?;
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    (!digits.is_empty()).then_some((radix, digits))
}

/// A parameter of a query. Of several of one name the first counts.
pub(super) fn parameter(query: &RawQuery, name: &str) -> Option<String> {
    let pairs = form_urlencoded::parse(query.0.as_deref().unwrap_or_default().as_bytes());
    pairs.into_iter().find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

fn beyond() -> Problem {
    Problem::new(format!("limit must be an integer between 1 and {MAX_LIMIT}"))
}
