//! Applies an `OpenAPI` Overlay 1.0 to a document.

use serde_json::{Map, Value};
use serde_json_path::{JsonPath, LocatedNode, PathElement};

use crate::diagnostic::{Diagnostics, Sink};
use crate::naming::suggestion;
use crate::node::{Node, child, kind, shown};

const OVERLAY_FIELDS: [&str; 4] = ["overlay", "info", "extends", "actions"];
const INFO_FIELDS: [&str; 2] = ["title", "version"];
const ACTION_FIELDS: [&str; 4] = ["target", "description", "update", "remove"];

/// Applies the actions in order, each to the result of the one before.
///
/// # Errors
/// Everything that is wrong with the overlay, and every action that matches nothing: such an action was written for
/// something that the document no longer has.
pub(crate) fn apply(document: &Value, file: &str, overlay: &Value) -> Result<Value, Diagnostics> {
    let mut sink = Sink::new(file);
    let mut document = document.clone();
    let root = Node::root(overlay);
    check_head(&root, &mut sink);
    match root.get("actions") {
        Some(actions) if actions.items().next().is_some() => {
            for action in actions.items() {
                apply_action(&mut document, &action, &mut sink);
            }
        }
        _ => sink.error("/actions", "the overlay has no actions", "list at least one, or delete the overlay"),
    }
    sink.finish().map(|_| document)
}

fn check_head(root: &Node<'_>, sink: &mut Sink) {
    refuse_unknown(root, &OVERLAY_FIELDS, sink);
    match root.text("overlay") {
        Some(version) if version.starts_with("1.0.") => {}
        Some(version) => sink.error(
            "/overlay",
            format!("overlay version {version} is not supported"),
            "write the overlay for version 1.0.0",
        ),
        None => sink.error("", "`overlay` is missing", "begin the file with `overlay: 1.0.0`"),
    }
    let Some(info) = root.get("info") else {
        return sink.error("", "`info` is missing", "add `info` with `title` and `version`");
    };
    refuse_unknown(&info, &INFO_FIELDS, sink);
    for field in INFO_FIELDS {
        if info.text(field).is_none() {
            sink.error(
                &info.pointer,
                format!("`{field}` is missing or no text"),
                format!("add `{field}: \"…\"`"),
            );
        }
    }
}

fn refuse_unknown(node: &Node<'_>, known: &[&str], sink: &mut Sink) {
    for (field, entry) in node.entries() {
        if !known.contains(&field) && !field.starts_with("x-") {
            let remedy = suggestion(field, known);
            sink.error(&entry.pointer, format!("`{field}` is not a field of an overlay here"), remedy);
        }
    }
}

fn apply_action(document: &mut Value, action: &Node<'_>, sink: &mut Sink) {
    refuse_unknown(action, &ACTION_FIELDS, sink);
    let (Some(matches), Some(modifier)) = (matches(document, action, sink), modifier(action, sink)) else {
        return;
    };
    for (place, step) in matches {
        match &modifier {
            Modifier::Update(update) => update_at(document, &place, update, sink),
            Modifier::Remove => remove_at(document, &place, step, action, sink),
        }
    }
}

/// What an action does to its targets.
enum Modifier<'o> {
    Update(Node<'o>),
    Remove,
}

fn modifier<'o>(action: &Node<'o>, sink: &mut Sink) -> Option<Modifier<'o>> {
    let remove = match action.get("remove") {
        None => false,
        Some(Node { value: Value::Bool(remove), .. }) => *remove,
        Some(other) => {
            let message = format!("`remove` cannot be {}", shown(other.value));
            sink.error(&other.pointer, message, "write `true` or `false`");
            return None;
        }
    };
    match (action.get("update"), remove) {
        (None, true) => Some(Modifier::Remove),
        (Some(update), false) => Some(Modifier::Update(update)),
        (Some(_), true) => {
            sink.error(&action.pointer, "the action has both `update` and `remove`", "keep one of them");
            None
        }
        (None, false) => {
            sink.error(&action.pointer, "the action does nothing", "add `update`, or `remove: true`");
            None
        }
    }
}

/// The JSON pointers of all targets and their last steps, deepest and last first, so that removing one leaves the
/// places of the others as they are.
fn matches(document: &Value, action: &Node<'_>, sink: &mut Sink) -> Option<Vec<(String, Option<Step>)>> {
    let Some(target) = action.text("target") else {
        sink.error(&action.pointer, "`target` is missing or no text", "add a JSONPath, such as `$.paths`");
        return None;
    };
    let path = match JsonPath::parse(target) {
        Ok(path) => path,
        Err(error) => {
            let remedy =
                "write it as RFC 9535 says, names with other characters in brackets: `$.paths['/a-b']`";
            sink.error(
                &child(&action.pointer, "target"),
                format!("`{target}` is no JSONPath: {error}"),
                remedy,
            );
            return None;
        }
    };
    let matches = path.query_located(document).dedup();
    if matches.is_empty() {
        let remedy = "correct the target, or delete the action if the document no longer needs it";
        sink.error(&action.pointer, format!("`{target}` matches nothing"), remedy);
        return None;
    }
    let place =
        |node: &LocatedNode<'_>| (node.location().to_json_pointer(), node.location().last().map(Step::from));
    Some(matches.iter().rev().map(place).collect())
}

/// The last step of a path: what to remove from the container.
enum Step {
    Name(String),
    Index(usize),
}

impl From<&PathElement<'_>> for Step {
    fn from(element: &PathElement<'_>) -> Self {
        match element {
            PathElement::Name(name) => Self::Name((*name).to_owned()),
            PathElement::Index(index) => Self::Index(*index),
        }
    }
}

fn remove_at(document: &mut Value, place: &str, step: Option<Step>, action: &Node<'_>, sink: &mut Sink) {
    let parent = place.rsplit_once('/').map_or("", |(parent, _)| parent);
    match (document.pointer_mut(parent), step) {
        // `shift_remove`, because `remove` would move the last member into the gap.
        (Some(Value::Object(members)), Some(Step::Name(name))) => {
            members.shift_remove(&name);
        }
        (Some(Value::Array(items)), Some(Step::Index(index))) if index < items.len() => {
            items.remove(index);
        }
        _ => sink.error(
            &action.pointer,
            "the root of the document cannot be removed",
            "target something in it",
        ),
    }
}

fn update_at(document: &mut Value, place: &str, update: &Node<'_>, sink: &mut Sink) {
    match (document.pointer_mut(place), update.value) {
        (Some(Value::Object(target)), Value::Object(update)) => merge(target, update),
        (Some(Value::Array(target)), entry) => target.push(entry.clone()),
        (Some(Value::Object(_)), other) => sink.error(
            &update.pointer,
            format!("the target #{place} is an object, but the update is {}", kind(other)),
            "make the update an object that holds the members to merge",
        ),
        (target, _) => sink.error(
            &update.pointer,
            format!("the target #{place} is {}", target.map_or("gone", |value| kind(value))),
            "target the object that holds it, and write the new value as a member of the update",
        ),
    }
}

/// Merges objects member by member, appends arrays to arrays, and lets the update win everywhere else.
fn merge(target: &mut Map<String, Value>, update: &Map<String, Value>) {
    for (name, new) in update {
        match (target.get_mut(name), new) {
            (Some(Value::Object(old)), Value::Object(new)) => merge(old, new),
            (Some(Value::Array(old)), Value::Array(new)) => old.extend(new.iter().cloned()),
            (Some(old), new) => *old = new.clone(),
            (None, new) => {
                target.insert(name.clone(), new.clone());
            }
        }
    }
}
