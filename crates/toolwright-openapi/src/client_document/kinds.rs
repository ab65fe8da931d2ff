//! Which sorts of JSON value a schema allows.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::object_view::list;
use super::walk;

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
    pub(super) fn of<'s>(schema: &'s Value, schemas: &'s Map<String, Value>) -> Self {
        let found = Walker { schemas, known: BTreeMap::new() }.kinds(schema);
        // What leads nowhere but back to itself says nothing.
        if found == Self::NONE { Self::ANY } else { found }
    }

    /// What both allow.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
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

    /// The plain type of values that are all texts, all numbers or all booleans.
    pub(super) fn plain_schema(self) -> Option<Value> {
        let names = [
            (Self::STRING, "string"),
            (Self::INTEGER, "integer"),
            (Self::NUMBER, "number"),
            (Self::BOOLEAN, "boolean"),
        ];
        let (_, name) = names.into_iter().find(|(one, _)| self != Self::NONE && self.within(*one))?;
        Some(json!({ "type": name }))
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

struct Walker<'s> {
    schemas: &'s Map<String, Value>,
    /// What is known of the components that were met.
    known: BTreeMap<&'s str, Kinds>,
}

impl<'s> Walker<'s> {
    fn kinds(&mut self, schema: &'s Value) -> Kinds {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            return self.component(reference);
        }
        let mut allowed = own_kinds(schema);
        for branch in list(schema, "allOf") {
            allowed.0 &= self.kinds(branch).0;
        }
        for key in ["oneOf", "anyOf"] {
            if schema.get(key).is_some() {
                allowed.0 &= list(schema, key).iter().fold(0, |sum, branch| sum | self.kinds(branch).0);
            }
        }
        allowed
    }

    fn component(&mut self, reference: &'s str) -> Kinds {
        let Some((name, target)) =
            walk::component(reference).and_then(|name| Some((name, self.schemas.get(name)?)))
        else {
            return Kinds::ANY;
        };
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        // An alternative that leads back here adds nothing.
        self.known.insert(name, Kinds::NONE);
        let found = self.kinds(target);
        self.known.insert(name, found);
        found
    }
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
