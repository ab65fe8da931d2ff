//! The arguments of a tool, and the request body behind them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One member of a tool's flat argument object, and where it goes in the request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// The name that the model writes.
    pub name: String,
    /// Where the value goes.
    #[serde(rename = "in")]
    pub location: Location,
    /// The name in the document: of the parameter, or of the body property. Empty for a whole body.
    pub wire: String,
    /// Whether a call without it is refused.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// How a structured value is written, where that is not the location's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<Style>,
    /// A value that is always sent. The model neither sees nor sets the argument.
    #[serde(default, rename = "const", skip_serializing_if = "Option::is_none")]
    pub fixed: Option<Value>,
}

/// The part of a request that an argument goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
    /// A property of the object body.
    Property,
    /// The whole body.
    Body,
}

/// How arrays and objects are written into a query string (OpenAPI's `style` and `explode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// One `name=value` for each item (`form`, exploded; the default of query parameters).
    Repeated,
    /// Items joined by commas (`form` or `simple`, not exploded).
    Comma,
    /// Items joined by spaces (`spaceDelimited`).
    Space,
    /// Items joined by bars (`pipeDelimited`).
    Pipe,
    /// `name[key]=value` for each member (`deepObject`).
    Deep,
}

/// The request body of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The media type sent.
    pub media_type: String,
    /// Whether an absent body is refused by the API.
    pub required: bool,
    /// Body properties that are files: the argument is a file object, the wire has bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
pub(crate) fn is_false(value: &bool) -> bool {
    !value
}
