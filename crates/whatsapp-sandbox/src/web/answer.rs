//! Answers: indented JSON that every website may read, and failures as JSON-RPC errors without an id.

use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_TYPE,
};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::json;
use whatsapp_web_client::types::{Failure, FailureError, FailureJsonrpc};

use super::order::ordered;
use crate::network::Refusal;
use crate::rest;

/// What a handler gives.
pub(super) type Answer = Result<Response, Problem>;

const JSON: &str = "application/json; charset=utf-8";
const CORS: [(HeaderName, &str); 4] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (ACCESS_CONTROL_ALLOW_METHODS, "GET,POST,OPTIONS"),
    (ACCESS_CONTROL_ALLOW_HEADERS, "content-type,mcp-session-id"),
    (ACCESS_CONTROL_EXPOSE_HEADERS, "mcp-session-id"),
];

/// What goes wrong. A mistake of the caller has the status 500 as well.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: i64,
    message: String,
}

impl Problem {
    /// A failure of any kind.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: -32_000, message: message.into() }
    }

    /// The body is no JSON.
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: -32_602, message: message.into() }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            // This API knows neither JIDs nor a way to check a number.
            Refusal::NotRegistered(jid) => {
                let number = jid.split('@').next().unwrap_or_default();
                Self::new(format!("+{number} is not on WhatsApp: check the number and its country code"))
            }
            refusal => Self::new(rest::told(&refusal).1),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let failure = Failure {
            jsonrpc: FailureJsonrpc::X20,
            id: None,
            error: FailureError { code: self.code, message: self.message },
        };
        pretty(self.status, &failure)
    }
}

/// 200 with a value.
pub(super) fn ok(value: &impl Serialize) -> Response {
    pretty(StatusCode::OK, value)
}

/// What every other path and method is answered with.
pub(super) async fn not_found() -> Response {
    pretty(StatusCode::NOT_FOUND, &json!({ "error": "not found" }))
}

fn pretty(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_value(value) {
        Ok(value) => (status, [(CONTENT_TYPE, JSON)], format!("{:#}", ordered(value))).into_response(),
        Err(error) => rest::failure(&error).into_response(),
    }
}

/// A fault on demand.
pub(super) fn fail(status: StatusCode, message: &str) -> Response {
    Problem { status, code: -32_000, message: message.to_owned() }.into_response()
}

/// Lets every website read the answer, unless it is a page.
pub(super) fn open(response: &mut Response) {
    let is_page =
        response.headers().get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    if !is_page {
        response.headers_mut().extend(CORS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    }
}
