//! Request bodies that are sent exactly as they were given.

use serde_json::{Map, Value, json};

use super::NULL_IS_A_VALUE;
use super::draft::Draft;

pub(super) fn null_properties(draft: &mut Draft) {
    draft.each_request_schema(|schema, pointer, log| {
        let doubly_optional: Vec<String> = optional_properties(schema)
            .filter(|(_, property)| property.get("nullable") == Some(&json!(true)))
            .map(|(name, _)| name.clone())
            .collect();
        let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
        for name in doubly_optional {
            if let Some(Value::Object(property)) = properties.get_mut(&name) {
                property.insert(NULL_IS_A_VALUE.to_owned(), json!(true));
                log.report(pointer, format!("`{name}` may be null, absent, or given"));
            }
        }
    });
}

pub(super) fn empty_collections(draft: &mut Draft) {
    draft.each_request_schema(|schema, pointer, log| {
        let collections: Vec<String> = optional_properties(schema)
            .filter(|(_, property)| is_collection(property))
            .map(|(name, _)| name.clone())
            .collect();
        let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
        for name in collections {
            if let Some(Value::Object(property)) = properties.get_mut(&name) {
                property.insert("nullable".to_owned(), json!(true));
                log.report(pointer, format!("`{name}` may be empty, absent, or given"));
            }
        }
    });
}

fn optional_properties(schema: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let required = schema.get("required").and_then(Value::as_array).map_or([].as_slice(), Vec::as_slice);
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.filter(|(name, _)| required.iter().all(|known| known != name.as_str()))
}

/// Whether a property becomes a list or a map.
fn is_collection(property: &Value) -> bool {
    match property.get("type").and_then(Value::as_str) {
        Some("array") => true,
        Some("object") => property.get("properties").and_then(Value::as_object).is_none_or(Map::is_empty),
        _ => false,
    }
}
