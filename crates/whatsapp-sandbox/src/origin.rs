//! Where a request comes from, as far as a browser tells. A page from anywhere that is open in a browser on this machine
//! must not reach the sandbox: neither directly, nor by a name that it makes point here (DNS rebinding).

use axum::Json;
use axum::extract::Request;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::json;

/// Why a request is refused whose `Host` could be a website's.
pub(crate) const FOREIGN_HOST: &str =
    "the header `Host` must be an IP address or localhost: other names may be a website's";

/// The host that a request names; `None` if it is a name that could be anybody's.
pub(crate) fn host(headers: &HeaderMap, uri: &Uri) -> Result<Option<Authority>, &'static str> {
    let host = match headers.get(HOST) {
        Some(host) => host.to_str().ok().and_then(|host| host.parse::<Authority>().ok()),
        // HTTP/2 has it in the address. Without any there is no browser behind the request.
        None => match uri.authority() {
            Some(authority) => Some(authority.clone()),
            None => return Ok(None),
        },
    };
    host.filter(names_a_machine).map(Some).ok_or(FOREIGN_HOST)
}

/// Whether a page of another website asks, of which `host` is none.
pub(crate) fn is_foreign(headers: &HeaderMap, host: Option<&Authority>) -> bool {
    headers.get(ORIGIN).is_some_and(|origin| {
        let origin = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        !host.is_some_and(|host| origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host.as_str())))
    })
}

/// Lets requests pass that name an IP address or this machine as the host.
pub(crate) async fn only_this_machine(request: Request, next: Next) -> Response {
    match host(request.headers(), request.uri()) {
        Ok(_) => next.run(request).await,
        Err(why) => {
            let problem = json!({ "error": why, "simulated": true });
            (StatusCode::FORBIDDEN, Json(problem)).into_response()
        }
    }
}

/// An address can be reached by a page only under an origin of its own; a name could be anybody's.
fn names_a_machine(host: &Authority) -> bool {
    let name = host.host().trim_start_matches('[').trim_end_matches(']');
    name.parse::<std::net::IpAddr>().is_ok()
        || name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
}
