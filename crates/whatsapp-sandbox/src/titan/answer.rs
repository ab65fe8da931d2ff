//! Titan's envelope: `{ "data": … }` for what succeeded, `{ "error": …, "docs"?: … }` for what did not.

use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::contract::Misfit;
use crate::network::Refusal;
use crate::rest::{self, Unreadable};

/// What a handler gives.
pub(super) type Answer = Result<Response, Problem>;

/// 200 with a value.
pub(super) fn data(value: impl Serialize) -> Response {
    envelope(StatusCode::OK, value)
}

/// 201 with the value that was made.
pub(super) fn created(value: impl Serialize) -> Response {
    envelope(StatusCode::CREATED, value)
}

/// 202 with what tells the outcome apart when it comes.
pub(super) fn accepted(value: impl Serialize) -> Response {
    envelope(StatusCode::ACCEPTED, value)
}

/// 200 for an action that has nothing to tell.
pub(super) fn success() -> Response {
    data(json!({ "success": true }))
}

/// 201 with fields that stand outside the envelope.
pub(super) fn bare_created(fields: Map<String, Value>) -> Response {
    marked(StatusCode::CREATED, fields)
}

/// 200 with fields that stand outside the envelope.
pub(super) fn bare(fields: Map<String, Value>) -> Response {
    marked(StatusCode::OK, fields)
}

fn envelope(status: StatusCode, value: impl Serialize) -> Response {
    match serde_json::to_value(value) {
        Ok(value) => marked(status, Map::from_iter([("data".to_owned(), value)])),
        Err(error) => Problem::failure(&error).into_response(),
    }
}

/// Every JSON answer says that nothing of it is real.
fn marked(status: StatusCode, mut fields: Map<String, Value>) -> Response {
    fields.insert("simulated".to_owned(), Value::Bool(true));
    (status, Json(fields)).into_response()
}

/// An answer for what goes wrong before a handler is called.
pub(crate) fn fail(status: StatusCode, error: &str) -> Response {
    Problem::new(status, error).into_response()
}

/// What goes wrong, in Titan's shape.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    error: String,
    docs: Option<&'static str>,
    retry_after: Option<Duration>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), docs: None, retry_after: None }
    }

    /// 400 with what is wrong.
    pub(super) fn invalid(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    /// The same, with a page that explains it.
    pub(super) fn with_docs(self, docs: &'static str) -> Self {
        Self { docs: Some(docs), ..self }
    }

    /// The same, and when to try again.
    pub(super) fn with_retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// A failure of the sandbox itself: the log has the details.
    fn failure(error: &dyn std::error::Error) -> Self {
        let (status, error) = rest::failure(error);
        Self::new(status, error)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
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
        let mut fields = Map::from_iter([("error".to_owned(), Value::String(self.error))]);
        if let Some(docs) = self.docs {
            fields.insert("docs".to_owned(), docs.into());
        }
        let mut response = marked(self.status, fields);
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(RETRY_AFTER, wait.as_secs().into());
        }
        response
    }
}
