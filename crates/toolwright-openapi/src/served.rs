//! The document as a server carries it: in `OpenAPI` 3.1, whose schemas are plain JSON Schemas.
//!
//! A server that checks requests by its document needs no rules of 3.0 then: `nullable` is a type, an exclusive bound is a
//! number, and every other keyword means what a validator of JSON Schema takes it to mean.

use serde_json::{Map, Value, json};

use crate::client_document::walk;
use crate::node::child;

#[cfg(test)]
mod tests;

/// The same document in `OpenAPI` 3.1. One that is in it already stays as it is.
///
/// It takes documents that [`lower`](crate::lower) accepts; of another it converts what it understands.
pub fn served_document(document: &Value) -> Value {
    let mut served = document.clone();
    let is_3_0 = document.get("openapi").and_then(Value::as_str).is_some_and(|it| it.starts_with("3.0."));
    if !is_3_0 {
        return served;
    }
    served["openapi"] = json!("3.1.0");
    for root in walk::schema_roots(document).into_iter().chain(header_roots(document)) {
        if let Some(schema) = served.pointer_mut(&root) {
            walk::schema(schema, &root, &mut |schema, _| {
                exclusive_bounds(schema);
                nullable(schema);
            });
        }
    }
    served
}

/// `nullable` becomes one more type; what is listed in `enum` must name null as well, as 3.0 wants it to.
fn nullable(schema: &mut Map<String, Value>) {
    if schema.shift_remove("nullable") != Some(Value::Bool(true)) {
        return;
    }
    if let Some(name) = schema.get_mut("type").filter(|it| it.is_string()) {
        *name = json!([name.take(), "null"]);
    }
    if let Some(reference) = schema.shift_remove("$ref") {
        schema.insert("anyOf".to_owned(), json!([{ "$ref": reference }, { "type": "null" }]));
    }
}

/// A flag beside an inclusive bound becomes a bound of its own.
fn exclusive_bounds(schema: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match schema.get(exclusive) {
            Some(Value::Bool(true)) => match schema.shift_remove(inclusive) {
                Some(bound) => schema.insert(exclusive.to_owned(), bound),
                None => schema.shift_remove(exclusive),
            },
            Some(Value::Bool(false)) => schema.shift_remove(exclusive),
            _ => None,
        };
    }
}

/// The pointers of the schemas of response headers.
fn header_roots(document: &Value) -> Vec<String> {
    let mut roots = Vec::new();
    for header in names(document, "/components/headers") {
        roots.push(format!("{header}/schema"));
    }
    let mut holders = names(document, "/components/responses");
    for operation in names(document, "/paths").iter().flat_map(|item| names(document, item)) {
        holders.extend(names(document, &format!("{operation}/responses")));
    }
    for header in holders.iter().flat_map(|holder| names(document, &format!("{holder}/headers"))) {
        roots.push(format!("{header}/schema"));
    }
    roots
}

/// The pointers of the members of the object at a pointer.
fn names(document: &Value, pointer: &str) -> Vec<String> {
    let members = document.pointer(pointer).and_then(Value::as_object);
    members.into_iter().flatten().map(|(name, _)| child(pointer, name)).collect()
}
