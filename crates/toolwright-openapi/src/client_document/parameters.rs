//! Parameters that the typed client can write, and the operations that have others.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::draft::{Draft, Place};
use super::kinds::Kinds;
use super::{names, paths};

/// Names that the generated methods use themselves.
const TAKEN: [&str; 1] = ["header_map"];
/// Header parameters that the specification says to ignore.
const IGNORED: [&str; 3] = ["Accept", "Authorization", "Content-Type"];

/// Drops the header parameters that are set elsewhere.
pub(super) fn headers_of_the_context(draft: &mut Draft) {
    for place in draft.operations() {
        for pointer in paths::parameters(draft, &place).into_iter().rev() {
            let Some((_, parameter)) = draft.resolve(&pointer) else { continue };
            if text(parameter, "in") != "header" {
                continue;
            }
            let name = text(parameter, "name").to_owned();
            let marked = parameter.get("x-idempotency") == Some(&Value::Bool(true));
            if marked || name.eq_ignore_ascii_case("idempotency-key") {
                draft.idempotency_headers.insert(place.id.clone(), name.clone());
            } else if !IGNORED.iter().any(|ignored| name.eq_ignore_ascii_case(ignored))
                && !draft.credential_headers.contains(&name.to_ascii_lowercase())
            {
                continue;
            }
            paths::remove(draft, &pointer);
            draft.report(&pointer, format!("header `{name}` is no parameter"));
        }
    }
}

/// Leaves out the operations with a parameter that the typed client cannot write.
pub(super) fn apply(draft: &mut Draft) {
    for place in draft.operations() {
        if let Some(reason) = inexpressible(draft, &place) {
            draft.leave_out(&place, &reason);
        }
    }
}

fn inexpressible(draft: &Draft, place: &Place) -> Option<String> {
    let schemas = draft.schemas();
    let mut taken: BTreeMap<String, String> =
        TAKEN.iter().map(|&name| (name.to_owned(), format!("`{name}`"))).collect();
    if draft.document.pointer(&format!("{}/requestBody", place.pointer)).is_some() {
        taken.insert("body".to_owned(), "the request body".to_owned());
    }
    for pointer in paths::parameters(draft, place) {
        let Some((_, parameter)) = draft.resolve(&pointer) else { continue };
        let name = text(parameter, "name");
        if let Some(feature) = unwritable(parameter, schemas) {
            return Some(format!("The typed client cannot send `{name}`: {feature}."));
        }
        if let Some(other) = taken.insert(names::parameter(name), format!("`{name}`")) {
            return Some(format!("The typed client cannot tell `{name}` from {other}."));
        }
    }
    None
}

/// What the typed client cannot write about a parameter.
fn unwritable(parameter: &Map<String, Value>, schemas: &Map<String, Value>) -> Option<String> {
    let Some(schema) = parameter.get("schema") else {
        return Some("it is written as a media type".to_owned());
    };
    let location = text(parameter, "in");
    let style = text(parameter, "style");
    let kinds = Kinds::of(schema, schemas);
    let plain_style = match location {
        "query" => ["", "form"].contains(&style),
        "path" | "header" => ["", "simple"].contains(&style),
        _ => return Some("it is a cookie".to_owned()),
    };
    if !plain_style {
        return Some(format!("it is written in style `{style}`"));
    }
    if kinds == Kinds::ANY {
        return Some("its type is open".to_owned());
    }
    if kinds.within(Kinds::SCALAR) {
        return None;
    }
    if kinds.overlaps(Kinds::OBJECT) {
        return Some("it is an object".to_owned());
    }
    if location != "query" {
        return Some(format!("it is a list in the {location}"));
    }
    if parameter.get("explode") == Some(&Value::Bool(false)) {
        return Some("its items are joined by commas".to_owned());
    }
    let items = items_of(schema, schemas).map(|items| Kinds::of(items, schemas));
    let scalar = items.is_some_and(|items| items.within(Kinds::SCALAR));
    (!scalar).then(|| "its items are no plain values".to_owned())
}

/// The schema of the items of an array, behind references and alternatives.
fn items_of<'s>(schema: &'s Value, schemas: &'s Map<String, Value>) -> Option<&'s Value> {
    let mut pending = vec![schema];
    for _ in 0..super::walk::MAX_DEPTH {
        let schema = pending.pop()?;
        if let Some(items) = schema.get("items") {
            return Some(items);
        }
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(super::walk::component);
        pending.extend(reference.and_then(|name| schemas.get(name)));
        for key in ["allOf", "anyOf", "oneOf"] {
            pending.extend(schema.get(key).and_then(Value::as_array).into_iter().flatten());
        }
    }
    None
}

fn text<'o>(object: &'o Map<String, Value>, key: &str) -> &'o str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}
