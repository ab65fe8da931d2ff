//! `allOf`, and alternatives that only constrain.

use serde_json::{Map, Value, json};

use super::draft::{Draft, Log};
use super::kinds::Kinds;
use super::object_view::{self, enumeration, is_untyped, list};

/// How often a rule runs over what it made itself. Merged schemas bring nested ones with them, one level each time.
const MAX_PASSES: usize = 32;
/// What stays when a schema is replaced by another one.
const ANNOTATIONS: [&str; 5] = ["description", "title", "nullable", "readOnly", "writeOnly"];

/// Runs `simplify` over all schemas until it changes none.
pub(super) fn settle(
    draft: &mut Draft,
    simplify: impl Fn(&mut Map<String, Value>, &Map<String, Value>, &str, &mut Log) -> bool,
) {
    for _ in 0..MAX_PASSES {
        let schemas = draft.schemas().clone();
        let mut changed = false;
        draft.each_schema(|schema, pointer, log| changed |= simplify(schema, &schemas, pointer, log));
        if !changed {
            return;
        }
    }
}

/// Replaces what a schema says about its type, and keeps its annotations.
pub(super) fn replace(schema: &mut Map<String, Value>, by: Map<String, Value>) {
    schema.retain(|key, _| ANNOTATIONS.contains(&key.as_str()));
    for (key, value) in by {
        if key == "nullable" || !schema.contains_key(&key) {
            schema.insert(key, value);
        }
    }
}

/// Whether a schema says anything about its type besides what stands in `key`.
pub(super) fn is_plain_beside(schema: &Map<String, Value>, key: &str) -> bool {
    schema.keys().all(|known| known == key || ANNOTATIONS.contains(&known.as_str()))
}

pub(super) fn constraint_branches(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        for key in ["oneOf", "anyOf"] {
            let constrains = |branch: &Value| {
                let typed = branch.get("type").is_none_or(|name| name == "object");
                let mut branch = branch.clone();
                branch.as_object_mut().and_then(|branch| branch.remove("type"));
                typed && is_untyped(&branch) && branch.get("required").is_some()
            };
            let branches = schema.get(key).and_then(Value::as_array);
            if branches.is_some_and(|branches| branches.iter().all(constrains)) {
                schema.remove(key);
                log.report(pointer, format!("dropped `{key}` over required properties"));
            }
        }
        let stray = schema.contains_key("required")
            && schema.keys().all(|key| key == "required" || ANNOTATIONS.contains(&key.as_str()));
        if stray {
            schema.insert("type".to_owned(), json!("object"));
        }
    });
}

pub(super) fn apply(draft: &mut Draft) {
    settle(draft, compose);
}

fn compose(
    schema: &mut Map<String, Value>,
    schemas: &Map<String, Value>,
    pointer: &str,
    log: &mut Log,
) -> bool {
    let Some(Value::Array(parts)) = schema.get("allOf") else { return false };
    let alone = is_plain_beside(schema, "allOf");
    if alone && let [only] = parts.as_slice() {
        if only.get("$ref").is_some() {
            return false;
        }
        let inner = only.as_object().cloned().unwrap_or_default();
        replace(schema, inner);
        log.report(pointer, "`allOf` of one became that one");
        return true;
    }
    let typed: Vec<&Value> = parts.iter().filter(|part| !is_untyped(part)).collect();
    let requires = parts.iter().any(|part| is_untyped(part) && part.get("required").is_some());
    if alone
        && !requires
        && let [only] = typed.as_slice()
    {
        let mut by = Map::from_iter([("allOf".to_owned(), json!([only]))]);
        by.extend(
            parts.iter().find_map(|part| Some(("description".to_owned(), part.get("description")?.clone()))),
        );
        replace(schema, by);
        log.report(pointer, "`allOf` of one and annotations became that one");
        return true;
    }
    let whole = Value::Object(schema.clone());
    let (by, what) = if let Some(view) = object_view::of(&whole, schemas) {
        (view.into_schema(), "one object")
    } else {
        let scalar = scalar(&whole, &typed, schemas);
        let what = if scalar.is_empty() { "any value" } else { "a plain type" };
        (scalar, what)
    };
    replace(schema, by);
    log.report(pointer, format!("`allOf` became {what}"));
    true
}

/// The plain type that all parts agree on; nothing where there is none.
fn scalar(whole: &Value, parts: &[&Value], schemas: &Map<String, Value>) -> Map<String, Value> {
    let plain =
        parts.iter().fold(Kinds::of(whole, schemas), |kinds, part| kinds.and(Kinds::of(part, schemas)));
    let Some(Value::Object(mut scalar)) = plain.plain_schema() else { return Map::new() };
    if let Some(values) = parts.iter().find_map(|part| enumeration(resolved(part, schemas)?)) {
        scalar.insert("enum".to_owned(), json!(values));
    }
    scalar
}

/// Whether alternatives can be told apart by the value of one property that all pairs require.
pub(super) fn told_apart(branches: &[&Value], schemas: &Map<String, Value>) -> bool {
    let views: Option<Vec<_>> = branches.iter().map(|branch| object_view::of(branch, schemas)).collect();
    let Some(views) = views else { return false };
    views.iter().enumerate().all(|(index, one)| {
        views.iter().skip(index + 1).all(|other| {
            one.required.iter().filter(|name| other.required.contains(name)).any(|name| {
                let values = |view: &object_view::ObjectView| {
                    let property = view.properties.get(name)?;
                    enumeration(resolved(property, schemas)?).cloned()
                };
                match (values(one), values(other)) {
                    (Some(one), Some(other)) => one.iter().all(|value| !other.contains(value)),
                    _ => false,
                }
            })
        })
    })
}

/// Follows references and wrappers of one reference.
pub(super) fn resolved<'s>(schema: &'s Value, schemas: &'s Map<String, Value>) -> Option<&'s Value> {
    let mut schema = schema;
    for _ in 0..super::walk::MAX_DEPTH {
        let reference = match list(schema, "allOf") {
            [only] => only.get("$ref"),
            _ => schema.get("$ref"),
        };
        match reference.and_then(Value::as_str) {
            Some(reference) => schema = schemas.get(super::walk::component(reference)?)?,
            None => return Some(schema),
        }
    }
    None
}
