//! The flat argument object of a tool: parameters and body members under one roof, as `x-mcp.arguments` wants them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use toolwright_catalog::{Argument, Location, Variants};

use super::body::LoweredBody;
use super::overrides::Overrides;
use crate::diagnostic::Sink;
use crate::naming;
use crate::schema::annotation::without_annotations;
use crate::schema::required_sets::RequiredSets;
use crate::schema::union::Alternatives;
use crate::schema::{Definitions, Schema, texts};

/// An argument in the making.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) argument: Argument,
    pub(super) schema: Schema,
    /// Where it is declared.
    pub(super) pointer: String,
    /// Why the typed client cannot send it, where it cannot.
    pub(super) generic: Option<&'static str>,
    /// Why no client can send it, where none can.
    pub(super) unsupported: Option<String>,
}

/// The arguments of a tool, with their schemas.
#[derive(Debug)]
pub(super) struct Arguments {
    pub(super) list: Vec<Argument>,
    pub(super) input_schema: Schema,
    pub(super) condition: Option<Schema>,
    pub(super) variants: Option<Variants>,
    /// Why the typed client cannot send one of them, where it cannot.
    pub(super) generic: Option<&'static str>,
}

impl Draft {
    /// An argument as it is when `x-mcp` says nothing about it.
    pub(super) fn new(wire: &str, location: Location, schema: Schema, pointer: &str) -> Self {
        Self {
            argument: Argument {
                name: naming::argument_name(wire).unwrap_or_else(|| wire.to_owned()),
                location,
                wire: wire.to_owned(),
                required: false,
                style: None,
                fixed: None,
            },
            schema,
            pointer: pointer.to_owned(),
            generic: None,
            unsupported: None,
        }
    }
}

/// Joins parameters and body to one flat object.
pub(super) fn join(
    parameters: Vec<Draft>,
    body: Option<&mut LoweredBody>,
    overrides: &mut Overrides<'_>,
    definitions: &Definitions,
    sink: &mut Sink,
) -> Arguments {
    let mut drafts = overrides.apply(parameters, sink);
    let mut alternatives = None;
    let mut condition = None;
    if let Some(body) = body {
        let members = std::mem::take(&mut body.members);
        let wires: Vec<String> = members.iter().map(|draft| draft.argument.wire.clone()).collect();
        let members = overrides.apply(members, sink);
        let clashes = members
            .iter()
            .any(|member| drafts.iter().any(|draft| draft.argument.name == member.argument.name));
        if clashes || wires.is_empty() {
            if clashes && !body.body.files.is_empty() {
                let remedy = "rename the parameter with `x-mcp.arguments`";
                sink.error(&body.pointer, "a part of the body has the name of a parameter", remedy);
            } else if clashes {
                let text =
                    "A member of the body has the name of a parameter, so the body is one argument, `body`.";
                sink.note(&body.pointer, text);
            }
            drafts.extend(overrides.apply(vec![body.whole()], sink));
        } else {
            alternatives = body.alternatives.take().map(|alternatives| (alternatives, wires));
            condition = body.required_sets.take().and_then(|sets| condition_of(&sets, &members, body, sink));
            drafts.extend(members);
        }
    }
    check(&drafts, sink);
    let variants = alternatives
        .and_then(|(alternatives, wires)| variants(alternatives, &wires, &drafts, definitions, sink));
    let generic = drafts.iter().find_map(|draft| draft.generic);
    let mut input_schema = object(drafts.iter());
    definitions.attach(&mut input_schema);
    Arguments {
        list: drafts.into_iter().map(|draft| draft.argument).collect(),
        input_schema,
        condition,
        variants,
        generic,
    }
}

fn check(drafts: &[Draft], sink: &mut Sink) {
    for (index, draft) in drafts.iter().enumerate() {
        let name = &draft.argument.name;
        if let Some(message) = &draft.unsupported {
            let remedy = "describe it with `schema` and a style that is supported, hide it with `x-mcp.arguments` if it \
                          is optional, or switch the tool off with `x-mcp.enabled: false`";
            sink.error(&draft.pointer, message, remedy);
        }
        if naming::argument_name(name).as_ref() != Some(name) {
            let remedy = "rename it with `x-mcp.arguments`: up to 64 letters, digits, `_`, `.` and `-`";
            sink.error(&draft.pointer, format!("`{name}` cannot be an argument's name"), remedy);
        }
        if drafts.iter().take(index).any(|other| other.argument.name == *name) {
            let remedy = "rename one of them with `x-mcp.arguments`";
            sink.error(&draft.pointer, format!("two arguments are called `{name}`"), remedy);
        }
    }
}

/// The closed object of the arguments that a model sees.
fn object<'d>(drafts: impl Iterator<Item = &'d Draft>) -> Schema {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for draft in drafts.filter(|draft| draft.argument.fixed.is_none()) {
        properties.insert(draft.argument.name.clone(), Value::Object(draft.schema.clone()));
        if draft.argument.required {
            required.push(Value::from(draft.argument.name.as_str()));
        }
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), Value::from("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    schema
}

/// What the sets of members, of which one must be given, ask of the arguments; a note where they cannot be asked for.
fn condition_of(
    sets: &RequiredSets,
    members: &[Draft],
    body: &LoweredBody,
    sink: &mut Sink,
) -> Option<Schema> {
    let shown = |wire: &str| {
        let draft =
            members.iter().find(|draft| draft.argument.wire == wire && draft.argument.fixed.is_none());
        draft.map(|draft| draft.argument.name.as_str())
    };
    let condition = sets.condition(shown);
    let why_not = match &condition {
        _ if !body.body.required => "the body may be left out",
        None => "not all of these are arguments",
        Some(_) => return condition,
    };
    let text = format!("It is not checked before a call that it has {}; {why_not}.", sets.in_words());
    sink.note(&body.pointer, text);
    None
}

/// The schema of the whole argument object for each alternative of the body.
fn variants(
    alternatives: Alternatives,
    wires: &[String],
    drafts: &[Draft],
    definitions: &Definitions,
    sink: &mut Sink,
) -> Option<Variants> {
    let is_member = |draft: &&Draft| draft.argument.location == Location::Property;
    let member = |wire: &str| drafts.iter().filter(is_member).find(|draft| draft.argument.wire == wire);
    let tag = member(&alternatives.property).filter(|draft| draft.argument.fixed.is_none());
    let Some(tag) = tag else {
        let text = format!(
            "`{}` is not an argument, so the alternatives of the body are not told apart.",
            alternatives.property
        );
        sink.note(&drafts.last()?.pointer, text);
        return None;
    };
    let names: BTreeMap<&str, Option<&str>> = wires
        .iter()
        .map(|wire| {
            let shown = member(wire).filter(|draft| draft.argument.fixed.is_none());
            (wire.as_str(), shown.map(|draft| draft.argument.name.as_str()))
        })
        .collect();
    let parameters = without_annotations(&object(drafts.iter().filter(|draft| !is_member(draft))));
    let mut schemas = Map::new();
    for (value, alternative) in alternatives.schemas {
        let alternative = renamed(&alternative, &names);
        let mut schema = parameters.clone();
        for (key, value) in alternative {
            match (schema.get_mut(&key), value) {
                (Some(Value::Object(own)), Value::Object(more)) => own.extend(more),
                (Some(Value::Array(own)), Value::Array(more)) => own.extend(more),
                (_, value) => {
                    schema.insert(key, value);
                }
            }
        }
        definitions.attach(&mut schema);
        schemas.insert(value, Value::Object(schema));
    }
    Some(Variants { argument: tag.argument.name.clone(), schemas })
}

/// The schema with its properties under their arguments' names, and without those that are no arguments.
fn renamed(schema: &Schema, names: &BTreeMap<&str, Option<&str>>) -> Schema {
    let name_of =
        |wire: &str| names.get(wire).map_or_else(|| Some(wire.to_owned()), |name| name.map(str::to_owned));
    let mut result = Schema::new();
    for (key, value) in schema {
        let value = match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let properties = properties.iter();
                Value::Object(
                    properties.filter_map(|(wire, inner)| Some((name_of(wire)?, inner.clone()))).collect(),
                )
            }
            ("required", Value::Array(_)) => {
                let names: Vec<Value> = texts(schema, key).filter_map(name_of).map(Value::from).collect();
                if names.is_empty() {
                    continue;
                }
                Value::Array(names)
            }
            ("oneOf" | "anyOf" | "allOf", Value::Array(branches)) => {
                let inner = |branch: &Value| match branch {
                    Value::Object(branch) => Value::Object(renamed(branch, names)),
                    other => other.clone(),
                };
                Value::Array(branches.iter().map(inner).collect())
            }
            ("not" | "if" | "then" | "else", Value::Object(inner)) => Value::Object(renamed(inner, names)),
            (_, other) => other.clone(),
        };
        result.insert(key.clone(), value);
    }
    result
}
