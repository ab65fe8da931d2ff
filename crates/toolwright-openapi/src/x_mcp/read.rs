//! Reads an `x-mcp` object strictly: an unknown field or a value of the wrong kind is an error with its pointer.

use serde_json::Value;
use toolwright_catalog::Effect;

use super::{CompletionHint, MediaHint, Override, ResourceHint, Said, XMcp, root};
use crate::diagnostic::Sink;
use crate::naming::suggestion;
use crate::node::{Node, shown};

const FIELDS: [&str; 14] = [
    "enabled",
    "reason",
    "name",
    "title",
    "description",
    "scopes",
    "effect",
    "idempotent",
    "open_world",
    "confirm",
    "timeout_s",
    "resource",
    "media",
    "arguments",
];
const RESOURCE_FIELDS: [&str; 5] = ["uri", "name", "title", "description", "complete"];
const COMPLETION_FIELDS: [&str; 2] = ["tool", "values"];
const MEDIA_FIELDS: [&str; 1] = ["qr"];
/// No call takes longer than a day, which is also the most that a server can be told.
const LONGEST_S: u64 = 86_400;
const OVERRIDE_FIELDS: [&str; 5] = ["rename", "hide", "const", "default", "description"];
const EFFECTS: [&str; 3] = ["read", "write", "destructive"];

/// What the root says about all operations; the fields that only the root has are read elsewhere.
pub(super) fn of_root(node: &Node<'_>, sink: &mut Sink) -> XMcp {
    let known: Vec<&str> = FIELDS.into_iter().chain(root::FIELDS).collect();
    if is_object_of(node, "`x-mcp`", &known, sink) { fields(node, sink) } else { XMcp::default() }
}

/// What any other place says about the operations below it.
pub(super) fn x_mcp(node: &Node<'_>, sink: &mut Sink) -> XMcp {
    for (field, value) in node.entries().filter(|(field, _)| root::FIELDS.contains(field)) {
        let message = format!("`{field}` is about all tools, so it cannot be said here");
        sink.error(&value.pointer, message, "move it to the `x-mcp` of the root");
    }
    of_root(node, sink)
}

fn fields(node: &Node<'_>, sink: &mut Sink) -> XMcp {
    let mut result = XMcp::default();
    for (field, value) in node.entries() {
        match field {
            "enabled" => result.enabled = boolean(&value, sink),
            "reason" => result.reason = text(&value, sink),
            "name" => result.name = text(&value, sink),
            "title" => result.title = text(&value, sink),
            "description" => result.description = text(&value, sink),
            "scopes" => result.scopes = texts(&value, sink),
            "effect" => result.effect = effect(&value, sink),
            "idempotent" => result.idempotent = boolean(&value, sink),
            "open_world" => result.open_world = boolean(&value, sink),
            "confirm" => result.confirm = boolean(&value, sink),
            "timeout_s" => result.timeout_s = seconds(&value, sink),
            "resource" => result.resource = resource(&value, sink),
            "media" => result.media = media(&value, sink),
            "arguments" => result.arguments = arguments(&value, sink),
            _ => {}
        }
    }
    result
}

/// Whether the node is an object; its unknown fields are reported.
pub(super) fn is_object_of(node: &Node<'_>, what: &str, known: &[&str], sink: &mut Sink) -> bool {
    if node.object().is_none() {
        let remedy = format!("write an object with some of {}", known.join(", "));
        sink.error(&node.pointer, format!("{what} cannot be {}", shown(node.value)), remedy);
        return false;
    }
    for (field, value) in node.entries() {
        if !known.contains(&field) {
            let remedy = suggestion(field, known);
            sink.error(&value.pointer, format!("`{field}` is not a field of {what}"), remedy);
        }
    }
    true
}

pub(super) fn wrong_kind<T>(node: &Node<'_>, wanted: &str, sink: &mut Sink) -> Option<T> {
    let field = node.pointer.rsplit('/').next().unwrap_or_default().to_owned();
    sink.error(
        &node.pointer,
        format!("`{field}` cannot be {}", shown(node.value)),
        format!("write {wanted}"),
    );
    None
}

pub(super) fn said<T>(node: &Node<'_>, value: T) -> Said<T> {
    Said { value, pointer: node.pointer.clone() }
}

pub(super) fn boolean(node: &Node<'_>, sink: &mut Sink) -> Option<Said<bool>> {
    match node.value {
        Value::Bool(value) => Some(said(node, *value)),
        _ => wrong_kind(node, "`true` or `false`", sink),
    }
}

pub(super) fn text(node: &Node<'_>, sink: &mut Sink) -> Option<Said<String>> {
    match node.value.as_str().map(str::trim) {
        Some("") => {
            sink.error(&node.pointer, "the text is empty", "write something, or leave the field out");
            None
        }
        Some(text) => Some(said(node, text.to_owned())),
        None => wrong_kind(node, "a text", sink),
    }
}

pub(super) fn texts(node: &Node<'_>, sink: &mut Sink) -> Option<Said<Vec<String>>> {
    if !node.value.is_array() {
        return wrong_kind(node, "an array of texts; an empty one says that none is needed", sink);
    }
    let texts = node.items().filter_map(|item| text(&item, sink)).map(|said| said.value).collect();
    Some(said(node, texts))
}

fn seconds(node: &Node<'_>, sink: &mut Sink) -> Option<Said<u32>> {
    let seconds = node.value.as_u64().filter(|seconds| (1..=LONGEST_S).contains(seconds));
    match seconds.and_then(|seconds| u32::try_from(seconds).ok()) {
        Some(seconds) => Some(said(node, seconds)),
        None => wrong_kind(node, &format!("a whole number of seconds, from 1 to {LONGEST_S}"), sink),
    }
}

fn effect(node: &Node<'_>, sink: &mut Sink) -> Option<Said<Effect>> {
    match node.value.as_str() {
        Some("read") => Some(said(node, Effect::Read)),
        Some("write") => Some(said(node, Effect::Write)),
        Some("destructive") => Some(said(node, Effect::Destructive)),
        Some(other) => {
            sink.error(&node.pointer, format!("`{other}` is no effect"), suggestion(other, &EFFECTS));
            None
        }
        None => wrong_kind(node, "one of `read`, `write`, `destructive`", sink),
    }
}

fn resource(node: &Node<'_>, sink: &mut Sink) -> Option<Said<ResourceHint>> {
    if !is_object_of(node, "a resource", &RESOURCE_FIELDS, sink) {
        return None;
    }
    let mut field = |name: &str| node.get(name).and_then(|value| text(&value, sink)).map(|said| said.value);
    let (uri, name, title, description) = (field("uri"), field("name"), field("title"), field("description"));
    if node.get("uri").is_none() {
        sink.error(
            &node.pointer,
            "the resource has no `uri`",
            "add one, such as `uri: \"shop://orders/{order}\"`",
        );
    }
    let mut complete = Vec::new();
    if let Some(completions) = node.get("complete") {
        if completions.object().is_none() {
            wrong_kind::<()>(&completions, "an object: a variable of the URI to `tool` and `values`", sink);
        }
        for (variable, value) in completions.entries() {
            complete.extend(completion(&value, sink).map(|hint| (variable.to_owned(), hint)));
        }
    }
    Some(said(node, ResourceHint { uri: uri?, name, title, description, complete }))
}

fn completion(node: &Node<'_>, sink: &mut Sink) -> Option<Said<CompletionHint>> {
    if !is_object_of(node, "a completion", &COMPLETION_FIELDS, sink) {
        return None;
    }
    let mut field = |name: &str| {
        let Some(value) = node.get(name) else {
            sink.error(&node.pointer, format!("the completion has no `{name}`"), "write `tool` and `values`");
            return None;
        };
        text(&value, sink).map(|said| said.value)
    };
    let (tool, values) = (field("tool"), field("values"));
    Some(said(node, CompletionHint { tool: tool?, values: values? }))
}

fn media(node: &Node<'_>, sink: &mut Sink) -> Option<Said<MediaHint>> {
    if !is_object_of(node, "`media`", &MEDIA_FIELDS, sink) {
        return None;
    }
    let Some(qr) = node.get("qr") else {
        sink.error(&node.pointer, "`media` says nothing", "write `qr`, a JSON pointer into the result");
        return None;
    };
    let pointer = text(&qr, sink)?;
    if !pointer.value.starts_with('/') {
        sink.error(
            &qr.pointer,
            format!("`{}` is no JSON pointer", pointer.value),
            "write it as in `/data/qr`",
        );
        return None;
    }
    Some(said(node, MediaHint { qr: pointer.value }))
}

fn arguments(node: &Node<'_>, sink: &mut Sink) -> Vec<(String, Override)> {
    if node.object().is_none() {
        wrong_kind::<()>(node, "an object: the name of an argument to what to change about it", sink);
    }
    node.entries().map(|(name, value)| (name.to_owned(), argument(&value, sink))).collect()
}

fn argument(node: &Node<'_>, sink: &mut Sink) -> Override {
    let mut change = Override { pointers: vec![node.pointer.clone()], ..Override::default() };
    if !is_object_of(node, "an argument", &OVERRIDE_FIELDS, sink) {
        return change;
    }
    for (field, value) in node.entries() {
        match field {
            "rename" => change.rename = text(&value, sink).map(|said| said.value),
            "hide" => change.hide = boolean(&value, sink).map(|said| said.value),
            "const" => change.fixed = Some(value.value.clone()),
            "default" => change.default = Some(value.value.clone()),
            "description" => change.description = text(&value, sink).map(|said| said.value),
            _ => {}
        }
    }
    change
}
