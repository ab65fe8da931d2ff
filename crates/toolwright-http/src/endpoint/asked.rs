//! What a request asks, read as far as it decides how it is answered. The MCP server reads it again, and in full.

use std::borrow::Cow;

use http::StatusCode;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Value, error::Category};

use crate::Refusal;

/// A JSON-RPC message from a client.
#[derive(Debug, Deserialize)]
pub(super) struct Asked<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    /// The method; none in an answer to a question of the server.
    #[serde(borrow, default)]
    pub(super) method: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

/// The parameters that matter here.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Params<'a> {
    #[serde(borrow, default)]
    pub(super) name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) cursor: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "_meta")]
    pub(super) meta: Option<Meta<'a>>,
}

/// What the stateless era says in every request.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Meta<'a> {
    #[serde(borrow, default, rename = "io.modelcontextprotocol/protocolVersion")]
    pub(super) protocol_version: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "io.modelcontextprotocol/clientCapabilities")]
    pub(super) client_capabilities: Option<&'a RawValue>,
}

/// Unlike an `Option`, tells `null` from nothing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

impl<'a> Asked<'a> {
    /// Reads one message.
    ///
    /// # Errors
    /// The body is no JSON (-32700), or no JSON-RPC message: an array, say, or an `id` that is neither text nor number
    /// (-32600).
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Refusal> {
        let asked: Self = match serde_json::from_slice(body) {
            Ok(asked) if body.trim_ascii_start().starts_with(b"{") => asked,
            Ok(_) => {
                return Err(invalid_request("a batch, or no object: send one JSON-RPC message"));
            }
            Err(error) if error.classify() == Category::Data && is_json(body) => {
                return Err(invalid_request(&format!("no JSON-RPC message: {error}")));
            }
            Err(error) => return Err(parse_error(&error)),
        };
        match asked.id.map(RawValue::get) {
            Some(id) if !id.starts_with(['"', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) => {
                Err(invalid_request("`id` must be a text or a number"))
            }
            _ => Ok(asked),
        }
    }

    /// Whether an answer is expected.
    pub(super) fn is_request(&self) -> bool {
        self.id.is_some() && self.method.is_some()
    }

    /// The id as it was written.
    pub(super) fn raw_id(&self) -> Option<&'a str> {
        self.id.map(RawValue::get)
    }

    /// The id as a value.
    pub(super) fn id(&self) -> Option<Value> {
        serde_json::from_str(self.raw_id()?).ok()
    }

    /// The parameters, as far as they have the usual form.
    pub(super) fn params(&self) -> Option<Params<'a>> {
        match self.params {
            Some(params) if params.get().starts_with('{') => serde_json::from_str(params.get()).ok(),
            Some(_) => None,
            None => Some(Params::default()),
        }
    }
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(body).is_ok()
}

fn parse_error(error: &serde_json::Error) -> Refusal {
    let message = format!("the body is no JSON: {error}");
    Refusal::new(StatusCode::BAD_REQUEST, -32_700, "invalid_request", message)
}

/// The answer to JSON that is no message of JSON-RPC.
pub(super) fn invalid_request(what: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, -32_600, "invalid_request", what)
}
