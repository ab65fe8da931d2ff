//! Keeps other websites out. The control routes need no key, so no page but the sandbox's own may reach them.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderName, StatusCode, Uri};

use super::answer::Problem;
use crate::origin;

#[cfg(test)]
mod tests;

/// What browsers say of who asks.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets requests pass that name an IP address or this machine as the host, and no other origin than that.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    match refusal(request.headers(), request.uri()) {
        Some(why) => Problem::new(StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    }
}

/// Why a request is refused, if it is.
fn refusal(headers: &HeaderMap, uri: &Uri) -> Option<&'static str> {
    let host = match origin::host(headers, uri) {
        Ok(host) => host?,
        Err(why) => return Some(why),
    };
    if origin::is_foreign(headers, Some(&host)) {
        return Some("another website cannot use the sandbox: the header `Origin` must be its own");
    }
    let site = headers.get(FETCH_SITE).map(http::HeaderValue::as_bytes);
    matches!(site, Some(b"cross-site")).then_some("another website cannot use the sandbox")
}
