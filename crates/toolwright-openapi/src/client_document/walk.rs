//! Where the schemas of a document stand.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::node::child;

/// The longest chain of references that is followed, and the deepest nesting that is looked into.
pub(super) const MAX_DEPTH: usize = 64;

/// The keywords whose value is a schema.
const SINGLE: [&str; 11] = [
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "additionalItems",
    "unevaluatedProperties",
    "unevaluatedItems",
];
/// The keywords whose value is an array of schemas.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// The keywords whose value has schemas as members.
const MAPS: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// Calls `visit` for a schema and every schema in it, outer ones first. References are not followed.
pub(crate) fn schema(value: &mut Value, pointer: &str, visit: &mut dyn FnMut(&mut Map<String, Value>, &str)) {
    let Value::Object(object) = value else { return };
    visit(object, pointer);
    for (pointer, value) in children(object, pointer) {
        schema(value, &pointer, visit);
    }
}

/// The schemas directly in a schema, with their pointers.
pub(super) fn children<'s>(
    object: &'s mut Map<String, Value>,
    pointer: &str,
) -> Vec<(String, &'s mut Value)> {
    let mut found = Vec::new();
    for (key, value) in object.iter_mut() {
        let key = key.as_str();
        if MAPS.contains(&key) {
            let members = value.as_object_mut().into_iter().flatten();
            found.extend(members.map(|(name, value)| (child(&format!("{pointer}/{key}"), name), value)));
        } else if value.is_array() && (LISTS.contains(&key) || key == "items") {
            let items = value.as_array_mut().into_iter().flatten().enumerate();
            found.extend(items.map(|(index, value)| (format!("{pointer}/{key}/{index}"), value)));
        } else if SINGLE.contains(&key) {
            found.push((format!("{pointer}/{key}"), value));
        }
    }
    found
}

/// The pointers of every schema that stands in no other schema.
pub(crate) fn schema_roots(document: &Value) -> Vec<String> {
    let mut roots = Vec::new();
    let components = document.get("components");
    for (pointer, _) in members(components, "schemas", "/components") {
        roots.push(pointer);
    }
    for (pointer, parameter) in members(components, "parameters", "/components") {
        parameter_roots(parameter, &pointer, &mut roots);
    }
    for section in ["requestBodies", "responses"] {
        for (pointer, holder) in members(components, section, "/components") {
            content_roots(holder, &pointer, &mut roots);
        }
    }
    for (pointer, item) in members(Some(document), "paths", "") {
        parameters_roots(item, &pointer, &mut roots);
        for (key, operation) in item.as_object().into_iter().flatten() {
            if operation.is_object() {
                operation_roots(operation, &child(&pointer, key), &mut roots);
            }
        }
    }
    roots
}

/// The pointers of the schemas of request bodies, and of every component that they reach.
pub(super) fn request_roots(document: &Value) -> Vec<String> {
    let mut roots = Vec::new();
    for (pointer, holder) in members(document.get("components"), "requestBodies", "/components") {
        content_roots(holder, &pointer, &mut roots);
    }
    for (pointer, item) in members(Some(document), "paths", "") {
        for (key, operation) in item.as_object().into_iter().flatten() {
            if let Some(body) = operation.get("requestBody") {
                content_roots(body, &format!("{}/requestBody", child(&pointer, key)), &mut roots);
            }
        }
    }
    let mut reached = BTreeSet::new();
    let starts: Vec<&Value> = roots.iter().filter_map(|root| document.pointer(root)).collect();
    for start in starts {
        reach(document, start, &mut reached);
    }
    roots.extend(reached.iter().map(|name| child("/components/schemas", name)));
    roots
}

/// Adds the names of the component schemas that `value` refers to, directly or not.
pub(super) fn reach(document: &Value, value: &Value, reached: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(component)
                && reached.insert(name.to_owned())
                && let Some(target) =
                    document.pointer("/components/schemas").and_then(|schemas| schemas.get(name))
            {
                reach(document, target, reached);
            }
            object.values().for_each(|value| reach(document, value, reached));
        }
        Value::Array(list) => list.iter().for_each(|value| reach(document, value, reached)),
        _ => {}
    }
}

/// The name of the component schema that a reference points at.
pub(super) fn component(reference: &str) -> Option<&str> {
    reference.strip_prefix("#/components/schemas/")
}

fn operation_roots(operation: &Value, pointer: &str, roots: &mut Vec<String>) {
    parameters_roots(operation, pointer, roots);
    if let Some(body) = operation.get("requestBody") {
        content_roots(body, &format!("{pointer}/requestBody"), roots);
    }
    for (pointer, response) in members(Some(operation), "responses", pointer) {
        content_roots(response, &pointer, roots);
    }
}

fn parameters_roots(holder: &Value, pointer: &str, roots: &mut Vec<String>) {
    for (index, parameter) in
        holder.get("parameters").and_then(Value::as_array).into_iter().flatten().enumerate()
    {
        parameter_roots(parameter, &format!("{pointer}/parameters/{index}"), roots);
    }
}

fn parameter_roots(parameter: &Value, pointer: &str, roots: &mut Vec<String>) {
    if parameter.get("schema").is_some() {
        roots.push(format!("{pointer}/schema"));
    }
    content_roots(parameter, pointer, roots);
}

fn content_roots(holder: &Value, pointer: &str, roots: &mut Vec<String>) {
    for (pointer, media) in members(Some(holder), "content", pointer) {
        if media.get("schema").is_some() {
            roots.push(format!("{pointer}/schema"));
        }
    }
}

fn members<'v>(value: Option<&'v Value>, key: &str, pointer: &str) -> Vec<(String, &'v Value)> {
    let pointer = child(pointer, key);
    let members = value.and_then(|value| value.get(key)).and_then(Value::as_object);
    members.into_iter().flatten().map(|(name, value)| (child(&pointer, name), value)).collect()
}
