//! Query strings and form bodies.

use serde_json::{Map, Value};

use super::{
    QueryPart, QueryStyle,
    encode::{component, text},
};

/// The query string of these parameters, without `?`; `None` where nothing is left to say.
pub(super) fn query(parts: &[QueryPart]) -> Option<String> {
    let mut pairs = Vec::new();
    for part in parts {
        match part.style {
            QueryStyle::Repeated => repeated(&part.name, &part.value, &mut pairs),
            QueryStyle::Comma => joined(&part.name, &part.value, ",", &mut pairs),
            QueryStyle::Space => joined(&part.name, &part.value, "%20", &mut pairs),
            QueryStyle::Pipe => joined(&part.name, &part.value, "%7C", &mut pairs),
            QueryStyle::Deep => deep(&part.name, &part.value, &mut pairs),
        }
    }
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// The members of a form body, as [`RequestBody::Form`](super::RequestBody::Form) says.
pub(super) fn form(members: &Map<String, Value>) -> String {
    let mut pairs = Vec::new();
    for (name, value) in members {
        match value {
            Value::Null => {}
            Value::Array(items) => pairs.extend(items.iter().map(|item| pair(name, item))),
            other => pairs.push(pair(name, other)),
        }
    }
    pairs.join("&")
}

fn repeated(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Array(items) => pairs.extend(items.iter().map(|item| pair(name, item))),
        Value::Object(members) => pairs.extend(members.iter().map(|(key, value)| pair(key, value))),
        plain => pairs.push(pair(name, plain)),
    }
}

fn joined(name: &str, value: &Value, separator: &str, pairs: &mut Vec<String>) {
    let encoded = |value: &Value| component(&text(value)).into_owned();
    let items: Vec<String> = match value {
        Value::Null => return,
        Value::Array(items) => items.iter().map(encoded).collect(),
        Value::Object(members) => {
            members.iter().flat_map(|(key, value)| [component(key).into_owned(), encoded(value)]).collect()
        }
        plain => vec![encoded(plain)],
    };
    if !items.is_empty() {
        pairs.push(format!("{}={}", component(name), items.join(separator)));
    }
}

fn deep(name: &str, value: &Value, pairs: &mut Vec<String>) {
    let Value::Object(members) = value else { return repeated(name, value, pairs) };
    for (key, value) in members {
        deep(&format!("{name}[{key}]"), value, pairs);
    }
}

fn pair(name: &str, value: &Value) -> String {
    format!("{}={}", component(name), component(&text(value)))
}
