//! Tools, and the operations behind them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Argument, Body, Call, Effect, Source};

/// One MCP tool: an operation of the API, ready to be listed, checked and called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// The name, `^[a-z][a-z0-9_]{0,63}$`, unique in the catalog.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// What it does, when to use it and what it returns, for the model that has to choose.
    pub description: String,
    /// The [`Domain`](crate::Domain) it belongs to.
    pub domain: String,
    /// The operation behind it.
    pub operation: Operation,
    /// The scopes a credential needs, all of them.
    pub scopes: Vec<String>,
    /// What a call does.
    pub effect: Effect,
    /// Whether repeating a call changes nothing more.
    pub idempotent: bool,
    /// Whether a call reaches people or systems beyond the API itself.
    pub open_world: bool,
    /// Whether it runs only after the user has agreed to the call.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirm: bool,
    /// How long a call may take, in seconds, where that is not the server's general limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_s: Option<u32>,
    /// The arguments, in the order in which they are shown.
    pub arguments: Vec<Argument>,
    /// The request body, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    /// The schema of the arguments: JSON Schema 2020-12, an object without composition at its root.
    pub input_schema: Map<String, Value>,
    /// What `input_schema` must not say at its root: which arguments need or exclude each other. A schema of the whole
    /// argument object; calls are checked against both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Map<String, Value>>,
    /// What `input_schema` cannot say when the body is a union.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variants: Option<Variants>,
    /// The loose schema of a JSON result whose root is an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Map<String, Value>>,
    /// What a success looks like on the wire.
    pub response: Response,
    /// How a part of a JSON result becomes an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// How the client is called.
    pub call: Call,
}

/// The HTTP operation behind a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The `operationId`, as the document spells it.
    pub id: String,
    /// The method, in capitals.
    pub method: String,
    /// The path template, such as `/api/sessions/{session}`.
    pub path: String,
    /// The header that makes repeating a call safe, where the document declares one. A value is made for every call,
    /// unless an argument that goes to this header gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_header: Option<String>,
    /// Where the knowledge of it comes from, where the document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The vendor's page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}

/// The alternatives of a union body, told apart by one argument.
///
/// The input schema of the tool is the flat sum of all alternatives (providers accept no composition at the root).
/// Calls are checked against it first and then against the schema of the alternative that was chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variants {
    /// The argument that chooses.
    pub argument: String,
    /// The schema of the whole argument object for each value of that argument.
    pub schemas: Map<String, Value>,
}

/// What a success looks like on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The media types that the document lists for success, in its order; empty where success has no body.
    pub media_types: Vec<String>,
    /// Whether the document lists a redirect: its target then is the result.
    #[serde(default, skip_serializing_if = "crate::argument::is_false")]
    pub redirect: bool,
}

/// How a part of a JSON result becomes an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// A JSON pointer to a text that is also shown as a QR code.
    pub qr: String,
}
