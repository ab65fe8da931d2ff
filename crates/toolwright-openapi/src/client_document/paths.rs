//! Methods, path templates and their variables.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::draft::{Draft, Place};

pub(super) fn methods(draft: &mut Draft) {
    for place in draft.operations() {
        if ["options", "trace"].contains(&place.method) {
            let reason = format!("The typed client sends no {} requests.", place.method.to_ascii_uppercase());
            draft.leave_out(&place, &reason);
        }
    }
}

pub(super) fn templates(draft: &mut Draft) {
    for place in draft.operations() {
        if let Some(feature) = altered(&place.path) {
            draft.leave_out(&place, &format!("The typed client cannot send a path with {feature}."));
        }
    }
}

/// What the generator would not send as it stands.
fn altered(path: &str) -> Option<&'static str> {
    if path.contains("//") {
        return Some("an empty segment");
    }
    if path.contains(['?', '#']) {
        return Some("a query or fragment");
    }
    let outside = path.split('{').enumerate().any(|(index, part)| match part.split_once('}') {
        Some((variable, rest)) => {
            index == 0 || variable.is_empty() || variable.contains('/') || rest.contains('}')
        }
        None => index > 0,
    });
    outside.then_some("braces that are no variable")
}

/// Moves the parameters of path items into their operations, unless an operation has its own.
pub(super) fn shared_parameters(draft: &mut Draft) {
    for place in draft.operations() {
        let item = item_of(&place);
        let shared = list(draft, item);
        let own = list(draft, &place.pointer);
        let missing: Vec<Value> = shared
            .iter()
            .map(|(pointer, parameter)| (key(draft, pointer), parameter))
            .filter(|(key, _)| own.iter().all(|(pointer, _)| self::key(draft, pointer) != *key))
            .map(|(_, parameter)| parameter.clone())
            .collect();
        if !missing.is_empty()
            && let Some(operation) = draft.object_mut(&place.pointer)
        {
            let all = missing.into_iter().chain(own.into_iter().map(|(_, parameter)| parameter)).collect();
            operation.insert("parameters".to_owned(), Value::Array(all));
        }
    }
    let items: BTreeSet<String> = draft.operations().iter().map(|place| item_of(place).to_owned()).collect();
    let moved = items
        .iter()
        .filter(|item| draft.object_mut(item).is_some_and(|item| item.remove("parameters").is_some()));
    let moved = moved.count();
    if moved > 0 {
        draft.report("", format!("`parameters` of path items, {moved} ×"));
    }
}

fn item_of(place: &Place) -> &str {
    place.pointer.rsplit_once('/').map_or("", |(item, _)| item)
}

fn list(draft: &Draft, holder: &str) -> Vec<(String, Value)> {
    let listed = draft.document.pointer(&format!("{holder}/parameters")).and_then(Value::as_array);
    let pointers = (0..).map(|index| format!("{holder}/parameters/{index}"));
    pointers.zip(listed.into_iter().flatten().cloned()).collect()
}

/// What makes a parameter unique: its place and name.
fn key(draft: &Draft, pointer: &str) -> Option<(Value, Value)> {
    let (_, parameter) = draft.resolve(pointer)?;
    Some((parameter.get("in")?.clone(), parameter.get("name")?.clone()))
}

pub(super) fn variables(draft: &mut Draft) {
    for place in draft.operations() {
        let wanted = variables_of(&place.path);
        let mut declared = Vec::new();
        for pointer in parameters(draft, &place).into_iter().rev() {
            let Some((target, parameter)) = draft.resolve(&pointer) else { continue };
            if parameter.get("in").and_then(Value::as_str) != Some("path") {
                continue;
            }
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let required = parameter.get("required") == Some(&json!(true));
            if !wanted.contains(&name) {
                remove(draft, &pointer);
                draft.report(&pointer, format!("dropped parameter `{name}`: the path has no such variable"));
            } else if !required && let Some(parameter) = draft.object_mut(&target) {
                parameter.insert("required".to_owned(), json!(true));
                draft.report(&target, "a path parameter is always required");
            }
            declared.push(name);
        }
        for name in wanted.iter().filter(|name| !declared.contains(name)) {
            add_variable(draft, &place, name);
        }
    }
}

/// The pointers of an operation's parameters.
pub(super) fn parameters(draft: &Draft, place: &Place) -> Vec<String> {
    list(draft, &place.pointer).into_iter().map(|(pointer, _)| pointer).collect()
}

/// Takes an item out of an array.
pub(super) fn remove(draft: &mut Draft, pointer: &str) {
    let Some((list, index)) = pointer.rsplit_once('/') else { return };
    if let (Some(Value::Array(list)), Ok(index)) = (draft.document.pointer_mut(list), index.parse::<usize>())
        && index < list.len()
    {
        list.remove(index);
    }
}

/// The names of the variables in a path template, each once.
fn variables_of(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in path.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}')
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

fn add_variable(draft: &mut Draft, place: &Place, name: &str) {
    let parameter = json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let Some(operation) = draft.object_mut(&place.pointer) else { return };
    if let Value::Array(parameters) = operation.entry("parameters").or_insert_with(|| json!([])) {
        parameters.push(parameter);
    }
    draft.report(&place.pointer, format!("declared path parameter `{name}`, a text"));
}
