//! From the outcome of a call to what goes over the wire.

use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, MetaObject};
use serde_json::{Value, json};

use crate::{CallError, Context, ErrorKind, Output, ToolError};

/// The member of a result's `_meta` that says in what an answer differs from the API's document.
const NOTES_KEY: &str = "dev.toolwright/notes";

/// The result of `tools/call`. Only a tool that does not exist is a protocol error: everything else is for the model
/// to read.
pub(super) fn call_result(
    outcome: Result<Output, CallError>,
    caller: &Context,
) -> Result<CallToolResult, ErrorData> {
    match outcome {
        Ok(output) => Ok(success(output)),
        Err(CallError::Tool(error)) => Ok(failure(&error)),
        Err(unknown @ CallError::UnknownTool { .. }) => {
            let message = format!("{unknown}; `tools/list` has the tools that there are");
            let facts = caller.request_id().map(|request_id| json!({ "request_id": request_id }));
            Err(ErrorData::invalid_params(message, facts))
        }
    }
}

fn success(output: Output) -> CallToolResult {
    let Output { content, structured, raw, notes } = output;
    // What it shares with the structured content need not be copied then.
    drop(raw);
    let mut result = CallToolResult::success(content);
    result.structured_content = structured.map(Arc::unwrap_or_clone);
    if !notes.is_empty() {
        let mut meta = JsonObject::new();
        meta.insert(NOTES_KEY.to_owned(), notes.into());
        result.meta = Some(MetaObject(meta));
    }
    result
}

/// A failed call: the same facts as text, which every client shows its model, and as structured content.
fn failure(error: &ToolError) -> CallToolResult {
    let facts = as_json(error);
    let mut result = CallToolResult::error(vec![ContentBlock::text(facts.to_string())]);
    result.structured_content = Some(facts);
    result
}

/// The failure of a resource or a prompt, which have no other way to fail than a protocol error.
pub(super) fn protocol_error(error: &ToolError, subject: &str) -> ErrorData {
    let (message, facts) = (format!("{subject}: {error}"), Some(as_json(error)));
    match error.kind {
        ErrorKind::NotFound => ErrorData::resource_not_found(message, facts),
        ErrorKind::InvalidArguments => ErrorData::invalid_params(message, facts),
        _ => ErrorData::internal_error(message, facts),
    }
}

/// No resource has this URI, or the caller may not read it.
pub(super) fn unknown_resource(uri: &str) -> ErrorData {
    ErrorData::resource_not_found(
        "no resource has this URI; `resources/list` and `resources/templates/list` have those that there are",
        Some(json!({ "uri": uri })),
    )
}

fn as_json(error: &ToolError) -> Value {
    serde_json::to_value(error).unwrap_or_else(|_| json!({ "kind": error.kind.as_str() }))
}
