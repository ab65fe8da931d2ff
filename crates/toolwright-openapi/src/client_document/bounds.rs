//! Keywords that no Rust type expresses, and those that the client leaves to the API.

use serde_json::{Map, Value, json};

use super::draft::{Draft, Log};

/// The keywords that say something about any value.
const GENERAL: [&str; 13] = [
    "$ref",
    "type",
    "title",
    "description",
    "nullable",
    "readOnly",
    "writeOnly",
    "default",
    "enum",
    "allOf",
    "anyOf",
    "oneOf",
    "required",
];
/// The keywords that say something about values of one type.
const SPECIAL: [(&str, &[&str]); 6] = [
    ("object", &["properties", "additionalProperties", "minProperties", "maxProperties"]),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    ("string", &["format", "minLength", "maxLength", "pattern"]),
    ("integer", NUMERIC),
    ("number", NUMERIC),
    ("boolean", &[]),
];
const NUMERIC: &[&str] =
    &["format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const UNENFORCED: [&str; 9] = [
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "multipleOf",
];

pub(super) fn unsupported_keywords(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        known_type(schema, pointer, log);
        let name = schema.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        drop_keywords(schema, pointer, log, |key| !applies(key, &name));
        for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            if schema.get(bound).is_none() {
                drop_keywords(schema, pointer, log, |key| key == exclusive);
            }
        }
    });
}

pub(super) fn unenforced_bounds(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        drop_keywords(schema, pointer, log, |key| UNENFORCED.contains(&key));
    });
}

pub(super) fn defaults(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        if let Some(value) = schema.remove("default") {
            log.report(pointer, format!("the client does not send {value} by itself"));
        }
    });
}

/// Whether a keyword says something about values of a type.
pub(super) fn applies(keyword: &str, name: &str) -> bool {
    GENERAL.contains(&keyword)
        || SPECIAL.iter().any(|(known, keywords)| *known == name && keywords.contains(&keyword))
}

/// Drops a type that nobody knows, and says the one that the other keywords imply.
fn known_type(schema: &mut Map<String, Value>, pointer: &str, log: &mut Log) {
    if let Some(name) = schema.get("type").and_then(Value::as_str).map(str::to_owned) {
        if SPECIAL.iter().all(|(known, _)| *known != name) {
            schema.remove("type");
            log.report(pointer, format!("`type: {name}` is no type; any value is allowed"));
        }
        return;
    }
    let implied = if schema.contains_key("properties") || schema.contains_key("additionalProperties") {
        "object"
    } else if schema.contains_key("items") {
        "array"
    } else {
        return;
    };
    schema.insert("type".to_owned(), json!(implied));
    log.report(pointer, format!("said `type: {implied}`"));
}

fn drop_keywords(
    schema: &mut Map<String, Value>,
    pointer: &str,
    log: &mut Log,
    unwanted: impl Fn(&str) -> bool,
) {
    let names: Vec<String> =
        schema.keys().filter(|key| unwanted(key)).map(|key| format!("`{key}`")).collect();
    if !names.is_empty() {
        schema.retain(|key, _| !unwanted(key));
        log.report(pointer, format!("dropped {}", names.join(", ")));
    }
}
