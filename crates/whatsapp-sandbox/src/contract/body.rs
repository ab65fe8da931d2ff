//! The JSON body of a request.

use std::error::Error;

use axum::body::{self, Body as Stream};
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::LengthLimitError;
use serde_json::{Map, Value};

use super::request::Misfit;
use super::schema::Schema;
use super::{ContractError, inline};

/// The most bytes of a body that carries a file: 70 MB of media as base64, and some room.
const MAX_WITH_FILE: usize = 96 << 20;
/// The most bytes of any other body.
const MAX: usize = 1 << 20;

/// What an operation wants as its body.
#[derive(Debug)]
pub(super) struct Body {
    required: bool,
    /// The most bytes.
    limit: usize,
    pub(super) schema: Schema,
}

/// A body that fits, for the handler to take: it is parsed once.
#[derive(Clone, Debug)]
pub(crate) struct Payload {
    /// What it says; an empty object if there is none.
    pub(crate) value: Value,
    /// The bytes that it was read from.
    pub(crate) bytes: Bytes,
}

impl Default for Payload {
    fn default() -> Self {
        Self { value: Value::Object(Map::new()), bytes: Bytes::new() }
    }
}

impl Body {
    pub(super) fn read(document: &Value, node: &Value, at: &str) -> Result<Self, ContractError> {
        let node = inline::resolve(document, node, at)?;
        let schema = node.pointer("/content/application~1json/schema");
        let schema = schema.ok_or_else(|| ContractError::new(at, "only JSON bodies can be enforced"))?;
        let schema = inline::schema(document, schema, at)?;
        Ok(Self {
            required: node.get("required") == Some(&Value::Bool(true)),
            limit: limit(node, &schema),
            schema: Schema::new(schema),
        })
    }

    /// Reads and checks the body of a request with these headers.
    pub(super) async fn take(&self, headers: &HeaderMap, body: Stream) -> Result<Payload, Misfit> {
        let limit = self.limit;
        let bytes = body::to_bytes(body, limit).await.map_err(|error| {
            let is_limit = error.source().is_some_and(<dyn Error>::is::<LengthLimitError>);
            if is_limit { Misfit::TooLarge { limit } } else { Misfit::Broken }
        })?;
        if bytes.is_empty() {
            return if self.required { Err(Misfit::Missing) } else { Ok(Payload::default()) };
        }
        if !is_json(headers) {
            return Err(Misfit::MediaType);
        }
        let value = serde_json::from_slice(&bytes).map_err(Misfit::Syntax)?;
        let problems = self.schema.problems(&value);
        if problems.is_empty() { Ok(Payload { value, bytes }) } else { Err(Misfit::Body(problems)) }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|it| {
        let essence = it.as_bytes().split(|it| *it == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
    })
}

/// The most bytes: what the document says in `x-max-bytes`, or what suits the schema.
fn limit(node: &Value, schema: &Value) -> usize {
    let said = node.get("x-max-bytes").and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok());
    said.unwrap_or(if holds_file(schema) { MAX_WITH_FILE } else { MAX })
}

/// Whether a file can stand in it as base64.
fn holds_file(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => {
            members.get("format").is_some_and(|it| it == "byte") || members.values().any(holds_file)
        }
        Value::Array(items) => items.iter().any(holds_file),
        _ => false,
    }
}
