//! What the API says about its limits goes on to the client, where one request means one call.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value};
use toolwright::client::{Captured, Failure};
use toolwright::{Context, Observed, Observer, Tool, ToolError};

use super::REQUEST_ID;

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
    PASSED_ON.iter().any(|name| *name != RETRY_AFTER && headers.contains_key(name))
}

/// Those of an answer that are passed on.
pub(super) fn of(answer: &HeaderMap) -> HeaderMap {
    PASSED_ON.iter().filter_map(|name| Some((name.clone(), answer.get(name)?.clone()))).collect()
}

/// Keeps the limits that the API's last answer told, whether it refused the key, and how it names the requests.
#[derive(Debug, Clone, Default)]
pub(super) struct LimitHeaders(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    limits: HeaderMap,
    refused_the_key: bool,
    request_ids: Vec<Option<HeaderValue>>,
}

impl LimitHeaders {
    /// Takes them.
    pub(super) fn take(&self) -> HeaderMap {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).limits)
    }

    /// Whether the API answered with 401.
    pub(super) fn refused_the_key(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).refused_the_key
    }

    /// The API's name for the request, where there was one and it has a name.
    pub(super) fn request_id(&self) -> Option<HeaderValue> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner).request_ids {
            [only] => only.clone(),
            _ => None,
        }
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
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.limits = of(&answer.headers);
        told.request_ids.push(answer.headers.get(REQUEST_ID).cloned());
        told.refused_the_key |= answer.status == StatusCode::UNAUTHORIZED;
    }

    fn ended(self: Box<Self>, _: Result<(), &ToolError>) {}
}
