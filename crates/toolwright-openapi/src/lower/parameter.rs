//! The parameters of an operation.

use serde_json::Value;
use toolwright_catalog::{Argument, Location};

use super::argument::Draft;
use super::overrides::Overrides;
use super::style;
use crate::credential_headers;
use crate::diagnostic::Sink;
use crate::document::{Document, OperationNode};
use crate::naming;
use crate::node::{Node, shown};
use crate::schema::{Converter, Schema, add_examples, requires, types};

/// The parameters of an operation that become arguments, and the one that does not.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    /// In the order path, query, header, cookie, and in the document's order within each.
    pub(super) drafts: Vec<Draft>,
    /// The header that makes a repeated call safe.
    pub(super) idempotency_header: Option<String>,
    /// The argument that it becomes where `x-mcp.arguments` speaks of it.
    pub(super) idempotency_key: Option<Draft>,
}

impl Parameters {
    /// The arguments, with the one of the idempotency header where something is said about it under its own name.
    pub(super) fn into_drafts(self, overrides: &Overrides<'_>) -> Vec<Draft> {
        let Self { mut drafts, idempotency_key, .. } = self;
        drafts.extend(idempotency_key.filter(|draft| overrides.speaks_of(&draft.argument.name)));
        drafts
    }
}

/// A declared parameter.
struct Declared<'d> {
    name: &'d str,
    location: Location,
    node: Node<'d>,
}

/// The idempotency header of an operation, whatever else is wrong with its parameters.
pub(super) fn idempotency_header(document: &Document<'_>, operation: &OperationNode<'_>) -> Option<String> {
    let parameters = declared(document, operation, &mut Sink::new(""));
    parameters
        .iter()
        .find(|parameter| is_idempotency_header(parameter))
        .map(|parameter| parameter.name.to_owned())
}

/// Lowers the parameters, and checks those in the path against the path.
pub(super) fn parameters<'d>(
    document: &Document<'d>,
    operation: &OperationNode<'d>,
    converter: &mut Converter<'_, 'd>,
) -> Parameters {
    let mut lowered = Parameters::default();
    let declared = declared(document, operation, converter.sink);
    check_path(operation, &declared, converter.sink);
    for location in [Location::Path, Location::Query, Location::Header, Location::Cookie] {
        for parameter in declared.iter().filter(|parameter| parameter.location == location) {
            if is_idempotency_header(parameter) {
                lowered.idempotency_header = Some(parameter.name.to_owned());
                lowered.idempotency_key = drafts(parameter, converter).pop().map(optional_key);
            } else if !is_governed_elsewhere(document, parameter) {
                lowered.drafts.extend(drafts(parameter, converter));
            }
        }
    }
    name_apart(&mut lowered.drafts, converter.sink);
    lowered
}

/// A key is made where none is given, and an empty one would be none.
fn optional_key(mut draft: Draft) -> Draft {
    draft.argument.required = false;
    if types(&draft.schema).contains(&"string") {
        draft.schema.entry("minLength").or_insert(Value::from(1));
    }
    draft
}

/// One key for all calls would make the API answer all of them like the first.
pub(super) fn check_idempotency_key(
    operation: &OperationNode<'_>,
    header: Option<&str>,
    arguments: &[Argument],
    sink: &mut Sink,
) {
    let is_key = |argument: &&Argument| {
        argument.location == Location::Header && Some(argument.wire.as_str()) == header
    };
    if let Some(fixed) = arguments.iter().find(is_key).filter(|key| key.fixed.is_some()) {
        sink.error(
            &operation.node.pointer,
            format!("`{}` cannot have a constant: each call needs a key of its own", fixed.wire),
            "leave it out of `x-mcp.arguments`: a key is then made for each call",
        );
    }
}

/// The parameters of the path item and of the operation, which replaces those of the same name and place.
fn declared<'d>(
    document: &Document<'d>,
    operation: &OperationNode<'d>,
    sink: &mut Sink,
) -> Vec<Declared<'d>> {
    let mut all: Vec<Declared<'d>> = Vec::new();
    for holder in [&operation.path_item, &operation.node] {
        let mut own: Vec<Declared<'d>> = Vec::new();
        let listed = holder.get("parameters");
        if let Some(listed) = listed.as_ref().filter(|listed| !listed.value.is_array()) {
            let message = format!("`parameters` cannot be {}", shown(listed.value));
            sink.error(&listed.pointer, message, "write a list of parameters");
        }
        for node in listed.iter().flat_map(Node::items) {
            let Some(node) = document.resolve_object(node, "the parameter", sink) else { continue };
            let Some(parameter) = declaration(node, sink) else { continue };
            let is_same =
                |other: &Declared<'_>| other.name == parameter.name && other.location == parameter.location;
            if own.iter().any(is_same) {
                let remedy = "keep one of them";
                sink.error(
                    &parameter.node.pointer,
                    format!("parameter `{}` is declared twice", parameter.name),
                    remedy,
                );
                continue;
            }
            all.retain(|other| !is_same(other));
            own.push(parameter);
        }
        all.extend(own);
    }
    all
}

fn declaration<'d>(node: Node<'d>, sink: &mut Sink) -> Option<Declared<'d>> {
    let Some(name) = node.text("name").filter(|name| !name.is_empty()) else {
        sink.error(&node.pointer, "the parameter has no `name`", "add its name as it is on the wire");
        return None;
    };
    let location = match node.text("in") {
        Some("path") => Location::Path,
        Some("query") => Location::Query,
        Some("header") => Location::Header,
        Some("cookie") => Location::Cookie,
        Some(other) => {
            let remedy = match other {
                "body" | "formData" => "that is Swagger 2.0; write a `requestBody`",
                _ => "use one of `path`, `query`, `header`, `cookie`",
            };
            sink.error(&node.pointer, format!("parameter `{name}` is in `{other}`"), remedy);
            return None;
        }
        None => {
            let remedy = "add one of `path`, `query`, `header`, `cookie`";
            sink.error(&node.pointer, format!("parameter `{name}` does not say what it is `in`"), remedy);
            return None;
        }
    };
    Some(Declared { name, location, node })
}

fn is_idempotency_header(parameter: &Declared<'_>) -> bool {
    parameter.location == Location::Header
        && (parameter.name.eq_ignore_ascii_case("Idempotency-Key") || parameter.node.is_true("x-idempotency"))
}

/// Headers that `OpenAPI` says are described by other means: media types and security.
fn is_governed_elsewhere(document: &Document<'_>, parameter: &Declared<'_>) -> bool {
    parameter.location == Location::Header
        && (["Accept", "Content-Type", "Authorization"]
            .iter()
            .any(|name| parameter.name.eq_ignore_ascii_case(name))
            || credential_headers::of(document.root().value).contains(&parameter.name.to_ascii_lowercase()))
}

fn check_path(operation: &OperationNode<'_>, declared: &[Declared<'_>], sink: &mut Sink) {
    let variables = variables(operation.path);
    for variable in &variables {
        if !declared
            .iter()
            .any(|parameter| parameter.location == Location::Path && parameter.name == *variable)
        {
            sink.error(
                &operation.node.pointer,
                format!("the path has a variable `{variable}` that no parameter declares"),
                format!("add a parameter with `name: {variable}` and `in: path`"),
            );
        }
    }
    for parameter in declared.iter().filter(|parameter| parameter.location == Location::Path) {
        if !variables.contains(&parameter.name) {
            sink.error(
                &parameter.node.pointer,
                format!("path parameter `{}` does not occur in the path {}", parameter.name, operation.path),
                "correct its name, or say where else it is",
            );
        }
    }
}

/// The variables of a path template, in order.
pub(super) fn variables(template: &str) -> Vec<&str> {
    let starts = template.split('{').skip(1);
    starts.filter_map(|rest| rest.split_once('}').map(|(variable, _)| variable)).collect()
}

fn drafts<'d>(parameter: &Declared<'d>, converter: &mut Converter<'_, 'd>) -> Vec<Draft> {
    let node = &parameter.node;
    let mut schema = match (node.get("schema"), node.get("content")) {
        (Some(schema), _) => converter.convert_root(&schema),
        (None, Some(_)) => Schema::new(),
        (None, None) => {
            converter.sink.error(
                &node.pointer,
                format!("parameter `{}` has no `schema`", parameter.name),
                "add one, such as `schema: {type: string}`",
            );
            return Vec::new();
        }
    };
    if let Some(description) = node.trimmed("description") {
        schema.insert("description".to_owned(), Value::from(description));
    }
    if parameter.location == Location::Path {
        schema.shift_remove("examples");
    } else {
        examples(&mut schema, node);
    }
    if is_exploded_object(parameter, &schema) {
        return exploded(parameter, &schema);
    }
    let mut draft = Draft::new(parameter.name, parameter.location, schema, &node.pointer);
    draft.argument.required = parameter.location == Location::Path || node.is_true("required");
    style::write(&mut draft, node);
    vec![draft]
}

fn examples(schema: &mut Schema, node: &Node<'_>) {
    let named = node.get("examples");
    let values =
        named.iter().flat_map(Node::entries).filter_map(|(_, example)| example.value.get("value").cloned());
    let values: Vec<Value> = node.value.get("example").cloned().into_iter().chain(values).collect();
    if !values.is_empty() {
        add_examples(schema, values);
    }
}

/// Whether the members of an object become parameters of their own (`form`, exploded: the default of queries).
fn is_exploded_object(parameter: &Declared<'_>, schema: &Schema) -> bool {
    let style = parameter.node.text("style").unwrap_or("form");
    let explode = parameter.node.value.get("explode").and_then(Value::as_bool).unwrap_or(true);
    parameter.location == Location::Query
        && style == "form"
        && explode
        && types(schema).contains(&"object")
        && schema
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty())
}

fn exploded(parameter: &Declared<'_>, schema: &Schema) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let Some(property) = property.as_object() else { continue };
        let mut draft = Draft::new(name, Location::Query, property.clone(), &parameter.node.pointer);
        draft.argument.required = parameter.node.is_true("required") && requires(schema, name);
        draft.generic = Some("An object is spread over several query parameters.");
        if types(property).contains(&"object") {
            draft.unsupported =
                Some(format!("member `{name}` of query parameter `{}` is an object", parameter.name));
        }
        drafts.push(draft);
    }
    drafts
}

/// Names parameters apart that differ only in their place.
fn name_apart(drafts: &mut [Draft], sink: &mut Sink) {
    let mut taken: Vec<String> = Vec::new();
    for draft in drafts.iter_mut() {
        if taken.contains(&draft.argument.name) {
            let place = match draft.argument.location {
                Location::Header => "header",
                Location::Cookie => "cookie",
                _ => "query",
            };
            let name = naming::argument_name(&format!("{place}_{}", draft.argument.wire)).unwrap_or_default();
            sink.note(
                &draft.pointer,
                format!("Another parameter has the same name; this argument is called `{name}`."),
            );
            draft.argument.name = name;
        }
        taken.push(draft.argument.name.clone());
    }
}
