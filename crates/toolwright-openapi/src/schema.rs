//! Schemas of the document, in the dialect of `OpenAPI` 3.0 or 3.1, to JSON Schema 2020-12 that the large model
//! providers accept.

use serde_json::{Map, Value};

mod accept;
pub(crate) mod annotation;
mod convert;
mod definitions;
mod discriminator;
mod finish;
mod keyword;
pub(crate) mod merge;
pub(crate) mod output;
pub(crate) mod required_sets;
pub(crate) mod union;

pub(crate) use accept::accepts;
pub(crate) use convert::Converter;
pub(crate) use definitions::Definitions;
pub(crate) use finish::{add_examples, requires};

/// A converted schema. Boolean schemas have become objects.
pub(crate) type Schema = Map<String, Value>;

/// The names of all types.
const TYPES: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/// The types of a schema; none where it allows any.
pub(crate) fn types(schema: &Schema) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Writes a list of types in its shortest form.
pub(crate) fn set_types(schema: &mut Schema, mut types: Vec<String>) {
    match types.len() {
        0 => {
            schema.shift_remove("type");
        }
        1 => put_first(schema, "type", Value::from(types.swap_remove(0))),
        _ => put_first(schema, "type", Value::from(types)),
    }
}

/// Sets a member; a new one stands before all others.
fn put_first(schema: &mut Schema, key: &str, value: Value) {
    match schema.get_mut(key) {
        Some(old) => *old = value,
        None => {
            schema.shift_insert(0, key.to_owned(), value);
        }
    }
}

/// Whether a schema is about objects.
pub(crate) fn is_object(schema: &Schema) -> bool {
    types(schema).contains(&"object") || (!schema.contains_key("type") && schema.contains_key("properties"))
}

/// The type of a JSON value, by its most specific JSON Schema name.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The items of an array member that are texts.
pub(crate) fn texts<'s>(schema: &'s Schema, key: &str) -> impl Iterator<Item = &'s str> + use<'s> {
    schema.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
