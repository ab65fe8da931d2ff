//! From a line to a message, or to the reason why it is none.

#[cfg(test)]
mod tests;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequest, CallToolRequestMethod, CallToolRequestParams, ClientRequest, ErrorCode, ErrorData,
    JsonRpcMessage, JsonRpcVersion2_0, RequestId,
};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use serde::Deserialize as _;
use serde_json::Value;

use crate::lines::{Line, TooLong};

/// A byte order mark, which JSON readers may pass over.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Why a line has no answer but an error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(
        "the message has {} bytes and the limit is {} ({} MiB): send less in one message",
        .0.bytes, .0.limit, .0.limit >> 20
    )]
    TooLong(TooLong),
    #[error("the line is not JSON: {0}; send each message as JSON in one line of UTF-8")]
    NotJson(serde_json::Error),
    #[error(
        "the line is JSON but no JSON-RPC 2.0 message: send one object with `jsonrpc`: \"2.0\", `method`, and for a \
         request an `id` that is an integer or a string"
    )]
    NotMessage(Option<RequestId>),
    #[error(
        "a request with the `id` {0} is still being answered, so this one was not read: give each request an `id` of its own"
    )]
    SameId(RequestId),
}

impl Refusal {
    /// The answer to the line. Where the request's id is not known it has none: MCP knows no `null` there.
    pub(crate) fn into_answer(self) -> TxJsonRpcMessage<RoleServer> {
        let message = self.to_string();
        let (code, id) = match self {
            Self::TooLong(TooLong { id, .. }) | Self::NotMessage(id) => (ErrorCode::INVALID_REQUEST, id),
            Self::SameId(id) => (ErrorCode::INVALID_REQUEST, Some(id)),
            Self::NotJson(_) => (ErrorCode::PARSE_ERROR, None),
        };
        JsonRpcMessage::error(ErrorData::new(code, message, None), id)
    }
}

/// Reads a line. `None` is a line that needs no answer: an empty one, or a notification that nobody knows.
///
/// # Errors
/// Why the line is no message.
pub(crate) fn read(line: Line<'_>) -> Result<Option<RxJsonRpcMessage<RoleServer>>, Refusal> {
    let line = match line {
        Line::Whole(line) => line,
        Line::TooLong(line) => return Err(Refusal::TooLong(line)),
    };
    let text = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(call) = as_call(text) {
        return Ok(Some(call));
    }
    match serde_json::from_slice(text) {
        Ok(message) => Ok(Some(message)),
        Err(_) => refuse(text),
    }
}

/// A `tools/call` with nothing in it but what belongs there.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    #[serde(rename = "jsonrpc")]
    _version: JsonRpcVersion2_0,
    id: RequestId,
    #[serde(rename = "method")]
    _method: CallToolRequestMethod,
    params: CallToolRequestParams,
}

/// Reads a line as the message that nearly all lines are, in one pass. rmcp reads a line into a tree, and tries one
/// kind of message after the other on it, which costs as much as the rest of a call in rmcp.
fn as_call(text: &[u8]) -> Option<RxJsonRpcMessage<RoleServer>> {
    let Call { id, mut params, .. } = serde_json::from_slice(text).ok()?;
    let meta = params.meta.take();
    let mut request = CallToolRequest::new(params);
    if let Some(meta) = meta {
        // Where rmcp keeps it.
        request.extensions.insert(meta);
    }
    Some(JsonRpcMessage::request(ClientRequest::CallToolRequest(request), id))
}

/// Looks again at a line that is no message that MCP knows.
fn refuse(text: &[u8]) -> Result<Option<RxJsonRpcMessage<RoleServer>>, Refusal> {
    let value: Value = serde_json::from_slice(text).map_err(Refusal::NotJson)?;
    let has_method = value.get("method").is_some_and(Value::is_string);
    match value.get("id") {
        None if has_method => {
            // JSON-RPC: a notification is never answered, not even with an error.
            tracing::debug!(method = %value["method"], "a notification that nobody knows is passed over");
            Ok(None)
        }
        // The id of an answer is not for answering: it is one of our own.
        Some(id) if has_method => Err(Refusal::NotMessage(RequestId::deserialize(id).ok())),
        _ => Err(Refusal::NotMessage(None)),
    }
}
