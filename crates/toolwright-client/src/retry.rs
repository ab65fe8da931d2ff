//! What may be sent again, and when.

use std::time::Duration;

use http::{Method, StatusCode};
use reqwest::Request;

use crate::{Captured, Failure, operation::Route};

/// The pause before the first repetition; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Whether sending the request twice does no more than sending it once: it only reads, or it has an idempotency key that
/// the API honours.
pub(crate) fn is_repeatable(request: &Request, route: Route<'_>, keys_hold: bool) -> bool {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    reads || keys_hold && route.idempotency_header.is_some_and(|name| request.headers().contains_key(name))
}

/// Whether the next attempt may do better soon. `429` is not among them: its `Retry-After` is for the caller to heed.
pub(crate) fn is_transient(result: &Result<Captured, Failure>) -> bool {
    match result {
        Ok(captured) => matches!(
            captured.status,
            StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
        ),
        Err(failure) => matches!(failure, Failure::Connect(_)),
    }
}

/// How long to wait after this many attempts. Random, so that callers who failed together do not return together.
pub(crate) fn pause(attempts: u32) -> Duration {
    let longest = FIRST_PAUSE * 2_u32.saturating_pow(attempts.saturating_sub(1).min(8));
    longest.mul_f64(rand::random_range(0.5..=1.0))
}
