//! From the schemas of `OpenAPI` 3.1 to those of 3.0.

use serde_json::{Map, Value, json};

use super::bounds::applies;
use super::draft::{Draft, Log};
use super::walk;

type Schema = Map<String, Value>;

pub(super) fn apply(draft: &mut Draft) {
    let version = draft.document["openapi"].as_str().unwrap_or_default().to_owned();
    if !version.starts_with("3.0.") {
        draft.report("/openapi", format!("{version} became 3.0.3"));
        draft.document["openapi"] = json!("3.0.3");
    }
    for root in walk::schema_roots(&draft.document) {
        if let Some(schema) = draft.document.pointer_mut(&root).filter(|schema| schema.is_boolean()) {
            *schema = json!({});
            draft.report(&root, "a boolean schema became any value");
        }
    }
    draft.each_schema(|schema, pointer, log| {
        booleans(schema, pointer, log);
        types(schema, pointer, log);
        null_branches(schema, pointer, log);
        constant(schema, pointer, log);
        bounds(schema, pointer, log);
        containers(schema, pointer, log);
        beside_reference(schema, pointer, log);
    });
}

fn booleans(schema: &mut Schema, pointer: &str, log: &mut Log) {
    for (place, value) in walk::children(schema, pointer) {
        if value.is_boolean() && !place.ends_with("/additionalProperties") {
            *value = json!({});
            log.report(&place, "a boolean schema became any value");
        }
    }
}

/// A list of types becomes one type, `nullable`, or alternatives.
fn types(schema: &mut Schema, pointer: &str, log: &mut Log) {
    let listed = match schema.get("type") {
        Some(Value::Array(types)) => types.clone(),
        Some(Value::String(only)) if only == "null" => vec![json!("null")],
        _ => return,
    };
    let mut types = listed.clone();
    types.retain(|name| name.as_str() != Some("null"));
    if types.len() < listed.len() {
        schema.insert("nullable".to_owned(), json!(true));
    }
    schema.remove("type");
    match types.as_slice() {
        [] => {}
        [only] => {
            schema.insert("type".to_owned(), only.clone());
        }
        several if several.len() >= 6 => {}
        several => {
            let branches: Vec<Value> = several.iter().map(|name| branch(schema, name)).collect();
            schema.retain(|key, _| {
                ["description", "title", "nullable", "readOnly", "writeOnly"].contains(&key.as_str())
            });
            schema.insert("oneOf".to_owned(), Value::Array(branches));
        }
    }
    log.report(pointer, format!("`type: {}` said in the words of 3.0", Value::Array(listed)));
}

/// One of several types with everything that the schema says about it.
fn branch(schema: &Schema, name: &Value) -> Value {
    let mut branch = schema.clone();
    let name_text = name.as_str().unwrap_or_default();
    branch.retain(|key, _| {
        applies(key, name_text) && !["description", "title", "nullable", "default"].contains(&key.as_str())
    });
    branch.insert("type".to_owned(), name.clone());
    Value::Object(branch)
}

/// `null` among alternatives becomes `nullable`.
fn null_branches(schema: &mut Schema, pointer: &str, log: &mut Log) {
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.get_mut(key) else { continue };
        let before = branches.len();
        branches.retain(|branch| !is_null(branch));
        if branches.len() == before {
            continue;
        }
        if branches.is_empty() {
            schema.remove(key);
        }
        schema.insert("nullable".to_owned(), json!(true));
        log.report(pointer, format!("`null` in `{key}` became `nullable`"));
    }
}

fn is_null(branch: &Value) -> bool {
    let only_null = |value: &Value| match value {
        Value::Array(values) => {
            !values.is_empty() && values.iter().all(|value| value.is_null() || value == "null")
        }
        other => other == "null",
    };
    branch.get("type").is_some_and(only_null)
        || branch.get("const").is_some_and(Value::is_null)
        || (branch.get("type").is_none() && branch.get("enum").is_some_and(only_null))
}

fn constant(schema: &mut Schema, pointer: &str, log: &mut Log) {
    if let Some(value) = schema.remove("const") {
        log.report(pointer, format!("`const: {value}` became an `enum` of one"));
        schema.insert("enum".to_owned(), json!([value]));
    }
}

fn bounds(schema: &mut Schema, pointer: &str, log: &mut Log) {
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(bound) = schema.get(exclusive).filter(|bound| bound.is_number()).cloned() {
            schema.insert(inclusive.to_owned(), bound);
            schema.insert(exclusive.to_owned(), json!(true));
            log.report(pointer, format!("a number in `{exclusive}` became `{inclusive}` with a flag"));
        }
    }
}

/// Tuples become arrays of any value, and pattern properties become additional properties.
fn containers(schema: &mut Schema, pointer: &str, log: &mut Log) {
    let tuple = schema.remove("prefixItems").is_some() || schema.get("items").is_some_and(Value::is_array);
    if tuple {
        schema.insert("items".to_owned(), json!({}));
        log.report(pointer, "a tuple became an array of any value");
    }
    if schema.remove("patternProperties").is_some() {
        schema.insert("additionalProperties".to_owned(), json!({}));
        log.report(pointer, "`patternProperties` became additional properties of any value");
    }
}

/// What stands beside a reference is kept where 3.0 can say it, by wrapping the reference.
fn beside_reference(schema: &mut Schema, pointer: &str, log: &mut Log) {
    if schema.len() == 1 || !schema.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    let Some(reference) = schema.remove("$ref") else { return };
    let annotations = ["description", "title", "nullable", "readOnly", "writeOnly"];
    let without_effect =
        ["example", "examples", "deprecated", "externalDocs", "xml", "default", "summary", "$comment"];
    let dropped: Vec<String> = schema
        .keys()
        .filter(|key| !annotations.contains(&key.as_str()) && !without_effect.contains(&key.as_str()))
        .filter(|key| !key.starts_with("x-"))
        .map(|key| format!("`{key}`"))
        .collect();
    if !dropped.is_empty() {
        log.report(pointer, format!("dropped {} beside a reference", dropped.join(", ")));
    }
    schema.retain(|key, _| annotations.contains(&key.as_str()));
    if schema.is_empty() {
        schema.insert("$ref".to_owned(), reference);
    } else {
        schema.insert("allOf".to_owned(), json!([{ "$ref": reference }]));
    }
}
