//! The headers that carry credentials by the document's own word. As parameters they would ask a model for a key.

use serde_json::Value;

/// The names of the headers of `apiKey` security schemes, in lower case.
pub(crate) fn of(document: &Value) -> Vec<String> {
    let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
    let header = |scheme: &Value| {
        let text = |member: &str| scheme.get(member).and_then(Value::as_str);
        let is_key = text("type") == Some("apiKey") && text("in") == Some("header");
        text("name").filter(|_| is_key).map(str::to_ascii_lowercase)
    };
    schemes.into_iter().flatten().filter_map(|(_, scheme)| header(scheme)).collect()
}
