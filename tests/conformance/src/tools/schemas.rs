//! Tools whose input schemas must reach the client as they are.

use serde_json::json;
use toolwright::{Arguments, Context, HandWritten, Output, ToolError, Toolset};

pub(super) fn all() -> Vec<HandWritten> {
    vec![
        HandWritten::new("json_schema_2020_12_tool", "Has a schema of many keywords.", done).input_schema(json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "$defs": { "address": {
                "$anchor": "addressDef",
                "type": "object",
                "properties": { "street": { "type": "string" }, "city": { "type": "string" } },
            } },
            "properties": {
                "name": { "type": "string" },
                "address": { "$ref": "#/$defs/address" },
                "contactMethod": { "type": "string", "enum": ["phone", "email"] },
                "phone": { "type": "string" },
                "email": { "type": "string" },
            },
            "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
            "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
            "then": { "required": ["phone"] },
            "else": { "required": ["email"] },
            "additionalProperties": false,
        })),
        HandWritten::new("test_header_argument", "Has an argument that is repeated in a header.", done).input_schema(
            json!({
                "type": "object",
                "properties": { "region": { "type": "string", "x-mcp-header": "Region" } },
                "required": ["region"],
                "additionalProperties": false,
            }),
        ),
    ]
}

async fn done(arguments: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    Ok(Output::text(format!("These arguments came: {}", serde_json::Value::Object(arguments.into_values()))))
}
