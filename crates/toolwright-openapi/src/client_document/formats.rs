//! Formats that the generator would turn into types that write a value differently from how it was given.

use serde_json::Value;

use super::draft::Draft;

/// The types and formats concerned. A UUID would be written in lower case and an address in its shortest form; and each of
/// them is a crate more, or a refusal of what the API takes.
const ALTERING: [(&str, &str); 7] = [
    ("string", "date"),
    ("string", "date-time"),
    ("string", "ip"),
    ("string", "ipv4"),
    ("string", "ipv6"),
    ("string", "uuid"),
    ("number", "float"),
];

pub(super) fn apply(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
        if ALTERING.contains(&(text("type"), text("format")))
            && let Some(format) = schema.remove("format")
        {
            log.report(pointer, format!("dropped `format: {}`", format.as_str().unwrap_or_default()));
        }
    });
}
