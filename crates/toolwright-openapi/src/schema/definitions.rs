//! The `$defs` of one tool: schemas that refer to themselves, which cannot be written in place.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Schema;
use super::merge::both_or_all_of;

const PREFIX: &str = "#/$defs/";

/// Recursive schemas by the name they have in `$defs`.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    names: BTreeMap<String, String>,
    schemas: BTreeMap<String, Schema>,
}

impl Definitions {
    /// A schema that refers to the definition of what stands at a pointer of the document.
    pub(super) fn reference(&mut self, pointer: &str) -> Schema {
        let name = match self.names.get(pointer) {
            Some(name) => name.clone(),
            None => self.make_name(pointer),
        };
        Map::from_iter([("$ref".to_owned(), Value::String(format!("{PREFIX}{name}")))])
    }

    /// Whether something refers to the definition of what stands at a pointer.
    pub(super) fn is_referred_to(&self, pointer: &str) -> bool {
        self.names.contains_key(pointer)
    }

    pub(super) fn insert(&mut self, pointer: &str, schema: Schema) {
        if let Some(name) = self.names.get(pointer) {
            self.schemas.insert(name.clone(), schema);
        }
    }

    /// The schema itself, or the definition that it refers to.
    pub(crate) fn resolved(&self, schema: Schema) -> Schema {
        let Some(definition) = name_in(&schema).and_then(|name| self.schemas.get(name)) else {
            return schema;
        };
        let mut beside = schema.clone();
        beside.shift_remove("$ref");
        both_or_all_of(definition, &beside)
    }

    /// Adds to a root schema every definition that it needs, and no other.
    pub(crate) fn attach(&self, root: &mut Schema) {
        let mut needed = BTreeMap::new();
        let mut open: Vec<&str> = Vec::new();
        collect_names(&Value::Object(root.clone()), &mut |name| {
            open.extend(self.schemas.get_key_value(name).map(|(name, _)| name.as_str()));
        });
        while let Some(name) = open.pop() {
            let Some(schema) = self.schemas.get(name).filter(|_| !needed.contains_key(name)) else {
                continue;
            };
            let schema = Value::Object(schema.clone());
            collect_names(&schema, &mut |name| {
                open.extend(self.schemas.get_key_value(name).map(|(name, _)| name.as_str()));
            });
            needed.insert(name, schema);
        }
        if !needed.is_empty() {
            let definitions = needed.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
            root.insert("$defs".to_owned(), Value::Object(definitions));
        }
    }

    fn make_name(&mut self, pointer: &str) -> String {
        let last = pointer.rsplit('/').next().unwrap_or_default();
        let mut name: String =
            last.chars().filter(|char| char.is_ascii_alphanumeric() || "._-".contains(*char)).collect();
        if name.is_empty() {
            "Schema".clone_into(&mut name);
        }
        while self.names.values().any(|taken| *taken == name) {
            name.push('_');
        }
        self.names.insert(pointer.to_owned(), name.clone());
        name
    }
}

fn name_in(schema: &Schema) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(PREFIX)
}

fn collect_names(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            if let Some(name) = name_in(members) {
                found(name);
            }
            members.values().for_each(|value| collect_names(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_names(item, found)),
        _ => {}
    }
}
