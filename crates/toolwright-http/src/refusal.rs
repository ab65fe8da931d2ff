//! Why a request is not served.

use std::time::Duration;

use axum::body::Body;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

/// A refusal before the MCP server was asked: a status, the headers that go with it, and a JSON-RPC error.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// The JSON-RPC code. Those from -32000 to -32019 are free for servers to define.
    pub code: i32,
    /// For programs: a word such as those of [`toolwright::ErrorKind`].
    pub kind: &'static str,
    /// What is wrong and what to do, for people and models.
    pub message: String,
    /// More headers, such as the challenge.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// More facts beside the kind, for programs.
    pub data: Vec<(&'static str, Value)>,
    /// Another body than the JSON-RPC error, such as a product has for whoever brings no key.
    pub body: Option<Box<Value>>,
}

impl Refusal {
    /// A refusal without more headers or facts.
    pub fn new(status: StatusCode, code: i32, kind: &'static str, message: impl Into<String>) -> Self {
        let (headers, data) = (Vec::new(), Vec::new());
        Self { status, code, kind, message: message.into(), headers, data, body: None }
    }

    /// One more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// One more fact for programs.
    #[must_use]
    pub fn with_data(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.data.push((name, value.into()));
        self
    }

    /// Another body than the JSON-RPC error.
    #[must_use]
    pub fn with_body(mut self, body: Value) -> Self {
        self.body = Some(Box::new(body));
        self
    }

    /// Says how to get access: the value of `WWW-Authenticate`.
    #[must_use]
    pub fn with_challenge(self, challenge: HeaderValue) -> Self {
        self.with_header(WWW_AUTHENTICATE, challenge)
    }

    /// Says when to come back, in whole seconds, at least one.
    #[must_use]
    pub fn with_retry_after(self, after: Duration) -> Self {
        let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
        let seconds = seconds.max(1);
        self.with_header(RETRY_AFTER, HeaderValue::from(seconds)).with_data("retry_after_s", seconds)
    }

    /// The response. The id is that of the JSON-RPC request, where it could be read; MCP has no `null` for it.
    pub fn into_response(self, id: Option<&Value>) -> Response<Body> {
        let Self { status, code, kind, message, headers, data: facts, body } = self;
        let body = body.map_or_else(
            || {
                let mut data = json!({ "kind": kind });
                for (name, value) in facts {
                    data[name] = value;
                }
                let mut body =
                    json!({ "jsonrpc": "2.0", "error": { "code": code, "message": message, "data": data } });
                if let Some(id) = id {
                    body["id"] = id.clone();
                }
                body
            },
            |body| *body,
        );
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        response.headers_mut().extend(headers);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}
