//! Arguments of a tool from the command line.

use std::collections::BTreeSet;
use std::io::Read as _;

use serde_json::{Map, Value};

use crate::settings::UsageError;

/// Reads a JSON object and `key=value` pairs, which win over it.
pub(super) fn read(
    schema: &Map<String, Value>,
    json: Option<&str>,
    pairs: &[String],
) -> Result<Map<String, Value>, UsageError> {
    let mut arguments = match json {
        None => Map::new(),
        Some("-") => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|error| UsageError::new(format!("--json -: stdin cannot be read: {error}")))?;
            object(&text)?
        }
        Some(text) => object(text)?,
    };
    let mut seen = BTreeSet::new();
    for pair in pairs {
        let Some((key, text)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(UsageError::new(format!("--arg `{pair}` has not the form key=value")));
        };
        if !seen.insert(key) {
            return Err(UsageError::new(format!(
                "--arg gives `{key}` twice; a list is one argument, such as --arg '{key}=[\"a\",\"b\"]'"
            )));
        }
        arguments.insert(key.to_owned(), value(schema, key, text));
    }
    Ok(arguments)
}

fn object(text: &str) -> Result<Map<String, Value>, UsageError> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(UsageError::new("--json is no object: write the arguments as {\"name\": value}")),
        Err(error) => Err(UsageError::new(format!("--json is not JSON: {error}"))),
    }
}

/// The text as JSON, where it is JSON and the tool does not want a text there.
fn value(schema: &Map<String, Value>, key: &str, text: &str) -> Value {
    let Ok(parsed) = serde_json::from_str::<Value>(text) else { return text.into() };
    let mut wanted = BTreeSet::new();
    if let Some(property) = schema.get("properties").and_then(|properties| properties.get(key)) {
        collect_types(schema, property, &mut wanted, 8);
    }
    let structured = match parsed {
        Value::Object(_) => Some("object"),
        Value::Array(_) => Some("array"),
        _ => None,
    };
    // Where both are wanted, a text that looks like a number is a text: a phone number, a message id.
    if wanted.contains("string") && !structured.is_some_and(|kind| wanted.contains(kind)) {
        return text.into();
    }
    parsed
}

/// The JSON types that a schema takes, through references and alternatives of at most this depth.
fn collect_types<'a>(
    root: &'a Map<String, Value>,
    schema: &'a Value,
    types: &mut BTreeSet<&'a str>,
    depth: usize,
) {
    if depth == 0 {
        return;
    }
    match schema.get("type") {
        Some(Value::String(one)) => drop(types.insert(one)),
        Some(Value::Array(several)) => types.extend(several.iter().filter_map(Value::as_str)),
        _ => {}
    }
    let words = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
    if words.into_iter().any(Value::is_string) {
        types.insert("string");
    }
    for member in ["anyOf", "oneOf", "allOf"] {
        for branch in schema.get(member).and_then(Value::as_array).into_iter().flatten() {
            collect_types(root, branch, types, depth - 1);
        }
    }
    let reference = schema.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"));
    if let Some(target) = reference.and_then(|name| root.get("$defs")?.get(name)) {
        collect_types(root, target, types, depth - 1);
    }
}
