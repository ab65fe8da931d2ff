//! A cheap check of one value against one schema, for what the author of a document sets by hand.

use serde_json::Value;

use super::{Schema, type_of, types};

/// Whether a value has the type of a schema and is among its `enum`, and within its lengths and bounds. What else a
/// schema may say is not looked at.
pub(crate) fn accepts(schema: &Schema, value: &Value) -> bool {
    let types = types(schema);
    let has_type = types.is_empty()
        || types.iter().any(|name| *name == type_of(value) || (*name == "number" && value.is_number()));
    let is_listed = match schema.get("enum") {
        Some(Value::Array(values)) => values.contains(value),
        _ => true,
    };
    let number = |key: &str| schema.get(key).and_then(Value::as_f64);
    #[expect(clippy::cast_precision_loss, reason = "a text of 2^52 characters does not exist")]
    let length = value.as_str().map(|text| text.chars().count() as f64);
    let within = |size: Option<f64>, least: &str, most: &str| {
        size.is_none_or(|size| {
            number(least).is_none_or(|least| size >= least) && number(most).is_none_or(|most| size <= most)
        })
    };
    has_type
        && is_listed
        && within(length, "minLength", "maxLength")
        && within(value.as_f64(), "minimum", "maximum")
}
