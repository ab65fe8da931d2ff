//! The envelope: `{ "data": …, "simulated": true }` for what succeeded, `{ "error": …, "simulated": true }` for what did
//! not.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::json;
use whatsapp_sandbox_client::types;

use crate::contract::Misfit;
use crate::network::{Kind, Refusal};
use crate::rest::{self, Unreadable};

/// What a handler gives.
pub(super) type Answer = Result<Response, Problem>;

/// 200 with a value.
pub(super) fn data(value: impl Serialize) -> Response {
    match serde_json::to_value(value) {
        Ok(value) => Json(json!({ "data": value, "simulated": true })).into_response(),
        Err(error) => Problem::failure(&error).into_response(),
    }
}

/// 201 with the value that was made, and where it is.
pub(super) fn created(location: &str, value: impl Serialize) -> Response {
    let mut response = data(value);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// 200 for an action that has nothing to tell.
pub(super) fn success() -> Response {
    data(types::Success { success: true })
}

/// 200 for an action on several things.
pub(super) fn changed(count: usize) -> Response {
    data(types::Changed { changed: i64::try_from(count).unwrap_or(i64::MAX) })
}

/// Why a control route does not do what it was asked.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    error: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into() }
    }

    /// 400 with what is wrong.
    pub(super) fn invalid(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    /// 404 with what is missing.
    pub(super) fn not_found(error: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, error)
    }

    /// 409 with what does not fit.
    pub(super) fn conflict(error: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, error)
    }

    /// A failure of the sandbox itself: the log has the details.
    pub(super) fn failure(error: &dyn std::error::Error) -> Self {
        let (status, error) = rest::failure(error);
        Self::new(status, error)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        // The request is one that the document describes; what the network does not take in it is for no schema to say.
        if refusal.kind() == Kind::Invalid && !matches!(refusal, Refusal::Jid(_)) {
            return Self::conflict(refusal.to_string());
        }
        let (status, error) = rest::told(&refusal);
        Self::new(status, error)
    }
}

impl From<Misfit> for Problem {
    fn from(misfit: Misfit) -> Self {
        Self::new(misfit.status(), misfit.to_string())
    }
}

impl From<Unreadable> for Problem {
    fn from(problem: Unreadable) -> Self {
        Self::new(StatusCode::BAD_REQUEST, problem.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(types::Error { error: self.error, simulated: true })).into_response()
    }
}
