//! The loose schema of a result: types, properties and items, and nothing else.
//!
//! A client refuses a result that breaks its schema, and answers of real servers differ from their documents in every
//! way. So nothing is required, no value is excluded, and whatever is uncertain is left open. It is also the part of
//! a tool list that costs most and helps least, so it is as small as it can be.

use serde_json::{Map, Value};

use super::{Schema, TYPES, set_types, type_of, types};
use crate::document::Document;
use crate::node::Node;

/// How deep a result is described.
const MAX_DEPTH: usize = 8;
/// The largest description of a result, in nodes; what is beyond is left open.
const MAX_NODES: usize = 2_000;

/// The loose schema of a result that is an object; nothing where it may be something else.
pub(crate) fn object_schema(document: &Document<'_>, alternatives: &[Node<'_>]) -> Option<Schema> {
    let mut loosener = Loosener { document, open: Vec::new(), nodes: 0 };
    let schemas = alternatives.iter().map(|node| loosener.loose(node));
    let mut schema = schemas.reduce(|first, second| either(&first, &second))?;
    let may_be_null = types(&schema) == ["object", "null"];
    if may_be_null {
        set_types(&mut schema, vec!["object".to_owned()]);
    }
    (types(&schema) == ["object"]).then_some(schema)
}

struct Loosener<'l, 'd> {
    document: &'l Document<'d>,
    open: Vec<String>,
    nodes: usize,
}

impl Loosener<'_, '_> {
    /// The schema of a node; empty where it is unknown, recursive or too deep.
    fn loose(&mut self, node: &Node<'_>) -> Schema {
        self.nodes += 1;
        if self.nodes > MAX_NODES || self.open.len() >= MAX_DEPTH * 2 {
            return Schema::new();
        }
        self.open.push(node.pointer.clone());
        let schema = self.keywords(node);
        self.open.pop();
        schema
    }

    fn keywords(&mut self, node: &Node<'_>) -> Schema {
        let mut schema = self.own(node);
        if let Some(target) = node.text("$ref").and_then(|reference| self.document.target(reference).ok())
            && !self.open.contains(&target.pointer)
        {
            schema = both(&self.loose(&target), &schema);
        }
        for branch in node.get("allOf").iter().flat_map(Node::items) {
            schema = both(&schema, &self.loose(&branch));
        }
        for key in ["oneOf", "anyOf"] {
            let branches: Vec<Schema> =
                node.get(key).iter().flat_map(Node::items).map(|branch| self.loose(&branch)).collect();
            if let Some(choice) = branches.into_iter().reduce(|first, second| either(&first, &second)) {
                schema = both(&schema, &choice);
            }
        }
        if node.is_true("nullable") && schema.contains_key("type") {
            add_type(&mut schema, "null");
        }
        schema
    }

    /// What the node says by itself, without references and compositions.
    fn own(&mut self, node: &Node<'_>) -> Schema {
        let mut schema = Schema::new();
        set_types(&mut schema, own_types(node));
        if self.open.len() >= MAX_DEPTH {
            return schema;
        }
        let mut properties = Map::new();
        for (name, property) in node.get("properties").iter().flat_map(Node::entries) {
            if !property.is_true("writeOnly") {
                properties.insert(name.to_owned(), Value::Object(self.loose(&property)));
            }
        }
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if let Some(items) = node.get("items") {
            let items = self.loose(&items);
            if !items.is_empty() {
                schema.insert("items".to_owned(), Value::Object(items));
            }
        }
        schema
    }
}

fn own_types(node: &Node<'_>) -> Vec<String> {
    let values = match (node.value.get("type"), node.value.get("enum"), node.value.get("const")) {
        (Some(Value::String(name)), _, _) => return known_types([name.as_str()].into_iter()),
        (Some(Value::Array(names)), _, _) => return known_types(names.iter().filter_map(Value::as_str)),
        (_, Some(Value::Array(values)), _) => values.clone(),
        (_, _, Some(value)) => vec![value.clone()],
        _ if node.get("properties").is_some() => return vec!["object".to_owned()],
        _ if node.get("items").is_some() => return vec!["array".to_owned()],
        _ => return Vec::new(),
    };
    known_types(values.iter().map(type_of))
}

fn known_types<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut schema = Schema::new();
    names.filter(|name| TYPES.contains(name)).for_each(|name| add_type(&mut schema, name));
    types(&schema).into_iter().map(str::to_owned).collect()
}

fn add_type(schema: &mut Schema, name: &str) {
    let mut names: Vec<String> = types(schema).into_iter().map(str::to_owned).collect();
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
    set_types(schema, names);
}

/// A schema for values that fit both. Where the two disagree on the type, the first is believed.
fn both(first: &Schema, second: &Schema) -> Schema {
    combine(
        first,
        second,
        both,
        |first, second| if first.contains_key("type") { types(first) } else { types(second) },
    )
}

/// A schema for values that fit one of two.
fn either(first: &Schema, second: &Schema) -> Schema {
    if first.is_empty() || second.is_empty() {
        return Schema::new();
    }
    combine(first, second, either, |first, second| {
        if !first.contains_key("type") || !second.contains_key("type") {
            return Vec::new();
        }
        let (mut names, others) = (types(first), types(second));
        names.extend(others.into_iter().filter(|name| !types(first).contains(name)));
        names
    })
}

fn combine(
    first: &Schema,
    second: &Schema,
    inner: fn(&Schema, &Schema) -> Schema,
    types: for<'s> fn(&'s Schema, &'s Schema) -> Vec<&'s str>,
) -> Schema {
    let mut schema = Schema::new();
    set_types(&mut schema, types(first, second).into_iter().map(str::to_owned).collect());
    let mut properties = first.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, new) in second.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let merged = match (properties.get(name).and_then(Value::as_object), new.as_object()) {
            (Some(old), Some(new)) => Value::Object(inner(old, new)),
            _ => new.clone(),
        };
        properties.insert(name.clone(), merged);
    }
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    let items = |schema: &Schema| schema.get("items").and_then(Value::as_object).cloned();
    let items = match (items(first), items(second)) {
        (Some(first), Some(second)) => Some(inner(&first, &second)),
        (one, other) => one.or(other),
    };
    if let Some(items) = items.filter(|items| !items.is_empty()) {
        schema.insert("items".to_owned(), Value::Object(items));
    }
    schema
}
