//! What all HTTP surfaces of the sandbox share: reading the parts of a request as types, and the status that a refusal
//! gets.

use std::error::Error;

use axum::extract::{FromRequestParts as _, Path, Query, Request};
use axum::response::IntoResponse;
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract::Payload;
use crate::network::{Kind, Refusal};

mod request;
mod routes;
#[cfg(test)]
mod tests;

pub(crate) use request::{Ask, At, Body};
pub(crate) use routes::{Route, Served, join};

/// A REST API of the sandbox: what its handlers share, and the shape of its errors.
pub(crate) trait Surface: Send + Sync {
    /// What goes wrong, in the API's own shape.
    type Problem: From<Unreadable> + IntoResponse;
}

/// Why a part of a request cannot be read as a type. Where the document and the types agree, there is no such request.
#[derive(Debug, thiserror::Error)]
#[error("the {part} does not fit: {what}")]
pub(crate) struct Unreadable {
    part: &'static str,
    what: String,
}

/// The variables of the path, decoded, in the order of the template.
pub(crate) async fn path<T, S>(parts: &mut Parts, state: &S) -> Result<T, Unreadable>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    match Path::from_request_parts(parts, state).await {
        Ok(Path(values)) => Ok(values),
        Err(rejection) => Err(Unreadable { part: "path", what: rejection.body_text() }),
    }
}

/// The query parameters.
pub(crate) async fn query<T, S>(parts: &mut Parts, state: &S) -> Result<T, Unreadable>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    match Query::from_request_parts(parts, state).await {
        Ok(Query(values)) => Ok(values),
        Err(rejection) => Err(Unreadable { part: "query", what: rejection.body_text() }),
    }
}

/// The body that was read when the request was checked; an empty object where the operation takes none.
pub(crate) fn payload(request: &mut Request) -> Payload {
    request.extensions_mut().remove().unwrap_or_default()
}

/// The body as a type; an error names the field.
pub(crate) fn fit<T: DeserializeOwned>(value: Value) -> Result<T, Unreadable> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let what = error.into_inner();
        let what = if path == "." { what.to_string() } else { format!("`{path}`: {what}") };
        Unreadable { part: "body", what }
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

/// The status for a refusal of the network, and what its callers are told. Of a failure of the sandbox itself the log has
/// the details.
pub(crate) fn told(refusal: &Refusal) -> (StatusCode, String) {
    match refusal.kind() {
        Kind::Failure => failure(refusal),
        kind => (status(kind), refusal.to_string()),
    }
}

/// The same for a failure of the sandbox.
pub(crate) fn failure(error: &dyn Error) -> (StatusCode, String) {
    tracing::error!(%error, "the sandbox failed");
    (StatusCode::INTERNAL_SERVER_ERROR, "the sandbox failed; its log says why".to_owned())
}
