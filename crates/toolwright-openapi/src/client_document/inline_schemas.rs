//! Every type of the client has a name of our choice.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::NULL_IS_A_VALUE;
use super::composition::{is_plain_beside, replace, resolved};
use super::draft::Draft;
use super::object_view::enumeration;
use super::{names, unreachable, walk};
use crate::node::child;

/// Which inline schemas become components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// Those with a place of their own: properties, items, bodies. The parts of a composition stay where they are.
    Placed,
    /// Alternatives too.
    All,
}

/// Makes components of inline schemas, so that merging two objects never copies what a property holds.
pub(super) fn placed(draft: &mut Draft) {
    name_all(draft, Which::Placed);
}

/// Puts components that became plain types back where they are used, drops those that were merged into others, and makes
/// components of what still is inline.
pub(super) fn remaining(draft: &mut Draft) {
    put_back(draft);
    unreachable::apply(draft);
    name_all(draft, Which::All);
}

fn name_all(draft: &mut Draft, which: Which) {
    let components: Vec<String> = draft.schemas().keys().cloned().collect();
    for name in components {
        let pointer = child("/components/schemas", &name);
        name_children(draft, &pointer, &names::type_name(&name), which);
    }
    for (name, pointer) in roots(draft) {
        name_schema(draft, &pointer, &name, which);
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

fn name_schema(draft: &mut Draft, pointer: &str, name: &str, which: Which) {
    name_children(draft, pointer, name, which);
    let Some(schema) = draft.object_mut(pointer) else { return };
    if !makes_type(schema) {
        return;
    }
    let mut moved = std::mem::take(schema);
    let mut kept: Map<String, Value> =
        ["nullable", NULL_IS_A_VALUE].into_iter().filter_map(|key| moved.remove_entry(key)).collect();
    // The field of a struct has a description of its own, and says itself whether it is only read.
    if pointer.rsplit('/').nth(1) == Some("properties") {
        kept.extend(["readOnly", "writeOnly"].into_iter().filter_map(|key| moved.remove_entry(key)));
        kept.extend(
            moved.get("description").map(|description| ("description".to_owned(), description.clone())),
        );
    }
    let reference = draft.add_schema(name, Value::Object(moved), pointer);
    let Some(place) = draft.object_mut(pointer) else { return };
    if kept.is_empty() {
        place.extend(reference.as_object().cloned().unwrap_or_default());
    } else {
        place.insert("allOf".to_owned(), json!([reference]));
        place.extend(kept);
    }
}

fn name_children(draft: &mut Draft, pointer: &str, name: &str, which: Which) {
    let Some(schema) = draft.object_mut(pointer) else { return };
    let places: Vec<String> = walk::children(schema, pointer).into_iter().map(|(place, _)| place).collect();
    for place in places {
        let relation = place.get(pointer.len()..).unwrap_or_default();
        let suffix = suffix(relation, draft.document.pointer(&place), draft.schemas());
        let child_name = format!("{name}{}", names::type_name(&suffix));
        let is_alternative = ["/anyOf/", "/oneOf/"].iter().any(|list| relation.starts_with(list));
        if relation.starts_with("/allOf/") {
            name_children(draft, &place, name, which);
        } else if is_alternative && which == Which::Placed {
            name_children(draft, &place, &child_name, which);
        } else {
            name_schema(draft, &place, &child_name, which);
        }
    }
}

/// What a schema is to the one that holds it.
fn suffix(relation: &str, schema: Option<&Value>, schemas: &Map<String, Value>) -> String {
    let segments: Vec<&str> = relation.split('/').skip(1).collect();
    match segments.as_slice() {
        ["properties", name] => name.replace("~1", "/").replace("~0", "~"),
        ["items"] => "item".to_owned(),
        ["additionalProperties"] => "value".to_owned(),
        [_, index] => {
            schema.and_then(|schema| told_by(schema, schemas)).unwrap_or_else(|| format!("variant-{index}"))
        }
        _ => String::new(),
    }
}

/// The value that tells an alternative from the others, as part of its name.
fn told_by(schema: &Value, schemas: &Map<String, Value>) -> Option<String> {
    let properties = schema.get("properties")?.as_object()?;
    properties.values().find_map(|property| {
        match enumeration(resolved(property, schemas)?).map(Vec::as_slice) {
            Some([Value::String(only)]) => Some(only.clone()),
            _ => None,
        }
    })
}

/// Whether the generator makes a named type of a schema, or a rule to come may.
fn makes_type(schema: &Map<String, Value>) -> bool {
    let has_properties =
        schema.get("properties").and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    let is_composed = schema.contains_key("allOf") && !is_wrapper(schema);
    has_properties || is_composed || ["enum", "oneOf", "anyOf"].iter().any(|key| schema.contains_key(*key))
}

/// Whether a schema is a reference with annotations.
fn is_wrapper(schema: &Map<String, Value>) -> bool {
    let parts = schema.get("allOf").and_then(Value::as_array).map_or([].as_slice(), Vec::as_slice);
    matches!(parts, [only] if only.get("$ref").is_some()) && is_plain_beside(schema, "allOf")
}

fn is_recursive(draft: &Draft, name: &str) -> bool {
    let mut reached = BTreeSet::new();
    let schema = draft.schemas().get(name).unwrap_or(&Value::Null);
    walk::reach(&draft.document, schema, &mut reached);
    reached.contains(name)
}

/// Components of ours that no rule made a type of stand where they are used again.
fn put_back(draft: &mut Draft) {
    let plain: BTreeMap<String, Map<String, Value>> = draft
        .schemas()
        .iter()
        .filter(|(name, _)| draft.is_ours(name))
        .filter_map(|(name, schema)| Some((name.clone(), schema.as_object()?.clone())))
        .filter(|(name, schema)| !makes_type(schema) && !is_recursive(draft, name))
        .collect();
    let target = |schema: &Map<String, Value>| {
        let reference = match schema.get("allOf") {
            Some(Value::Array(parts)) if is_wrapper(schema) => parts.first()?.get("$ref"),
            _ => schema.get("$ref"),
        };
        plain.get(walk::component(reference?.as_str()?)?)
    };
    // A chain of components is as long as there are components.
    for _ in 0..=plain.len() {
        let mut changed = false;
        draft.each_schema(|schema, _, _| {
            if let Some(by) = target(schema).cloned() {
                schema.remove("$ref");
                replace(schema, by);
                changed = true;
            }
        });
        if !changed {
            break;
        }
    }
    if let Some(schemas) = draft.object_mut("/components/schemas") {
        schemas.retain(|name, _| !plain.contains_key(name));
    }
}
