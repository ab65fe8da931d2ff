//! The shapes of answers to plain clients: indented JSON, one object each.

use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value, json};
use toolwright::{Output, Tool};
use uuid::Uuid;

use super::PlainClients;

const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
/// The version of a client that names none.
const FIRST_VERSION: &str = "2024-11-05";

/// The result of `initialize`.
pub(crate) fn opened(plain: &PlainClients, params: &Value) -> Value {
    let asked = params.get("protocolVersion").and_then(Value::as_str).filter(|it| !it.is_empty());
    json!({
        "protocolVersion": asked.unwrap_or(FIRST_VERSION),
        "capabilities": { "tools": {} },
        "serverInfo": { "name": plain.name, "version": plain.version },
    })
}

/// The result of `tools/list`.
pub(crate) fn listed<'a>(tools: impl IntoIterator<Item = &'a Tool>) -> Value {
    let tools = tools.into_iter().map(|tool| {
        json!({ "name": tool.name, "description": tool.description, "inputSchema": *tool.input_schema })
    });
    json!({ "tools": tools.collect::<Vec<_>>() })
}

/// The result of `tools/call`: the API's JSON as one text, or else what a model would get.
pub(crate) fn called(output: &Output) -> Value {
    match &output.raw {
        Some(raw) => json!({ "content": [{ "type": "text", "text": format!("{raw:#}") }] }),
        None => json!({ "content": output.content }),
    }
}

/// An answer to the request with this id; a request without one gets an answer without one.
pub(crate) fn result(id: Option<&Value>, result: Value) -> Response<Body> {
    respond(StatusCode::OK, id, "result", result)
}

/// The answer to a method that there is not.
pub(crate) fn unknown_method(id: Option<&Value>, method: Option<&Value>) -> Response<Body> {
    let error = json!({ "code": -32_601, "message": format!("Method not found: {}", name(method)) });
    respond(StatusCode::OK, id, "error", error)
}

/// What should be a name, as a text: cut where it is long.
pub(crate) fn name(value: Option<&Value>) -> String {
    match value {
        None => "undefined".to_owned(),
        Some(Value::String(name)) => name.chars().take(200).collect(),
        Some(other) => other.to_string().chars().take(200).collect(),
    }
}

/// The answer to a notification.
pub(crate) fn notified() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

/// The answer to a call that failed. Which one it was is not told.
pub(crate) fn failed(message: &str) -> Response<Body> {
    let error = json!({ "code": -32_000, "message": message });
    respond(StatusCode::INTERNAL_SERVER_ERROR, Some(&Value::Null), "error", error)
}

/// The answer to a body that is no JSON.
pub(crate) fn malformed(error: &serde_json::Error) -> Response<Body> {
    let error = json!({ "code": -32_602, "message": error.to_string() });
    respond(StatusCode::BAD_REQUEST, Some(&Value::Null), "error", error)
}

/// The answer where there is nothing.
pub(crate) fn not_found() -> Response<Body> {
    pretty(StatusCode::NOT_FOUND, &json!({ "error": "not found" }))
}

/// Names the session, as the client did or anew.
pub(crate) fn session(mut response: Response<Body>, asked: &HeaderMap) -> Response<Body> {
    let given = asked.get(&SESSION_ID).filter(|it| !it.is_empty()).cloned();
    let id = given.or_else(|| HeaderValue::from_str(&Uuid::new_v4().to_string()).ok());
    response.headers_mut().extend(id.map(|id| (SESSION_ID, id)));
    response
}

fn respond(status: StatusCode, id: Option<&Value>, member: &str, value: Value) -> Response<Body> {
    let mut body = Map::from_iter([("jsonrpc".to_owned(), "2.0".into())]);
    if let Some(id) = id {
        body.insert("id".to_owned(), id.clone());
    }
    body.insert(member.to_owned(), value);
    pretty(status, &Value::Object(body))
}

fn pretty(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{body:#}")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
