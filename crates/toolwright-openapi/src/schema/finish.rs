//! The rules that need a schema as a whole, once its keywords are converted.

use serde_json::{Map, Value};

use super::merge::{both, both_or_all_of};
use super::{Schema, discriminator, set_types, texts, type_of, types};
use crate::diagnostic::Sink;
use crate::node::Node;

/// The longest example that is kept, in characters of JSON.
const MAX_EXAMPLE: usize = 60;

/// Marks, while a schema is being made, the properties that were left out because they are only received: another
/// branch of an `allOf` may require them.
pub(super) const RECEIVED: &str = "\0received";

/// Applies the rules to the converted keywords of a node.
pub(super) fn finish(mut schema: Schema, node: &Node<'_>, sink: &mut Sink) -> Schema {
    exclusive_bounds(&mut schema, node);
    discriminator::pin(&mut schema, node, sink);
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

/// Allows null beside what a schema allows, as briefly as can be said.
pub(super) fn allow_null(schema: &mut Schema) {
    let is_composed =
        ["$ref", "allOf", "oneOf", "anyOf", "not", "if"].iter().any(|key| schema.contains_key(*key));
    if !is_composed {
        // Without a type, null is allowed already.
        if schema.contains_key("type") {
            add_null_type(schema);
        }
        return;
    }
    let null = Value::Object(Map::from_iter([("type".to_owned(), Value::from("null"))]));
    let description = schema.shift_remove("description");
    let is_choice = schema.len() == 1 && !schema.contains_key("allOf");
    match schema.values_mut().next().filter(|_| is_choice) {
        Some(Value::Array(branches)) if !branches.contains(&null) => branches.push(null),
        Some(Value::Array(_)) => {}
        _ => {
            let inner = Value::Object(std::mem::take(schema));
            schema.insert("anyOf".to_owned(), Value::Array(vec![inner, null]));
        }
    }
    schema.extend(description.map(|description| ("description".to_owned(), description)));
}

fn add_null_type(schema: &mut Schema) {
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
pub(crate) fn add_examples(schema: &mut Schema, examples: Vec<Value>) {
    let mut room = MAX_EXAMPLE;
    let mut kept = Vec::new();
    for example in examples {
        let Some(left) = room.checked_sub(example.to_string().chars().count()) else { break };
        room = left;
        kept.push(example);
    }
    if !kept.is_empty() {
        schema.insert("examples".to_owned(), Value::Array(kept));
    }
}

/// Whether a list of required properties names this one.
pub(crate) fn requires(schema: &Schema, name: &str) -> bool {
    texts(schema, "required").any(|required| required == name)
}
