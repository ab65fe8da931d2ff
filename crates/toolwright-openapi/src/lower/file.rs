//! Files as arguments. A path would mean nothing to a server elsewhere, so a file is its content or where to get it.

use serde_json::{Value, json};

use crate::schema::{Schema, types};

/// The schema of a file argument.
pub(super) fn schema(description: Option<&str>) -> Schema {
    let file = json!({
        "type": "object",
        "properties": {
            "base64": {"type": "string", "description": "The content, in base64"},
            "data_uri": {"type": "string", "description": "The content, as a data: URI"},
            "url": {"type": "string", "description": "An https URL to fetch the content from"},
            "filename": {"type": "string"},
            "mime_type": {"type": "string"},
        },
        "oneOf": [{"required": ["base64"]}, {"required": ["data_uri"]}, {"required": ["url"]}],
        "additionalProperties": false,
    });
    let Value::Object(members) = file else { return Schema::new() };
    let text = match description {
        Some(text) => format!("{text} (file: exactly one of base64, data_uri, url)"),
        None => "A file: exactly one of base64, data_uri, url".to_owned(),
    };
    [("description".to_owned(), Value::from(text))].into_iter().chain(members).collect()
}

/// Makes file arguments of the binary properties among these, and says which they are.
pub(super) fn replace_in(properties: &mut Schema) -> Vec<String> {
    let mut files = Vec::new();
    for (name, property) in properties.iter_mut() {
        let Value::Object(property) = property else { continue };
        if is_binary(property) {
            *property = schema(property.get("description").and_then(Value::as_str));
            files.push(name.clone());
        } else if let Some(Value::Object(items)) = property.get_mut("items")
            && is_binary(items)
        {
            *items = schema(None);
            files.push(name.clone());
        }
    }
    files
}

/// Whether a schema stands for bytes: `format: binary` in 3.0; a media type that is no text, not encoded, in 3.1.
pub(super) fn is_binary(schema: &Schema) -> bool {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let may_be_text = types(schema).is_empty() || types(schema).contains(&"string");
    let is_media = text("contentMediaType").is_some_and(|media_type| {
        !media_type.starts_with("text/") && !crate::media_type::is_json(media_type)
    });
    may_be_text && (text("format") == Some("binary") || (is_media && !schema.contains_key("contentEncoding")))
}
