//! Browsers: every page may read the answers, in the words of the servers that are stood in for.
//!
//! That a page may read an answer does not mean that it gets one: `Origin` is looked at as for everyone.

use std::collections::HashSet;

use axum::body::Body;
use axum::middleware::Next;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, CONTENT_TYPE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};

use super::not_found;

const FIXED: [(HeaderName, &str); 3] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (ACCESS_CONTROL_ALLOW_METHODS, "GET,POST,OPTIONS"),
    (ACCESS_CONTROL_EXPOSE_HEADERS, "mcp-session-id"),
];
const ALLOWED: &str = "content-type,mcp-session-id";

/// Answers every preflight, and opens every answer but pages to every page of the web. `others` are the headers that
/// standard clients send beside those of plain ones: a preflight that asks for them is told of them.
pub(crate) async fn allow_every_page(
    request: Request<Body>,
    next: Next,
    others: &HashSet<HeaderName>,
) -> Response<Body> {
    let allowed = allowed(request.headers(), others);
    let mut response = if request.method() == Method::OPTIONS {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    if !is_page {
        for (name, value) in FIXED {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    }
    response
}

fn allowed(headers: &HeaderMap, others: &HashSet<HeaderName>) -> HeaderValue {
    let asked = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).and_then(|it| it.to_str().ok()).unwrap_or("");
    let asked = asked.split(',').filter_map(|it| it.trim().parse::<HeaderName>().ok());
    let all = asked
        .filter(|it| others.contains(it) && !ALLOWED.contains(it.as_str()))
        .fold(ALLOWED.to_owned(), |all, name| format!("{all},{name}"));
    HeaderValue::from_str(&all).unwrap_or(HeaderValue::from_static(ALLOWED))
}

/// What is no route.
pub(crate) async fn not_served() -> Response<Body> {
    not_found()
}
