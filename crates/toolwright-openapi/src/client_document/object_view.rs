//! What a schema says about the members of an object, however it is composed.

use serde_json::{Map, Value, json};

use super::composition::resolved;
use super::kinds::Kinds;
use super::{names, walk};

/// The members of an object.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ObjectView {
    pub(super) properties: Map<String, Value>,
    pub(super) required: Vec<String>,
    /// The schema of additional properties, where there is one.
    pub(super) rest: Option<Value>,
}

/// Keywords that annotate or that have no effect on a type, so that a schema of nothing else allows any value.
const WITHOUT_TYPE: [&str; 7] =
    ["description", "title", "nullable", "readOnly", "writeOnly", "default", "required"];

/// The members of the object that a schema describes; nothing where it may describe something else.
pub(super) fn of(schema: &Value, schemas: &Map<String, Value>) -> Option<ObjectView> {
    view(schema, schemas, &mut Vec::new())
}

/// Whether a schema says nothing about the type of its values, besides which members an object must have.
pub(super) fn is_untyped(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| schema.keys().all(|key| WITHOUT_TYPE.contains(&key.as_str())))
}

/// Whether two schemas are the same but for annotations.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    plain(one) == plain(other)
}

fn plain(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Value::Object(schema) = &mut schema {
        schema.retain(|key, _| !["description", "title", "default"].contains(&key.as_str()));
    }
    schema
}

impl ObjectView {
    /// The view as a schema.
    pub(super) fn into_schema(self) -> Map<String, Value> {
        let mut schema = Map::from_iter([("type".to_owned(), json!("object"))]);
        if !self.properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(self.properties));
        }
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), json!(self.required));
        }
        if let Some(rest) = self.rest {
            schema.insert("additionalProperties".to_owned(), rest);
        }
        schema
    }

    /// Adds what must hold as well.
    fn and(&mut self, other: Self, schemas: &Map<String, Value>) {
        for (name, property) in other.properties {
            match self.properties.get_mut(&name) {
                Some(known) => *known = both(known, property, schemas),
                None => {
                    self.properties.insert(name, property);
                }
            }
        }
        for name in other.required {
            if !self.required.contains(&name) {
                self.required.push(name);
            }
        }
        self.rest = self.rest.take().or(other.rest);
    }

    /// Adds what may hold instead.
    fn or(&mut self, other: Self, schemas: &Map<String, Value>) {
        for (name, property) in other.properties {
            match self.properties.get_mut(&name) {
                Some(known) => *known = either(known, &property, schemas),
                None => {
                    self.properties.insert(name, property);
                }
            }
        }
        self.required.retain(|name| other.required.contains(name));
        self.rest = match (self.rest.take(), other.rest) {
            (Some(one), Some(other)) if !same(&one, &other) => Some(json!({})),
            (one, other) => one.or(other),
        };
    }
}

fn view(schema: &Value, schemas: &Map<String, Value>, visited: &mut Vec<String>) -> Option<ObjectView> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = walk::component(reference)?.to_owned();
        if visited.contains(&name) {
            return None;
        }
        let target = schemas.get(&name)?;
        visited.push(name);
        let found = view(target, schemas, visited);
        visited.pop();
        return found;
    }
    if schema.get("type").is_some_and(|name| name != "object") || schema.get("enum").is_some() {
        return None;
    }
    let mut found = ObjectView {
        properties: schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default(),
        required: texts(schema.get("required")),
        rest: schema.get("additionalProperties").filter(|rest| rest.is_object()).cloned(),
    };
    let is_described =
        ["type", "properties", "additionalProperties"].iter().any(|key| schema.get(key).is_some());
    let mut parts = usize::from(is_described);
    for part in list(schema, "allOf") {
        // A part that only annotates, or only requires members, takes nothing away.
        if is_untyped(part) {
            let required = texts(part.get("required"));
            found.and(ObjectView { required, ..ObjectView::default() }, schemas);
            continue;
        }
        found.and(view(part, schemas, visited)?, schemas);
        parts += 1;
    }
    for key in ["oneOf", "anyOf"] {
        let mut branches = list(schema, key).iter();
        let Some(first) = branches.next() else { continue };
        let mut union = branch(first, schemas, visited)?;
        for other in branches {
            union.or(branch(other, schemas, visited)?, schemas);
        }
        found.and(union, schemas);
        parts += 1;
    }
    (parts > 0).then_some(found)
}

/// An alternative; one that only requires members has no properties of its own.
fn branch(schema: &Value, schemas: &Map<String, Value>, visited: &mut Vec<String>) -> Option<ObjectView> {
    if is_untyped(schema) && schema.get("required").is_some() {
        return Some(ObjectView { required: texts(schema.get("required")), ..ObjectView::default() });
    }
    view(schema, schemas, visited)
}

/// A property of which two schemas hold: the one that says more.
fn both(known: &Value, other: Value, schemas: &Map<String, Value>) -> Value {
    let values = |schema| enumeration(resolved(schema, schemas)?);
    if is_untyped(&other) || (values(known).is_some() && values(&other).is_none()) {
        known.clone()
    } else {
        other
    }
}

/// A property of which one of two schemas holds.
fn either(known: &Value, other: &Value, schemas: &Map<String, Value>) -> Value {
    if same(known, other) {
        return known.clone();
    }
    let values = |schema| enumeration(resolved(schema, schemas)?);
    let mut merged = match (values(known), values(other)) {
        (Some(one), Some(other)) => text_of(one.iter().chain(other)),
        _ => Kinds::of(&json!({ "oneOf": [known, other] }), schemas)
            .plain_schema()
            .unwrap_or_else(|| json!({})),
    };
    for key in ["description", "title"] {
        if let Some(text) = known.get(key) {
            merged[key] = text.clone();
        }
    }
    if [known, other].iter().any(|schema| schema.get("nullable") == Some(&json!(true))) {
        merged["nullable"] = json!(true);
    }
    merged
}

/// A text that is one of some values, or any text where the values make no Rust enum.
pub(super) fn text_of<'v>(values: impl Iterator<Item = &'v Value>) -> Value {
    let mut distinct: Vec<&str> = Vec::new();
    for value in values.filter_map(Value::as_str) {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    if names::variants_differ(&distinct) {
        json!({ "type": "string", "enum": distinct })
    } else {
        json!({ "type": "string" })
    }
}

/// The values of an enumeration of texts.
pub(super) fn enumeration(schema: &Value) -> Option<&Vec<Value>> {
    let values = schema.get("enum").and_then(Value::as_array)?;
    values.iter().all(Value::is_string).then_some(values)
}

pub(super) fn list<'s>(schema: &'s Value, key: &str) -> &'s [Value] {
    schema.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}
