//! What the context adds to a request before it is sent.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use reqwest::Request;
use uuid::Uuid;

use crate::{CallContext, Failure, guard::check_route, operation::Route};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Checks where the request goes and sets what the context says. The credential is set last, so that no argument and no
/// forwarded header can take its place.
pub(crate) fn prepare(context: &CallContext, request: &mut Request, route: Route<'_>) -> Result<(), Failure> {
    check_route(context.upstream(), request.url(), route.template)?;
    let headers = request.headers_mut();
    for (name, value) in context.headers() {
        headers.insert(name, value.clone());
    }
    headers.insert(header::USER_AGENT, context.upstream().user_agent().clone());
    headers.insert(REQUEST_ID, header_value("the request id", context.request_id())?);
    if let Some(name) = route.idempotency_header {
        set_idempotency_key(context, headers, name)?;
    }
    let credential = context.credential().to_header();
    if let Some((name, value)) = credential.map_err(|error| Failure::InvalidRequest(error.to_string()))? {
        headers.insert(name, value);
    }
    Ok(())
}

fn set_idempotency_key(context: &CallContext, headers: &mut HeaderMap, name: &str) -> Result<(), Failure> {
    let name = header_name(name)?;
    if headers.contains_key(&name) {
        return Ok(());
    }
    let key = context.idempotency_key().map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
    headers.insert(name, header_value("the idempotency key", &key)?);
    Ok(())
}

/// The name of a header of the document.
pub(crate) fn header_name(name: &str) -> Result<HeaderName, Failure> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Failure::InvalidRequest(format!("`{name}` is not the name of a header")))
}

/// The value of a header. `what` says whose it is; the value itself is not repeated.
pub(crate) fn header_value(what: &str, value: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_str(value).map_err(|_| {
        Failure::InvalidRequest(format!(
            "{what} has a character that no header can carry: give printable ASCII on one line"
        ))
    })
}
