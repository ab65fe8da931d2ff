//! Every reference points at a component with a plain name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::draft::Draft;
use super::{names, walk};
use crate::node::{child, pointer_of};

pub(super) fn apply(draft: &mut Draft) {
    plain_component_names(draft);
    path_items(draft);
    holders(draft);
    schemas(draft);
}

/// Renames component schemas, and every reference to them.
pub(super) fn rename_components(draft: &mut Draft, renames: &BTreeMap<String, String>) {
    if renames.is_empty() {
        return;
    }
    if let Some(schemas) = draft.object_mut("/components/schemas") {
        *schemas = std::mem::take(schemas)
            .into_iter()
            .map(|(name, schema)| (renames.get(&name).cloned().unwrap_or(name), schema))
            .collect();
    }
    for (name, renamed) in renames {
        draft.moved(&child("/components/schemas", name), &child("/components/schemas", renamed));
    }
    draft.each_schema(|schema, _, _| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(name) = walk::component(reference)
            && let Some(renamed) = renames.get(name)
        {
            *reference = format!("#/components/schemas/{renamed}");
        }
    });
}

/// Component schemas whose names would be escaped in a reference get names that are not.
fn plain_component_names(draft: &mut Draft) {
    let mut renames = BTreeMap::new();
    let schemas = draft.schemas().clone();
    for name in schemas.keys().filter(|name| !is_plain(name)) {
        let stem: String =
            name.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '_' }).collect();
        let plain = names::free(&stem, "", |name| {
            schemas.contains_key(name) || renames.values().any(|taken| *taken == name)
        });
        draft.report(&child("/components/schemas", name), format!("renamed to `{plain}`"));
        renames.insert(name.clone(), plain);
    }
    draft.each_schema(|schema, _, _| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(name) = pointer_of(reference).as_deref().and_then(component_name)
            && renames.contains_key(&name)
        {
            *reference = format!("#/components/schemas/{name}");
        }
    });
    rename_components(draft, &renames);
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || "._-".contains(char))
}

/// The name of the component schema at a pointer, unescaped.
fn component_name(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'))?;
    Some(name.replace("~1", "/").replace("~0", "~"))
}

/// Path items by reference become path items.
fn path_items(draft: &mut Draft) {
    let paths: Vec<String> =
        draft.document["paths"].as_object().map(|paths| paths.keys().cloned().collect()).unwrap_or_default();
    for path in paths {
        let pointer = child("/paths", &path);
        if draft.document.pointer(&child(&pointer, "$ref")).is_some()
            && let Some((_, target)) = draft.resolve(&pointer)
        {
            let target = target.clone();
            if let Some(item) = draft.object_mut(&pointer) {
                *item = target;
            }
            draft.report(&pointer, "the path item that was referred to stands here");
        }
    }
}

/// Parameters, request bodies and responses by reference to anything but a component stand where they are used.
fn holders(draft: &mut Draft) {
    let mut places = Vec::new();
    for (pointer, item) in objects(&draft.document["paths"], "/paths") {
        places.extend(listed(item, &pointer));
        for (pointer, operation) in objects_of(item, &pointer) {
            places.extend(listed(operation, &pointer));
            places.push(child(&pointer, "requestBody"));
            places.extend(
                operation
                    .get("responses")
                    .into_iter()
                    .flat_map(|responses| objects(responses, &child(&pointer, "responses")))
                    .map(|(pointer, _)| pointer),
            );
        }
    }
    for pointer in places {
        let reference =
            draft.document.pointer(&pointer).and_then(|holder| holder.get("$ref")).and_then(Value::as_str);
        let Some(reference) = reference else { continue };
        let mut segments = reference.rsplit('/');
        let plain = segments.next().is_some_and(is_plain)
            && segments
                .next()
                .is_some_and(|section| ["parameters", "requestBodies", "responses"].contains(&section))
            && segments.next() == Some("components")
            && segments.next() == Some("#");
        if plain {
            continue;
        }
        let Some((_, target)) = draft.resolve(&pointer) else { continue };
        let target = target.clone();
        if let Some(holder) = draft.object_mut(&pointer) {
            *holder = target;
        }
        draft.report(&pointer, "the object that was referred to stands here");
    }
}

fn objects<'v>(value: &'v Value, pointer: &str) -> Vec<(String, &'v Map<String, Value>)> {
    value.as_object().map(|object| objects_of(object, pointer)).unwrap_or_default()
}

fn objects_of<'v>(object: &'v Map<String, Value>, pointer: &str) -> Vec<(String, &'v Map<String, Value>)> {
    object.iter().filter_map(|(key, value)| Some((child(pointer, key), value.as_object()?))).collect()
}

fn listed(holder: &Map<String, Value>, pointer: &str) -> Vec<String> {
    let parameters = holder.get("parameters").and_then(Value::as_array).map_or(0, Vec::len);
    (0..parameters).map(|index| format!("{pointer}/parameters/{index}")).collect()
}

/// Schemas by reference to anything but a component become components.
fn schemas(draft: &mut Draft) {
    let mut made: BTreeMap<String, Value> = BTreeMap::new();
    loop {
        let mut wanted = Vec::new();
        let known = draft.schemas().clone();
        draft.each_schema(|schema, _, _| {
            if let Some(Value::String(reference)) = schema.get("$ref")
                && !walk::component(reference).is_some_and(|name| known.contains_key(name))
            {
                wanted.push(reference.clone());
            }
        });
        if wanted.is_empty() {
            return;
        }
        for reference in wanted {
            made.entry(reference).or_insert_with_key(|reference| component_for(draft, reference));
        }
        draft.each_schema(|schema, pointer, log| {
            let reference = schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
            let Some((reference, replacement)) =
                reference.and_then(|reference| made.get_key_value(&reference))
            else {
                return;
            };
            schema.remove("$ref");
            schema.extend(replacement.as_object().cloned().unwrap_or_default());
            let what = match replacement["$ref"].as_str().and_then(walk::component) {
                Some(name) => format!("refers to component `{name}`"),
                None => "refers to no schema; any value is allowed".to_owned(),
            };
            log.report(pointer, format!("`{reference}` {what}"));
        });
    }
}

/// A reference to a component that is a copy of what `reference` points at; any value where it points at nothing.
fn component_for(draft: &mut Draft, reference: &str) -> Value {
    let target = pointer_of(reference);
    let schema = target
        .as_deref()
        .and_then(|target| draft.document.pointer(target))
        .filter(|schema| schema.is_object());
    let (Some(target), Some(schema)) = (target.as_deref(), schema.cloned()) else { return json!({}) };
    let words = ["components", "schemas", "properties", "$defs", "definitions", "content", "schema"];
    let name: Vec<&str> =
        target.split('/').filter(|segment| !segment.is_empty() && !words.contains(segment)).collect();
    draft.add_schema(&name.join("-"), schema, target)
}
