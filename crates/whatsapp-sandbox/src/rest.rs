//! What all HTTP surfaces of the sandbox share: reading a body as a type, and the status that a refusal gets.

use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::network::Kind;

#[cfg(test)]
mod tests;

/// Why a body cannot be read as a type. Where the document and the types agree, there is no such body.
#[derive(Debug, thiserror::Error)]
#[error("the body does not fit: {0}")]
pub(crate) struct BodyProblem(String);

/// The body as a type; an error names the field.
pub(crate) fn fit<T: DeserializeOwned>(value: Value) -> Result<T, BodyProblem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let what = error.into_inner();
        BodyProblem(if path == "." { what.to_string() } else { format!("`{path}`: {what}") })
    })
}

/// The HTTP status for a refusal of the network.
pub(crate) fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::Failure => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
