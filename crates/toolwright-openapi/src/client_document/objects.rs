//! Objects as Rust structs.

use serde_json::{Map, Value, json};

use super::composition::replace;
use super::draft::Draft;
use super::names;

pub(super) fn open(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        let has_properties =
            schema.get("properties").and_then(Value::as_object).is_some_and(|map| !map.is_empty());
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                schema.remove("additionalProperties");
                log.report(pointer, "other members are allowed");
            }
            Some(Value::Bool(true)) if has_properties => {
                schema.remove("additionalProperties");
            }
            _ => {}
        }
    });
}

pub(super) fn required(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        let Some(Value::Array(required)) = schema.get("required").cloned() else { return };
        let mut wanted: Vec<String> = Vec::new();
        let Some(properties) = properties_mut(schema) else { return };
        for name in required.iter().filter_map(Value::as_str) {
            let property = properties.entry(name).or_insert_with(|| {
                log.report(pointer, format!("declared `{name}`, of any value, which is required"));
                json!({})
            });
            let one_way =
                ["readOnly", "writeOnly"].into_iter().find(|key| property.get(*key) == Some(&json!(true)));
            match one_way {
                Some(key) => log.report(pointer, format!("`{name}` is optional, since it is `{key}`")),
                None if !wanted.iter().any(|known| known == name) => wanted.push(name.to_owned()),
                None => {}
            }
        }
        schema.insert("required".to_owned(), json!(wanted));
    });
    draft.each_schema(|schema, _, _| {
        schema.remove("readOnly");
        schema.remove("writeOnly");
        if schema.get("required").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            schema.remove("required");
        }
    });
}

pub(super) fn property_names(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        let mut fields: Vec<String> = properties.keys().map(|name| names::field(name)).collect();
        // The generator collects the other members in a field of this name.
        if schema.get("additionalProperties").is_some_and(Value::is_object) {
            fields.push("extra".to_owned());
        }
        if names::all_differ(&fields) {
            return;
        }
        fields.sort();
        let twice: Vec<String> = fields
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| format!("`{}`", pair[0]))
            .collect();
        log.report(
            pointer,
            format!("became a free-form object, since the field {} would stand twice", twice.join(", ")),
        );
        replace(schema, Map::from_iter([("type".to_owned(), json!("object"))]));
    });
}

fn properties_mut(schema: &mut Map<String, Value>) -> Option<&mut Map<String, Value>> {
    if schema.get("type").is_some_and(|name| name != "object") {
        return None;
    }
    schema.entry("properties").or_insert_with(|| json!({})).as_object_mut()
}
