//! What the API says about its limits goes on to the client, where one request means one call.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName};
use serde_json::{Map, Value};
use toolwright::client::{Captured, Failure};
use toolwright::{Context, Observed, Observer, Tool, ToolError};

/// The headers that are passed on. The `RateLimit` pair is the IETF's draft of the other three.
static PASSED_ON: [HeaderName; 6] = [
    HeaderName::from_static("x-ratelimit-limit"),
    HeaderName::from_static("x-ratelimit-remaining"),
    HeaderName::from_static("x-ratelimit-reset"),
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
    RETRY_AFTER,
];

/// Whether these say how many calls there are, in either spelling.
pub(super) fn tell_a_limit(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| *name != RETRY_AFTER)
}

/// Keeps the limits that the API's last answer told.
#[derive(Debug, Clone, Default)]
pub(super) struct LimitHeaders(Arc<Mutex<HeaderMap>>);

impl LimitHeaders {
    /// Takes them.
    pub(super) fn take(&self) -> HeaderMap {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for LimitHeaders {
    fn call_started(&self, _: &Tool, _: &Map<String, Value>, _: &Context) -> Box<dyn Observed> {
        Box::new(self.clone())
    }
}

impl Observed for LimitHeaders {
    fn upstream_ended(&mut self, answer: Result<&Captured, &Failure>, _: Duration) {
        let Ok(answer) = answer else { return };
        let told =
            PASSED_ON.iter().filter_map(|name| Some((name.clone(), answer.headers.get(name)?.clone())));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = told.collect();
    }

    fn ended(self: Box<Self>, _: Result<(), &ToolError>) {}
}
