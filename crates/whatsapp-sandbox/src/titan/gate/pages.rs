//! Calls from the pages of a browser. Those with a client token may come from other origins, since the token and no cookie
//! lets them in; those with an API key may not, for a key does not belong in a page.

use std::collections::HashSet;

use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse as _, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use crate::access::client;
use crate::origin;

/// The origin of the page that calls with a client token.
pub(super) fn calling(secret: &str, headers: &HeaderMap) -> Option<HeaderValue> {
    headers.get(ORIGIN).filter(|_| secret.starts_with(client::PREFIX)).cloned()
}

/// Whether a page of another website calls with a key. Whoever runs the sandbox did not give it one.
pub(super) fn uses_key(secret: &str, request: &Request) -> bool {
    let host = origin::host(request.headers(), request.uri()).ok().flatten();
    !secret.starts_with(client::PREFIX) && origin::is_foreign(request.headers(), host.as_ref())
}

/// Lets the page read the answer, and in it what it needs to slow down.
pub(super) fn let_read(origin: HeaderValue, response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("retry-after, x-ratelimit-limit, x-ratelimit-remaining"),
    );
    headers.append(VARY, HeaderValue::from_static("origin"));
}

/// The answer to a browser that asks before a page may call; `None` if it is no such question, or about a path that no
/// client token opens.
pub(in crate::titan) fn asking(request: &Request, paths: &HashSet<&str>) -> Option<Response> {
    let origin = request.headers().get(ORIGIN).cloned()?;
    let path = request.extensions().get::<MatchedPath>()?;
    let asks =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    if !asks || !paths.contains(path.as_str()) {
        return None;
    }
    let headers = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, origin),
        (ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST")),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, idempotency-key, prefer"),
        ),
        (ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600")),
        (VARY, HeaderValue::from_static("origin")),
    ];
    Some((StatusCode::NO_CONTENT, headers).into_response())
}
