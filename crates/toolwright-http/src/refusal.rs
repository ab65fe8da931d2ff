//! Why a request is not served.

use std::time::Duration;

use axum::body::Body;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

/// A refusal before the MCP server was asked: a status, the headers that go with it, and a JSON-RPC error.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// The JSON-RPC code.
    pub code: i32,
    /// One of the words of [`toolwright::ErrorKind`], for programs.
    pub kind: &'static str,
    /// What is wrong and what to do, for people and models.
    pub message: String,
    /// More headers, such as the challenge.
    pub headers: HeaderMap,
    /// More facts beside the kind, for programs.
    pub data: serde_json::Map<String, Value>,
}

impl Refusal {
    /// A refusal without more headers. Codes from -32000 to -32019 are free for servers to define.
    pub fn new(status: StatusCode, code: i32, kind: &'static str, message: impl Into<String>) -> Self {
        let (headers, data) = (HeaderMap::new(), serde_json::Map::new());
        Self { status, code, kind, message: message.into(), headers, data }
    }

    /// Says how to get access: the value of `WWW-Authenticate`.
    #[must_use]
    pub fn with_challenge(mut self, challenge: HeaderValue) -> Self {
        self.headers.insert(WWW_AUTHENTICATE, challenge);
        self
    }

    /// Says when to come back, in whole seconds, at least one.
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
        let seconds = seconds.max(1);
        self.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        self.data.insert("retry_after_s".to_owned(), seconds.into());
        self
    }

    /// The response. The id is that of the JSON-RPC request, where it could be read; MCP has no `null` for it.
    pub fn into_response(self, id: Option<&Value>) -> Response<Body> {
        let mut data = self.data;
        data.insert("kind".to_owned(), self.kind.into());
        let mut body =
            json!({ "jsonrpc": "2.0", "error": { "code": self.code, "message": self.message, "data": data } });
        if let Some(id) = id {
            body["id"] = id.clone();
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}
