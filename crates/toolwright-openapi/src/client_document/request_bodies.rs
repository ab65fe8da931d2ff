//! Request bodies that the typed client can send, and the operations that have others.

use serde_json::{Map, Value, json};

use super::draft::{Draft, Place};
use super::kinds::Kinds;
use super::object_view;
use crate::media_type::essence;

pub(super) fn apply(draft: &mut Draft) {
    for place in draft.operations() {
        let body = format!("{}/requestBody", place.pointer);
        let Some((pointer, holder)) = draft.resolve(&body) else {
            if let Some(operation) = draft.object_mut(&place.pointer) {
                operation.remove("requestBody");
            }
            continue;
        };
        let content: Vec<String> = holder
            .get("content")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        if content.is_empty() {
            if let Some(operation) = draft.object_mut(&place.pointer) {
                operation.remove("requestBody");
            }
            draft.report(&body, "dropped a body without a media type");
            continue;
        }
        match choose(draft, &pointer, holder, &content) {
            Ok(media_type) => keep(draft, &pointer, &media_type),
            Err(reason) => draft.leave_out(&place, &reason),
        }
    }
    unused(draft);
}

/// The media type that the typed client sends, or why it can send none, as a sentence.
fn choose(
    draft: &Draft,
    pointer: &str,
    holder: &Map<String, Value>,
    content: &[String],
) -> Result<String, String> {
    let schemas = draft.schemas();
    if let Some(multipart) = content.iter().find(|name| essence(name).starts_with("multipart/"))
        && (content.len() == 1 || has_file(&holder["content"][multipart]["schema"], schemas))
    {
        return Err("The body is multipart.".to_owned());
    }
    if holder.get("required") != Some(&json!(true)) {
        return Err("The body may be left out.".to_owned());
    }
    if let Some(json) = content.iter().find(|name| essence(name) == "application/json") {
        return Ok(json.clone());
    }
    let [only] = content else {
        return Err("The body has several media types, and none of them is JSON.".to_owned());
    };
    let media = draft.document.pointer(pointer).map_or(&Value::Null, |holder| &holder["content"][only]);
    match essence(only).as_str() {
        "application/octet-stream" | "text/plain" => Ok(only.clone()),
        "application/x-www-form-urlencoded" if media.get("encoding").is_some() => {
            Err("The form says how its members are encoded.".to_owned())
        }
        "application/x-www-form-urlencoded" if is_flat(&media["schema"], schemas) => Ok(only.clone()),
        "application/x-www-form-urlencoded" => {
            Err("The form has a member that is an array or an object.".to_owned())
        }
        other => Err(format!("The body is `{other}`.")),
    }
}

/// Keeps one media type of a request body, under its plain name and with a schema that the generator takes.
fn keep(draft: &mut Draft, pointer: &str, media_type: &str) {
    let Some(holder) = draft.object_mut(pointer) else { return };
    let Some(Value::Object(content)) = holder.get_mut("content") else { return };
    let dropped: Vec<String> = content.keys().filter(|name| *name != media_type).cloned().collect();
    let schema = content.get(media_type).and_then(|media| media.get("schema")).cloned();
    let plain = essence(media_type);
    let fixed = match plain.as_str() {
        "application/octet-stream" => Some(json!({ "type": "string", "format": "binary" })),
        "text/plain" => Some(json!({ "type": "string" })),
        _ => None,
    };
    let is_open = fixed.is_none() && schema.is_none();
    let wanted = fixed.or(schema).unwrap_or_else(|| json!({}));
    *content = Map::from_iter([(plain, json!({ "schema": wanted }))]);
    for name in dropped {
        draft.report(pointer, format!("dropped `{name}`, kept `{media_type}`"));
    }
    if is_open {
        draft.report(pointer, format!("`{media_type}` has no schema; any value is allowed"));
    }
}

/// The schemas of bodies that no operation sends would only be looked at in vain.
fn unused(draft: &mut Draft) {
    let used: Vec<String> = draft
        .operations()
        .iter()
        .filter_map(|Place { pointer, .. }| draft.resolve(&format!("{pointer}/requestBody")))
        .map(|(pointer, _)| pointer)
        .collect();
    if let Some(bodies) = draft.object_mut("/components/requestBodies") {
        bodies.retain(|name, _| used.contains(&crate::node::child("/components/requestBodies", name)));
    }
}

/// Whether an object has a member that is a file, or a list of them.
fn has_file(schema: &Value, schemas: &Map<String, Value>) -> bool {
    let Some(view) = object_view::of(schema, schemas) else { return true };
    view.properties.values().any(|property| {
        let is_file = |schema: &Value| schema.get("format") == Some(&json!("binary"));
        is_file(property) || property.get("items").is_some_and(is_file)
    })
}

/// Whether an object has plain values only.
fn is_flat(schema: &Value, schemas: &Map<String, Value>) -> bool {
    object_view::of(schema, schemas).is_some_and(|view| {
        view.rest.is_none()
            && view.properties.values().all(|property| Kinds::of(property, schemas).within(Kinds::SCALAR))
    })
}
