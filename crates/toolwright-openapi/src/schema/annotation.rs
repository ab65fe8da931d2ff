//! What a schema says to readers, as opposed to what it demands of values.

use serde_json::Value;

use super::Schema;

/// The schema without descriptions, defaults and examples, at every depth.
pub(crate) fn without_annotations(schema: &Schema) -> Schema {
    let mut plain = Schema::new();
    for (key, value) in schema {
        let value = match key.as_str() {
            "description" | "default" | "examples" => continue,
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" => by_name(value),
            // Data, in which these words mean nothing.
            "enum" | "required" | "dependentRequired" => value.clone(),
            _ => anywhere(value),
        };
        plain.insert(key.clone(), value);
    }
    plain
}

fn by_name(value: &Value) -> Value {
    match value {
        Value::Object(schemas) => {
            Value::Object(schemas.iter().map(|(name, schema)| (name.clone(), anywhere(schema))).collect())
        }
        other => other.clone(),
    }
}

fn anywhere(value: &Value) -> Value {
    match value {
        Value::Object(schema) => Value::Object(without_annotations(schema)),
        Value::Array(items) => Value::Array(items.iter().map(anywhere).collect()),
        other => other.clone(),
    }
}
