//! Two schemas that must both hold, as one.

use serde_json::{Map, Value};

use super::annotation::without_annotations;
use super::finish::RECEIVED;
use super::{Schema, set_types, types};

/// The conjunction of two schemas, or nothing where it cannot be written as one. What the second says about itself
/// (description, default, examples) wins.
pub(crate) fn both(first: &Schema, second: &Schema) -> Option<Schema> {
    let mut merged = first.clone();
    for (key, new) in second {
        let Some(old) = first.get(key) else {
            merged.insert(key.clone(), new.clone());
            continue;
        };
        if old == new {
            continue;
        }
        let value = match key.as_str() {
            "description" | "default" | "examples" | "format" => new.clone(),
            "required" | RECEIVED => union(old, new)?,
            "properties" => properties(old.as_object()?, new.as_object()?),
            "enum" => intersection(old, new)?,
            "type" => {
                set_types(&mut merged, common_types(first, second)?);
                continue;
            }
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => larger(old, new)?,
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => smaller(old, new)?,
            "additionalProperties" => match (old, new) {
                (Value::Bool(false), _) | (_, Value::Bool(false)) => Value::Bool(false),
                (Value::Bool(true), other) | (other, Value::Bool(true)) => other.clone(),
                _ => return None,
            },
            "items" => Value::Object(both(old.as_object()?, new.as_object()?)?),
            _ => return None,
        };
        merged.insert(key.clone(), value);
    }
    Some(merged)
}

/// The conjunction of two schemas, with `allOf` where nothing simpler says it.
pub(crate) fn both_or_all_of(first: &Schema, second: &Schema) -> Schema {
    both(first, second).unwrap_or_else(|| {
        let branches = vec![Value::Object(first.clone()), Value::Object(second.clone())];
        Map::from_iter([("allOf".to_owned(), Value::Array(branches))])
    })
}

fn properties(first: &Schema, second: &Schema) -> Value {
    let mut merged = first.clone();
    for (name, new) in second {
        let value = match (first.get(name).and_then(Value::as_object), new.as_object()) {
            (Some(old), Some(new)) => Value::Object(both_or_all_of(old, new)),
            _ => new.clone(),
        };
        merged.insert(name.clone(), value);
    }
    Value::Object(merged)
}

fn union(first: &Value, second: &Value) -> Option<Value> {
    let mut values = first.as_array()?.clone();
    for value in second.as_array()? {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    Some(Value::Array(values))
}

fn intersection(first: &Value, second: &Value) -> Option<Value> {
    let allowed = second.as_array()?;
    let values: Vec<Value> =
        first.as_array()?.iter().filter(|value| allowed.contains(value)).cloned().collect();
    (!values.is_empty()).then_some(Value::Array(values))
}

/// The types that both allow; an integer is also a number.
fn common_types(first: &Schema, second: &Schema) -> Option<Vec<String>> {
    let (first, second) = (types(first), types(second));
    let allows = |types: &[&str], name: &str| {
        types.contains(&name) || (name == "integer" && types.contains(&"number"))
    };
    let mut common: Vec<String> = Vec::new();
    for name in first.iter().chain(&second) {
        if allows(&first, name) && allows(&second, name) && !common.iter().any(|known| known == name) {
            common.push((*name).to_owned());
        }
    }
    (!common.is_empty()).then_some(common)
}

fn larger(first: &Value, second: &Value) -> Option<Value> {
    Some(if first.as_f64()? >= second.as_f64()? { first } else { second }.clone())
}

fn smaller(first: &Value, second: &Value) -> Option<Value> {
    Some(if first.as_f64()? <= second.as_f64()? { first } else { second }.clone())
}

/// One schema that allows what either of two does, as narrowly as can be said briefly: a list of types or values where
/// that is all they differ in, `anyOf` otherwise. What both say about themselves stays where it is the same; the
/// description of the first stays in any case.
pub(crate) fn either(first: &Schema, second: &Schema) -> Schema {
    let (plain_first, plain_second) = (without_annotations(first), without_annotations(second));
    let mut merged =
        if plain_first == plain_second { first.clone() } else { either_plain(&plain_first, &plain_second) };
    if let Some(description) = first.get("description").or_else(|| second.get("description")) {
        merged.insert("description".to_owned(), description.clone());
    }
    for key in ["default", "examples"] {
        match first.get(key) {
            Some(value) if second.get(key) == Some(value) => merged.insert(key.to_owned(), value.clone()),
            _ => merged.shift_remove(key),
        };
    }
    merged
}

fn either_plain(first: &Schema, second: &Schema) -> Schema {
    let only = |keys: &[&str]| first.keys().chain(second.keys()).all(|key| keys.contains(&key.as_str()));
    if only(&["type", "enum"])
        && first.get("type") == second.get("type")
        && let (Some(values), Some(others)) = (first.get("enum"), second.get("enum"))
        && let Some(values) = union(values, others)
    {
        let mut merged = first.clone();
        merged.insert("enum".to_owned(), values);
        return merged;
    }
    if only(&["type"]) && first.contains_key("type") && second.contains_key("type") {
        let mut names: Vec<String> = types(first).into_iter().map(str::to_owned).collect();
        let more: Vec<String> =
            types(second).into_iter().map(str::to_owned).filter(|name| !names.contains(name)).collect();
        names.extend(more);
        let mut merged = first.clone();
        set_types(&mut merged, names);
        return merged;
    }
    let mut branches = match first.get("anyOf") {
        Some(Value::Array(branches)) if first.len() == 1 => branches.clone(),
        _ => vec![Value::Object(first.clone())],
    };
    let second = Value::Object(second.clone());
    if !branches.contains(&second) {
        branches.push(second);
    }
    Map::from_iter([("anyOf".to_owned(), Value::Array(branches))])
}
