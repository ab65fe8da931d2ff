//! One schema of the document to JSON Schema 2020-12, references written in place.

use serde_json::{Map, Value};

use super::finish::{RECEIVED, allow_null, finish};
use super::keyword::{Keyword, Shape};
use super::merge::both_or_all_of;
use super::{Definitions, Schema, TYPES, set_types};
use crate::diagnostic::Sink;
use crate::document::Document;
use crate::naming::suggestion;
use crate::node::{Node, shown};

/// The deepest nesting, references counted, that is written in place.
const MAX_DEPTH: usize = 48;
/// The largest schema of one tool, in nodes: far beyond what a model can use.
const MAX_NODES: usize = 20_000;

/// Converts the schemas of one tool's input.
#[derive(Debug)]
pub(crate) struct Converter<'c, 'd> {
    document: &'c Document<'d>,
    pub(crate) sink: &'c mut Sink,
    /// The references that are being written in place, outermost first.
    open: Vec<String>,
    definitions: Definitions,
    depth: usize,
    nodes: usize,
}

impl<'c, 'd> Converter<'c, 'd> {
    pub(crate) fn new(document: &'c Document<'d>, sink: &'c mut Sink) -> Self {
        Self { document, sink, open: Vec::new(), definitions: Definitions::default(), depth: 0, nodes: 0 }
    }

    /// The recursive schemas that were met.
    pub(crate) fn into_definitions(self) -> Definitions {
        self.definitions
    }

    /// Converts a schema that stands at the root of something: a definition is written in place there too.
    pub(crate) fn convert_root(&mut self, node: &Node<'d>) -> Schema {
        let mut schema = self.convert(node);
        schema.shift_remove(RECEIVED);
        self.definitions.resolved(schema)
    }

    /// Converts a schema. Mistakes are reported, and leave a schema that allows more.
    pub(crate) fn convert(&mut self, node: &Node<'d>) -> Schema {
        self.nodes += 1;
        if self.nodes > MAX_NODES || self.depth >= MAX_DEPTH {
            if self.nodes == MAX_NODES + 1 || self.depth >= MAX_DEPTH {
                self.sink.error(
                    self.open.first().unwrap_or(&node.pointer),
                    "the schema is too large to be written in place",
                    "simplify it, hide the argument with `x-mcp.arguments`, or switch the tool off with `x-mcp.enabled: false`",
                );
            }
            return Schema::new();
        }
        self.depth += 1;
        let schema = match node.value {
            Value::Bool(true) => Schema::new(),
            Value::Bool(false) => Map::from_iter([("not".to_owned(), Value::Object(Map::new()))]),
            Value::Object(members) => match members.get("$ref") {
                Some(Value::String(reference)) => self.reference(node, reference),
                _ => self.keywords(node),
            },
            other => {
                let remedy = "write a schema: an object, or `true` in OpenAPI 3.1";
                self.sink.error(&node.pointer, format!("a schema cannot be {}", shown(other)), remedy);
                Schema::new()
            }
        };
        self.depth -= 1;
        schema
    }

    fn reference(&mut self, node: &Node<'d>, reference: &str) -> Schema {
        let target = match self.document.target(reference) {
            Ok(target) => self.referred(&target),
            Err((message, remedy)) => {
                self.sink.error(&node.pointer, message, remedy);
                Schema::new()
            }
        };
        // What stands beside the reference holds as well: by the rules in 3.1, by everyone's habit in 3.0.
        let beside = self.keywords(node);
        let mut schema = if beside.is_empty() { target } else { both_or_all_of(&target, &beside) };
        if node.is_true("nullable") {
            allow_null(&mut schema);
        }
        schema
    }

    fn referred(&mut self, target: &Node<'d>) -> Schema {
        let pointer = &target.pointer;
        if self.open.contains(pointer) || self.definitions.is_referred_to(pointer) {
            return self.definitions.reference(pointer);
        }
        self.open.push(pointer.clone());
        let schema = self.convert(target);
        self.open.pop();
        if !self.definitions.is_referred_to(pointer) {
            return schema;
        }
        self.definitions.insert(pointer, within(schema));
        self.definitions.reference(pointer)
    }

    fn keywords(&mut self, node: &Node<'d>) -> Schema {
        let mut schema = Schema::new();
        for (name, value) in node.entries() {
            match Keyword::of(name) {
                Keyword::Plain(shape) => self.plain(&mut schema, name, &value, shape),
                Keyword::Schema => {
                    let inner = self.convert(&value);
                    schema.insert(name.to_owned(), Value::Object(within(inner)));
                }
                Keyword::Schemas => self.list(&mut schema, name, &value),
                Keyword::SchemaMap => {
                    let inner = value.entries();
                    let inner = inner
                        .map(|(key, value)| (key.to_owned(), Value::Object(within(self.convert(&value)))));
                    let inner = inner.collect();
                    schema.insert(name.to_owned(), Value::Object(inner));
                }
                Keyword::Special => self.special(&mut schema, name, &value),
                Keyword::Dropped => {}
                Keyword::Unknown => self
                    .sink
                    .note(&value.pointer, format!("The keyword `{name}` has no meaning and is left out.")),
            }
        }
        finish(schema, node, self.sink)
    }

    fn plain(&mut self, schema: &mut Schema, name: &str, value: &Node<'d>, shape: Shape) {
        if shape.fits(value.value) {
            let value = match value.value.as_str() {
                Some(text) if name == "description" => Value::from(text.trim()),
                _ => value.value.clone(),
            };
            schema.insert(name.to_owned(), value);
        } else {
            let message = format!("`{name}` cannot be {}", shown(value.value));
            self.sink.error(&value.pointer, message, format!("write {}", shape.wanted()));
        }
    }

    fn list(&mut self, schema: &mut Schema, name: &str, value: &Node<'d>) {
        let mut schemas: Vec<Value> = Vec::new();
        for item in value.items() {
            let mut inner = self.convert(&item);
            if name != "allOf" {
                inner.shift_remove(RECEIVED);
            }
            schemas.push(Value::Object(inner));
        }
        if schemas.is_empty() {
            let remedy = "list at least one schema, or leave the keyword out";
            self.sink.error(&value.pointer, format!("`{name}` lists no schemas"), remedy);
        } else {
            schema.insert(name.to_owned(), Value::Array(schemas));
        }
    }

    fn special(&mut self, schema: &mut Schema, name: &str, value: &Node<'d>) {
        match name {
            "type" => self.type_names(schema, value),
            "properties" => self.properties(schema, value),
            "required" => self.required(schema, value),
            "additionalProperties" => {
                let allowed = match value.value {
                    Value::Bool(allowed) => Value::Bool(*allowed),
                    _ => match self.convert(value) {
                        anything if anything.is_empty() => Value::Bool(true),
                        inner => Value::Object(within(inner)),
                    },
                };
                schema.insert(name.to_owned(), allowed);
            }
            "const" => {
                schema.insert("enum".to_owned(), Value::Array(vec![value.value.clone()]));
            }
            "exclusiveMinimum" | "exclusiveMaximum"
                if !value.value.is_boolean() && !value.value.is_number() =>
            {
                let remedy = "write a number, or `true` or `false` in OpenAPI 3.0";
                self.sink.error(&value.pointer, format!("`{name}` cannot be {}", shown(value.value)), remedy);
            }
            // The rest needs the whole schema; see `finish`.
            _ => {}
        }
    }

    fn type_names(&mut self, schema: &mut Schema, value: &Node<'d>) {
        let names: Vec<&str> = match value.value {
            Value::String(name) => vec![name],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let mut known: Vec<String> = Vec::new();
        for name in &names {
            if !TYPES.contains(name) {
                let remedy = suggestion(name, &TYPES);
                self.sink.error(&value.pointer, format!("`{name}` is no type"), remedy);
            } else if !known.iter().any(|other| other == name) {
                known.push((*name).to_owned());
            }
        }
        if names.is_empty() {
            let message = format!("`type` cannot be {}", shown(value.value));
            self.sink.error(&value.pointer, message, "write the name of a type");
        }
        set_types(schema, known);
    }

    fn required(&mut self, schema: &mut Schema, value: &Node<'d>) {
        match value.value {
            Value::Array(names) if names.iter().all(Value::is_string) => {
                let mut unique: Vec<Value> = Vec::new();
                for name in names {
                    if !unique.contains(name) {
                        unique.push(name.clone());
                    }
                }
                if !unique.is_empty() {
                    schema.insert("required".to_owned(), Value::Array(unique));
                }
            }
            // A habit from before OpenAPI: `required: true` on the property itself.
            Value::Bool(_) => {
                let text = "`required` on a property itself means nothing and is left out; list its name in the object.";
                self.sink.note(&value.pointer, text);
            }
            other => {
                let message = format!("`required` cannot be {}", shown(other));
                self.sink.error(&value.pointer, message, "write a list of property names");
            }
        }
    }

    fn properties(&mut self, schema: &mut Schema, value: &Node<'d>) {
        if value.object().is_none() {
            let message = format!("`properties` cannot be {}", shown(value.value));
            self.sink.error(&value.pointer, message, "write an object: a name to a schema");
        }
        let mut properties = Map::new();
        let mut received = Vec::new();
        for (name, property) in value.entries() {
            if self.is_read_only(&property) {
                received.push(Value::from(name));
            } else {
                properties.insert(name.to_owned(), Value::Object(within(self.convert(&property))));
            }
        }
        schema.insert("properties".to_owned(), Value::Object(properties));
        if !received.is_empty() {
            schema.insert(RECEIVED.to_owned(), Value::Array(received));
        }
    }

    /// Whether a property is only ever received, so that it has no place in an input.
    fn is_read_only(&mut self, property: &Node<'d>) -> bool {
        if property.is_true("readOnly") {
            return true;
        }
        // Unresolvable references are reported where the property is converted.
        let reference = property.text("$ref");
        reference
            .and_then(|reference| self.document.target(reference).ok())
            .is_some_and(|node| node.is_true("readOnly"))
    }
}

/// A schema as it stands inside another: without the mark, and without saying what holds anyway.
fn within(mut schema: Schema) -> Schema {
    schema.shift_remove(RECEIVED);
    if schema.get("additionalProperties") == Some(&Value::Bool(true)) {
        schema.shift_remove("additionalProperties");
    }
    schema
}
