//! One schema of the document to JSON Schema 2020-12, references written in place.

use serde_json::{Map, Value};

use super::keyword::{Keyword, Shape};
use super::merge::{both, both_or_all_of};
use super::{Definitions, Schema, TYPES, discriminator, set_types, texts, type_of, types};
use crate::diagnostic::Sink;
use crate::document::Document;
use crate::naming::suggestion;
use crate::node::{Node, shown};

/// The deepest nesting, references counted, that is written in place.
const MAX_DEPTH: usize = 48;
/// The largest schema of one tool, in nodes: far beyond what a model can use.
const MAX_NODES: usize = 20_000;
/// The longest example that is kept, in characters of JSON.
const MAX_EXAMPLE: usize = 60;

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
                    let inner = inner.map(|(key, value)| (key.to_owned(), Value::Object(within(self.convert(&value)))));
                    let inner = inner.collect();
                    schema.insert(name.to_owned(), Value::Object(inner));
                }
                Keyword::Special => self.special(&mut schema, name, &value),
                Keyword::Dropped => {}
                Keyword::Unknown => self.sink.note(&value.pointer, format!("The keyword `{name}` has no meaning and is left out.")),
            }
        }
        self.finish(schema, node)
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
            "exclusiveMinimum" | "exclusiveMaximum" if !value.value.is_boolean() && !value.value.is_number() => {
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
        reference.and_then(|reference| self.document.target(reference).ok()).is_some_and(|node| node.is_true("readOnly"))
    }

    /// The rules that need the whole schema.
    fn finish(&mut self, mut schema: Schema, node: &Node<'d>) -> Schema {
        exclusive_bounds(&mut schema, node);
        discriminator::pin(&mut schema, node, self.sink);
        merge_all_of(&mut schema);
        drop_received(&mut schema);
        inline_single_branch(&mut schema);
        infer_type(&mut schema);
        if node.is_true("nullable") {
            allow_null(&mut schema);
        }
        null_branch_to_type(&mut schema);
        if types(&schema).contains(&"array") && !schema.contains_key("items") {
            schema.insert("items".to_owned(), Value::Object(Map::new()));
        }
        annotations(&mut schema, node);
        schema
    }
}

/// Marks, while a schema is being made, the properties that were left out because they are only received: another
/// branch of an `allOf` may require them.
pub(super) const RECEIVED: &str = "\0received";

/// A schema as it stands inside another: without the mark, and without saying what holds anyway.
fn within(mut schema: Schema) -> Schema {
    schema.shift_remove(RECEIVED);
    if schema.get("additionalProperties") == Some(&Value::Bool(true)) {
        schema.shift_remove("additionalProperties");
    }
    schema
}

/// Takes properties that are only received off the list of those that are required.
fn drop_received(schema: &mut Schema) {
    let received: Vec<String> = texts(schema, RECEIVED).map(str::to_owned).collect();
    let Some(Value::Array(required)) = schema.get_mut("required") else { return };
    required.retain(|name| !received.iter().any(|received| Some(received.as_str()) == name.as_str()));
    if required.is_empty() {
        schema.shift_remove("required");
    }
}

/// `exclusiveMinimum: true` of 3.0 beside `minimum: 3` is `exclusiveMinimum: 3`.
fn exclusive_bounds(schema: &mut Schema, node: &Node<'_>) {
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        match node.value.get(exclusive) {
            Some(Value::Bool(true)) => {
                if let Some(limit) = schema.shift_remove(bound) {
                    schema.insert(exclusive.to_owned(), limit);
                }
            }
            Some(limit @ Value::Number(_)) => {
                schema.insert(exclusive.to_owned(), limit.clone());
            }
            _ => {}
        }
    }
}

/// Writes the branches of `allOf` into the schema itself as far as that can be said.
fn merge_all_of(schema: &mut Schema) {
    let Some(Value::Array(branches)) = schema.shift_remove("allOf") else { return };
    // The branches first, so that a base type's properties stand before those that are added to it.
    let mut merged = Schema::new();
    let mut left = Vec::new();
    let own = std::mem::take(schema);
    for branch in branches.into_iter().chain([Value::Object(own)]) {
        let Value::Object(branch) = branch else { continue };
        match both(&merged, &branch) {
            Some(next) if !branch.contains_key("$ref") && !merged.contains_key("$ref") => merged = next,
            _ => left.push(Value::Object(branch)),
        }
    }
    if !left.is_empty() {
        if merged.is_empty() && left.len() == 1 {
            if let Some(Value::Object(only)) = left.pop() {
                merged = only;
            }
        } else {
            merged.insert("allOf".to_owned(), Value::Array(left));
        }
    }
    *schema = merged;
}

/// A choice among one is no choice.
fn inline_single_branch(schema: &mut Schema) {
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.get(key) else { continue };
        if let [Value::Object(only)] = branches.as_slice() {
            let only = only.clone();
            schema.shift_remove(key);
            *schema = both_or_all_of(&only, schema);
        }
    }
}

/// Several providers want a type wherever one can be told.
fn infer_type(schema: &mut Schema) {
    if schema.contains_key("type") {
        return;
    }
    if schema.contains_key("properties") {
        schema.insert("type".to_owned(), Value::from("object"));
    } else if schema.contains_key("items") {
        schema.insert("type".to_owned(), Value::from("array"));
    } else if let Some(Value::Array(values)) = schema.get("enum") {
        let mut names: Vec<String> = Vec::new();
        for name in values.iter().map(type_of) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        set_types(schema, names);
    }
}

fn allow_null(schema: &mut Schema) {
    if schema.contains_key("type") {
        let mut names: Vec<String> = types(schema).into_iter().map(str::to_owned).collect();
        if !names.iter().any(|name| name == "null") {
            names.push("null".to_owned());
        }
        set_types(schema, names);
        if let Some(Value::Array(values)) = schema.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        return;
    }
    let null = Value::Object(Map::from_iter([("type".to_owned(), Value::from("null"))]));
    for key in ["oneOf", "anyOf"] {
        if let Some(Value::Array(branches)) = schema.get_mut(key) {
            if !branches.contains(&null) {
                branches.push(null);
            }
            return;
        }
    }
    // A schema without a type, a choice or a reference allows null already.
    if schema.contains_key("$ref") || schema.contains_key("allOf") {
        let inner = Value::Object(std::mem::take(schema));
        schema.insert("anyOf".to_owned(), Value::Array(vec![inner, null]));
    }
}

/// `anyOf: [{type: string}, {type: null}]`, as generators write it, is `type: [string, null]`.
fn null_branch_to_type(schema: &mut Schema) {
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = schema.get(key) else { continue };
        let is_null = |branch: &Value| branch.as_object().is_some_and(|branch| types(branch) == ["null"]);
        let [first, second] = branches.as_slice() else { continue };
        let other = match (is_null(first), is_null(second)) {
            (true, false) => second,
            (false, true) => first,
            _ => continue,
        };
        let Some(other) = other.as_object().filter(|other| other.contains_key("type")) else { continue };
        let mut nullable = other.clone();
        allow_null(&mut nullable);
        let mut rest = schema.clone();
        rest.shift_remove(key);
        if let Some(merged) = both(&nullable, &rest) {
            *schema = merged;
        }
    }
}

/// The title where nothing else describes the schema, and short examples.
fn annotations(schema: &mut Schema, node: &Node<'_>) {
    if !schema.contains_key("description")
        && node.get("$ref").is_none()
        && let Some(title) = node.trimmed("title")
    {
        schema.insert("description".to_owned(), Value::from(title));
    }
    let examples = match (node.value.get("examples"), node.value.get("example")) {
        (Some(Value::Array(examples)), _) => examples.clone(),
        (_, Some(example)) => vec![example.clone()],
        _ => return,
    };
    add_examples(schema, examples);
}

/// Adds as many of the examples, from the first, as are short together.
pub(crate) fn add_examples(schema: &mut Schema, mut examples: Vec<Value>) {
    while !examples.is_empty() && Value::Array(examples.clone()).to_string().chars().count() > MAX_EXAMPLE + 2 {
        examples.pop();
    }
    if !examples.is_empty() {
        schema.insert("examples".to_owned(), Value::Array(examples));
    }
}

/// Whether a list of required properties names this one.
pub(crate) fn requires(schema: &Schema, name: &str) -> bool {
    texts(schema, "required").any(|required| required == name)
}
