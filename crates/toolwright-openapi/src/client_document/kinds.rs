//! Which sorts of JSON value a schema allows.

use serde_json::{Map, Value};

use super::walk::{self, MAX_DEPTH};

/// A set of sorts of JSON value. `null` is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const STRING: Self = Self(1);
    pub(super) const INTEGER: Self = Self(2);
    pub(super) const NUMBER: Self = Self(2 | 4);
    pub(super) const BOOLEAN: Self = Self(8);
    pub(super) const ARRAY: Self = Self(16);
    pub(super) const OBJECT: Self = Self(32);
    pub(super) const SCALAR: Self = Self(1 | 2 | 4 | 8);
    pub(super) const ANY: Self = Self(63);
    const NONE: Self = Self(0);

    /// The sorts that a schema allows, its references followed into `schemas`.
    pub(super) fn of(schema: &Value, schemas: &Map<String, Value>) -> Self {
        kinds(schema, schemas, MAX_DEPTH)
    }

    /// Whether nothing is allowed that `other` does not allow.
    pub(super) fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether there is a sort that both allow.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all that is allowed is of one sort (integers and numbers are one).
    pub(super) fn is_one(self) -> bool {
        [Self::STRING, Self::NUMBER, Self::BOOLEAN, Self::ARRAY, Self::OBJECT]
            .iter()
            .any(|one| self.within(*one))
    }

    fn of_type(name: &str) -> Self {
        match name {
            "string" => Self::STRING,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "boolean" => Self::BOOLEAN,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => Self::ANY,
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::NONE,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if number.is_f64() => Self::NUMBER,
            Value::Number(_) => Self::INTEGER,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }
}

fn kinds(schema: &Value, schemas: &Map<String, Value>, depth: usize) -> Kinds {
    if depth == 0 {
        return Kinds::ANY;
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = walk::component(reference).and_then(|name| schemas.get(name));
        return target.map_or(Kinds::ANY, |target| kinds(target, schemas, depth - 1));
    }
    let mut allowed = own_kinds(schema);
    let branches = |key: &str| schema.get(key).and_then(Value::as_array).into_iter().flatten();
    for branch in branches("allOf") {
        allowed.0 &= kinds(branch, schemas, depth - 1).0;
    }
    for key in ["oneOf", "anyOf"] {
        if schema.get(key).is_some() {
            allowed.0 &= branches(key).fold(0, |sum, branch| sum | kinds(branch, schemas, depth - 1).0);
        }
    }
    allowed
}

fn own_kinds(schema: &Value) -> Kinds {
    if let Some(name) = schema.get("type").and_then(Value::as_str) {
        return Kinds::of_type(name);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return Kinds(values.iter().fold(0, |sum, value| sum | Kinds::of_value(value).0));
    }
    if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
        return Kinds::OBJECT;
    }
    if schema.get("items").is_some() {
        return Kinds::ARRAY;
    }
    Kinds::ANY
}
