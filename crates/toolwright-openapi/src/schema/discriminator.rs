//! `discriminator`: each alternative of a union gets its own value of the property that tells them apart.

use serde_json::{Map, Value};

use super::Schema;
use super::merge::both_or_all_of;
use crate::diagnostic::Sink;
use crate::node::Node;

/// Writes the values that a discriminator gives to each alternative into the alternatives, since JSON Schema does not
/// know the keyword and would otherwise find several of them to fit.
pub(super) fn pin(schema: &mut Schema, node: &Node<'_>, sink: &mut Sink) {
    let Some(discriminator) = node.get("discriminator") else { return };
    let Some(property) = discriminator.text("propertyName") else {
        let remedy = "add `propertyName`, the property that tells the alternatives apart";
        return sink.error(&discriminator.pointer, "the discriminator has no `propertyName`", remedy);
    };
    let Some(key) = ["oneOf", "anyOf"].into_iter().find(|key| schema.contains_key(*key)) else {
        return sink.note(
            &discriminator.pointer,
            "The discriminator stands without `oneOf`, so only the members of this schema itself are offered.",
        );
    };
    let references: Vec<Option<&str>> = node
        .get(key)
        .into_iter()
        .flat_map(|branches| branches.items())
        .map(|branch| branch.text("$ref"))
        .collect();
    let Some(Value::Array(branches)) = schema.get_mut(key) else { return };
    for (branch, reference) in branches.iter_mut().zip(references) {
        let (Value::Object(branch), Some(reference)) = (branch, reference) else { continue };
        pin_branch(branch, property, values_of(&discriminator, reference));
    }
}

/// The values that stand for a schema: those that the mapping gives, else its name.
fn values_of(discriminator: &Node<'_>, reference: &str) -> Vec<Value> {
    let name = reference.rsplit('/').next().unwrap_or(reference);
    let mapping = discriminator.get("mapping");
    let mapped: Vec<Value> = mapping
        .iter()
        .flat_map(Node::entries)
        .filter(|(_, target)| {
            target.value.as_str().is_some_and(|target| target == reference || target == name)
        })
        .map(|(value, _)| Value::from(value))
        .collect();
    if mapped.is_empty() { vec![Value::from(name)] } else { mapped }
}

/// Those of the values that the alternative itself lists; what it lists where that is none of them.
fn narrowed(values: Vec<Value>, listed: Option<&Value>) -> Vec<Value> {
    let Some(Value::Array(listed)) = listed else { return values };
    let common: Vec<Value> = values.into_iter().filter(|value| listed.contains(value)).collect();
    if common.is_empty() { listed.clone() } else { common }
}

fn pin_branch(branch: &mut Schema, property: &str, values: Vec<Value>) {
    let declared =
        branch.get("properties").and_then(|properties| properties.get(property)).and_then(Value::as_object);
    let tag = Map::from_iter([
        ("type".to_owned(), Value::from("string")),
        (
            "enum".to_owned(),
            Value::Array(narrowed(values, declared.and_then(|declared| declared.get("enum")))),
        ),
    ]);
    let pinned = Map::from_iter([
        ("type".to_owned(), Value::from("object")),
        ("properties".to_owned(), Value::Object(Map::from_iter([(property.to_owned(), Value::Object(tag))]))),
        ("required".to_owned(), Value::Array(vec![Value::from(property)])),
    ]);
    *branch = if branch.contains_key("$ref") {
        Map::from_iter([(
            "allOf".to_owned(),
            Value::Array(vec![Value::Object(branch.clone()), Value::Object(pinned)]),
        )])
    } else {
        both_or_all_of(branch, &pinned)
    };
}
