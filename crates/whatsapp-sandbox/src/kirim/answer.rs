//! Kirim's envelopes: `{ "data": …, "request_id": … }`, pages of lists, and `{ "error": { … } }`.

use std::error::Error;
use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value, json};

use crate::contract::{Flaw, Misfit, Mistake};
use crate::network::Refusal;
use crate::rest::{self, Unreadable};

/// What a handler gives.
pub(super) type Answer = Result<Reply, Problem>;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An answer before the gate has put the id of the request into it: as long as that it is an extension of a response.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Map<String, Value>,
    /// The id of the request that it was first given to, if that was another one.
    pub(super) given_to: Option<String>,
}

impl Reply {
    pub(super) fn new(status: StatusCode, body: Map<String, Value>) -> Self {
        Self { status, headers: HeaderMap::new(), body, given_to: None }
    }

    /// The same, with the place of what it shows.
    pub(super) fn at(mut self, location: &str) -> Self {
        if let Ok(location) = HeaderValue::from_str(location) {
            self.headers.insert(LOCATION, location);
        }
        self
    }

    /// The answer as it is sent.
    pub(super) fn finish(mut self, request_id: &str) -> Response {
        let given_to = self.given_to.take();
        let request_id = given_to.as_deref().unwrap_or(request_id);
        match self.body.get_mut("error").and_then(Value::as_object_mut) {
            Some(error) => error.insert("request_id".to_owned(), request_id.into()),
            None => self.body.insert("request_id".to_owned(), request_id.into()),
        };
        self.body.insert("simulated".to_owned(), true.into());
        let mut response = (self.status, Json(self.body)).into_response();
        response.headers_mut().extend(self.headers);
        with_request_id(response, request_id)
    }
}

/// A response that tells the id of its request.
pub(super) fn with_request_id(mut response: Response, request_id: &str) -> Response {
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// 200 with a resource.
pub(super) fn data(value: Value) -> Reply {
    Reply::new(StatusCode::OK, Map::from_iter([("data".to_owned(), value)]))
}

/// 201 with the resource that was made, and where it is.
pub(super) fn created(location: &str, value: Value) -> Reply {
    let mut reply = data(value);
    reply.status = StatusCode::CREATED;
    reply.at(location)
}

/// 200 for what was deleted.
pub(super) fn deleted(object: &str, id: &str) -> Reply {
    data(json!({ "id": id, "object": object, "deleted": true }))
}

/// 200 with a page of a list.
pub(super) fn list(items: Vec<Value>, next_cursor: Option<String>) -> Reply {
    let body = [
        ("data".to_owned(), Value::Array(items)),
        ("has_more".to_owned(), next_cursor.is_some().into()),
        ("next_cursor".to_owned(), next_cursor.into()),
    ];
    Reply::new(StatusCode::OK, Map::from_iter(body))
}

/// What goes wrong, in Kirim's shape.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(super) status: StatusCode,
    code: &'static str,
    message: String,
    /// The field at fault, as a dotted path.
    param: Option<String>,
    retry_after: Option<Duration>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), param: None, retry_after: None }
    }

    /// A failure of the sandbox itself, of which its log has the details.
    pub(super) fn failure(error: &dyn Error) -> Self {
        let (status, message) = rest::failure(error);
        Self::new(status, "internal_error", message)
    }

    /// The same, with the field at fault, unless it is the whole.
    pub(super) fn at(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()).filter(|it| !it.is_empty()), ..self }
    }

    /// The same, and when to try again.
    pub(super) fn with_retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The class of the failure.
    fn class(&self) -> &'static str {
        match self.status.as_u16() {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found",
            409 => "conflict",
            429 => "rate_limit_error",
            500.. => "api_error",
            _ => "invalid_request_error",
        }
    }
}

/// An answer for what goes wrong before a handler is called.
pub(super) fn fail(status: StatusCode, message: &str) -> Response {
    let code = match status {
        StatusCode::TOO_MANY_REQUESTS => "rate_limit_exceeded",
        StatusCode::BAD_GATEWAY => "whatsapp_upstream_error",
        _ => "internal_error",
    };
    Problem::new(status, code, message).into_response()
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, message) = rest::told(&refusal);
        match refusal {
            Refusal::Rule { status, code, param, message } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                Self { param: param.map(str::to_owned), ..Self::new(status, code, message) }
            }
            Refusal::IdempotencyKeyReused => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reuse", message)
            }
            _ => match status {
                StatusCode::NOT_FOUND | StatusCode::GONE => {
                    Self::new(StatusCode::NOT_FOUND, "resource_not_found", message)
                }
                StatusCode::FORBIDDEN => Self::new(status, "permission_denied", message),
                StatusCode::CONFLICT => Self::new(status, "conflict", message),
                StatusCode::INTERNAL_SERVER_ERROR => Self::new(status, "internal_error", message),
                _ => Self::new(StatusCode::BAD_REQUEST, "invalid_field_value", message),
            },
        }
    }
}

impl From<Misfit> for Problem {
    fn from(misfit: Misfit) -> Self {
        let (status, message) = (misfit.status(), misfit.to_string());
        match misfit.mistake() {
            Some(mistake) => Self::new(status, code_of(mistake), message).at(param(&mistake.at)),
            None => Self::new(status, "invalid_request", message),
        }
    }
}

/// The code for a mistake: that of its field, where the field has one.
fn code_of(mistake: &Mistake) -> &'static str {
    match (mistake.flaw, mistake.at.as_str()) {
        (Flaw::Missing, _) => "missing_required_field",
        (Flaw::Value, "limit") => "invalid_limit",
        (Flaw::Value, "cursor") => "invalid_cursor",
        (Flaw::Value, "phone" | "/to" | "/phone_number") => "invalid_phone_number",
        (Flaw::Value, "/url") => "invalid_webhook_url",
        (Flaw::Value, "/template/name") => "invalid_template_name",
        (Flaw::Value | Flaw::Unknown, _) => "invalid_field_value",
    }
}

/// A JSON pointer as a dotted path.
fn param(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~")
}

impl From<Unreadable> for Problem {
    fn from(problem: Unreadable) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", problem.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut error = Map::from_iter([
            ("type".to_owned(), Value::from(self.class())),
            ("code".to_owned(), self.code.into()),
            ("message".to_owned(), self.message.into()),
        ]);
        if let Some(param) = self.param {
            error.insert("param".to_owned(), param.into());
        }
        let mut reply = Reply::new(self.status, Map::from_iter([("error".to_owned(), Value::Object(error))]));
        if let Some(wait) = self.retry_after {
            reply.headers.insert(RETRY_AFTER, wait.as_secs().max(1).into());
        }
        reply.into_response()
    }
}
