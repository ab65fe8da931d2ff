//! Keeps other websites out. The control routes need no key, so a page from anywhere that is open in a browser on this
//! machine must not reach them: neither directly, nor by a name that it makes point here (DNS rebinding).

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, HeaderName, StatusCode, Uri};

use super::answer::Problem;

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
    let host = match headers.get(HOST) {
        Some(host) => host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()),
        // HTTP/2 has it in the address. Without any there is no browser behind the request.
        None => match uri.authority() {
            Some(authority) => Some(authority.clone()),
            None => return None,
        },
    };
    let Some(host) = host.filter(names_a_machine) else {
        return Some("the header `Host` must be an IP address or localhost: other names may be a website's");
    };
    if let Some(origin) = headers.get(ORIGIN) {
        let origin = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        if !origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host.as_str())) {
            return Some("another website cannot use the sandbox: the header `Origin` must be its own");
        }
    }
    let site = headers.get(FETCH_SITE).map(http::HeaderValue::as_bytes);
    matches!(site, Some(b"cross-site")).then_some("another website cannot use the sandbox")
}

/// An address can be reached by a page only under an origin of its own; a name could be anybody's.
fn names_a_machine(host: &Authority) -> bool {
    let name = host.host().trim_start_matches('[').trim_end_matches(']');
    name.parse::<std::net::IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
}
