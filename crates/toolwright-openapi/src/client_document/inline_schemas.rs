//! Every type of the client has a name of our choice.

use serde_json::{Map, Value, json};

use super::NULL_IS_A_VALUE;
use super::draft::Draft;
use super::object_view::enumeration;
use super::{names, walk};
use crate::node::child;

pub(super) fn apply(draft: &mut Draft) {
    let components: Vec<String> = draft.schemas().keys().cloned().collect();
    for name in components {
        let pointer = child("/components/schemas", &name);
        name_children(draft, &pointer, &names::type_name(&name));
    }
    for (name, pointer) in roots(draft) {
        name_schema(draft, &pointer, &name);
    }
}

/// The schemas outside of components, with the names that the generator would give them.
fn roots(draft: &Draft) -> Vec<(String, String)> {
    let mut named = Vec::new();
    let text = |pointer: &str| draft.document.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    for root in walk::schema_roots(&draft.document) {
        let segments: Vec<&str> = root.split('/').skip(1).collect();
        let name = match segments.as_slice() {
            ["components", "schemas", ..] => continue,
            ["components", "requestBodies", name, ..] => format!("{name}-body"),
            ["components", _, name, ..] => (*name).to_owned(),
            ["paths", path, method, rest @ ..] => {
                let operation = text(&format!("/paths/{path}/{method}/operationId"));
                match rest {
                    ["parameters", index, ..] => {
                        let parameter = format!("/paths/{path}/{method}/parameters/{index}/name");
                        format!("{operation}-{}", text(&parameter))
                    }
                    ["responses", status, ..] if status.starts_with('2') => format!("{operation}-response"),
                    ["responses", ..] => format!("{operation}-error"),
                    _ => format!("{operation}-body"),
                }
            }
            _ => continue,
        };
        named.push((names::type_name(&name), root));
    }
    named
}

fn name_schema(draft: &mut Draft, pointer: &str, name: &str) {
    name_children(draft, pointer, name);
    let Some(schema) = draft.object_mut(pointer) else { return };
    if !makes_type(schema) {
        return;
    }
    let mut moved = std::mem::take(schema);
    let mut kept: Map<String, Value> =
        ["nullable", NULL_IS_A_VALUE].into_iter().filter_map(|key| moved.remove_entry(key)).collect();
    // The field of a struct has a description of its own.
    if pointer.rsplit('/').nth(1) == Some("properties") {
        kept.extend(
            moved.get("description").map(|description| ("description".to_owned(), description.clone())),
        );
    }
    let reference = draft.add_schema(name, Value::Object(moved));
    draft.report(pointer, format!("became {}", said(&reference)));
    let Some(place) = draft.object_mut(pointer) else { return };
    if kept.is_empty() {
        place.extend(reference.as_object().cloned().unwrap_or_default());
    } else {
        place.insert("allOf".to_owned(), json!([reference]));
        place.extend(kept);
    }
}

fn name_children(draft: &mut Draft, pointer: &str, name: &str) {
    let Some(schema) = draft.object_mut(pointer) else { return };
    let children: Vec<(String, String)> = walk::children(schema, pointer)
        .into_iter()
        .map(|(place, value)| {
            let suffix = suffix(&place, pointer, value);
            (place, format!("{name}{}", names::type_name(&suffix)))
        })
        .collect();
    for (place, name) in children {
        name_schema(draft, &place, &name);
    }
}

/// What a schema is to the one that holds it.
fn suffix(place: &str, holder: &str, schema: &Value) -> String {
    let segments: Vec<&str> = place.get(holder.len()..).unwrap_or_default().split('/').skip(1).collect();
    match segments.as_slice() {
        ["properties", name] => name.replace("~1", "/").replace("~0", "~"),
        ["items"] => "item".to_owned(),
        ["additionalProperties"] => "value".to_owned(),
        [_, index] => told_by(schema).unwrap_or_else(|| format!("variant-{index}")),
        _ => String::new(),
    }
}

/// The value that tells an alternative from the others, as part of its name.
fn told_by(schema: &Value) -> Option<String> {
    let properties = schema.get("properties")?.as_object()?;
    properties.values().find_map(|property| match enumeration(property).map(Vec::as_slice) {
        Some([Value::String(only)]) => Some(only.clone()),
        _ => None,
    })
}

/// Whether the generator makes a named type of a schema.
fn makes_type(schema: &Map<String, Value>) -> bool {
    let has_properties =
        schema.get("properties").and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    has_properties || schema.contains_key("enum") || schema.contains_key("oneOf")
}

fn said(reference: &Value) -> String {
    let name = reference["$ref"].as_str().and_then(walk::component).unwrap_or_default();
    format!("component `{name}`")
}
