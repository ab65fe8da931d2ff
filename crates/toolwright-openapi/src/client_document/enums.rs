//! Enumerations that make Rust enums, and those that do not.

use serde_json::{Map, Value, json};

use super::draft::Draft;
use super::names;

pub(super) fn apply(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        let Some(Value::Array(values)) = schema.remove("enum") else { return };
        if let Err(loss) = keep(schema, values) {
            log.report(pointer, loss);
        }
    });
}

/// Puts the values back where they make a Rust enum; says why not otherwise.
fn keep(schema: &mut Map<String, Value>, values: Vec<Value>) -> Result<(), String> {
    if values.contains(&Value::Null) {
        schema.insert("nullable".to_owned(), json!(true));
    }
    let mut kept: Vec<Value> = Vec::with_capacity(values.len());
    for value in values {
        if !value.is_null() && !kept.contains(&value) {
            kept.push(value);
        }
    }
    let Some(implied) = kept.iter().map(type_of).reduce(common).flatten() else {
        return Err("the values are of several types; the enumeration is dropped".to_owned());
    };
    let declared = schema.entry("type").or_insert_with(|| json!(implied));
    if *declared != implied {
        return Err(format!(
            "the values are no {}; the enumeration is dropped",
            declared.as_str().unwrap_or_default()
        ));
    }
    if ["allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key)) {
        return Err("the enumeration beside other schemas is dropped".to_owned());
    }
    if implied != "string" {
        return Err(format!("an enumeration of {implied} values is dropped"));
    }
    let texts: Vec<&str> = kept.iter().filter_map(Value::as_str).collect();
    if !names::variants_differ(&texts) {
        return Err(format!("{} would make the same Rust name; the enumeration is dropped", list(&texts)));
    }
    schema.insert("enum".to_owned(), Value::Array(kept));
    Ok(())
}

fn type_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        _ => None,
    }
}

fn common(one: Option<&'static str>, other: Option<&'static str>) -> Option<&'static str> {
    match (one?, other?) {
        (one, other) if one == other => Some(one),
        ("integer", "number") | ("number", "integer") => Some("number"),
        _ => None,
    }
}

/// The values of which at least two make the same name.
fn list(texts: &[&str]) -> String {
    let clashing: Vec<String> = texts
        .iter()
        .filter(|text| {
            texts.iter().filter(|other| names::type_name(other) == names::type_name(text)).count() > 1
        })
        .map(|text| format!("`{text}`"))
        .collect();
    clashing.join(", ")
}
