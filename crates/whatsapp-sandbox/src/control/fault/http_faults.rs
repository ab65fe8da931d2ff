//! Faults of HTTP: the next requests to a REST API fail or are slow. They last as long as the process, or until the whole
//! state is replaced.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use http::header::RETRY_AFTER;
use whatsapp_sandbox_client::types;

#[cfg(test)]
mod tests;

/// Seconds in `Retry-After` of a 429 that names none.
const RETRY_SECONDS: u64 = 1;

/// The faults that are set; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct HttpFaults(Arc<Mutex<Set>>);

#[derive(Debug, Default)]
struct Set {
    count: u64,
    faults: Vec<HttpFault>,
}

/// One fault.
#[derive(Clone, Debug)]
pub(super) struct HttpFault {
    number: u64,
    pub(super) failing: Failing,
    /// Names of operations, with `*` for any part; none stands for all.
    pub(super) operation: Option<String>,
    /// How many requests it will break yet; none stands for all.
    pub(super) remaining: Option<u64>,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failing {
    Status { status: StatusCode, retry_after: Option<u64> },
    Slow(Duration),
}

impl Failing {
    /// A failure with this status, if it is one that can be played.
    pub(super) fn with(status: i32, retry_after: Option<i64>) -> Option<Self> {
        let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok())?;
        let asked = retry_after.and_then(|seconds| u64::try_from(seconds).ok());
        let retry_after = match status {
            StatusCode::TOO_MANY_REQUESTS => Some(asked.unwrap_or(RETRY_SECONDS)),
            StatusCode::INTERNAL_SERVER_ERROR | StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE => {
                asked
            }
            _ => return None,
        };
        Some(Self::Status { status, retry_after })
    }

    pub(super) fn kind(&self) -> types::FaultKind {
        match self {
            Self::Status { .. } => types::FaultKind::HttpError,
            Self::Slow(_) => types::FaultKind::Slow,
        }
    }
}

impl HttpFault {
    pub(super) fn id(&self) -> String {
        format!("{}-{}", self.failing.kind(), self.number)
    }

    fn concerns(&self, operation: &str) -> bool {
        self.operation.as_deref().is_none_or(|pattern| matches(pattern, operation))
    }
}

impl HttpFaults {
    /// Breaks the next requests that concern it, or all.
    pub(super) fn set(&self, failing: Failing, operation: Option<String>, times: Option<u64>) -> HttpFault {
        let mut set = self.lock();
        set.count += 1;
        let fault = HttpFault { number: set.count, failing, operation, remaining: times };
        set.faults.push(fault.clone());
        fault
    }

    pub(super) fn list(&self) -> Vec<HttpFault> {
        self.lock().faults.clone()
    }

    pub(super) fn clear(&self, id: &str) {
        self.lock().faults.retain(|fault| fault.id() != id);
    }

    /// Mends everything.
    pub(in crate::control) fn clear_all(&self) {
        self.lock().faults.clear();
    }

    /// What happens to a request of this operation: all delays, and the first failure. Each is used up by one.
    fn take(&self, operation: &str) -> (Duration, Option<Failing>) {
        let mut set = self.lock();
        let (mut delay, mut failure) = (Duration::ZERO, None);
        for fault in set.faults.iter_mut().filter(|fault| fault.concerns(operation)) {
            match &fault.failing {
                Failing::Slow(by) => delay += *by,
                Failing::Status { .. } if failure.is_some() => continue,
                failing @ Failing::Status { .. } => failure = Some(failing.clone()),
            }
            fault.remaining = fault.remaining.map(|left| left.saturating_sub(1));
        }
        set.faults.retain(|fault| fault.remaining != Some(0));
        (delay, failure)
    }

    fn lock(&self) -> MutexGuard<'_, Set> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An operation of an API: its id, its method and its path template.
type Named = (&'static str, &'static str, &'static str);

/// The faults of one API, whose operations these are.
#[derive(Clone, Debug)]
pub(crate) struct Misbehaviour {
    faults: HttpFaults,
    operations: Arc<[Named]>,
    /// What stands before the templates.
    prefix: &'static str,
    fail: Fail,
}

/// The answer with this status, in an API's own shape.
pub(crate) type Fail = fn(StatusCode, &str) -> Response;

impl HttpFaults {
    /// The faults as the state of [`misbehave`], for an API with these operations, below this prefix.
    pub(crate) fn of(&self, prefix: &'static str, operations: Vec<Named>, fail: Fail) -> Misbehaviour {
        Misbehaviour { faults: self.clone(), operations: operations.into(), prefix, fail }
    }
}

/// Stands in front of an API and lets its requests fail or wait as it was told.
pub(crate) async fn misbehave(
    State(api): State<Misbehaviour>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let path = path.as_ref().and_then(|path| path.as_str().strip_prefix(api.prefix));
    // The root of a service that is nested below the prefix has a slash more.
    let path = path.map(|path| if path == "//" { "/" } else { path });
    let asked = path.map(|path| (request.method().as_str(), path));
    let known = api.operations.iter().find(|(_, method, template)| asked == Some((method, template)));
    let Some((id, ..)) = known else { return next.run(request).await };
    let (delay, failure) = api.faults.take(id);
    tokio::time::sleep(delay).await;
    match failure {
        Some(Failing::Status { status, retry_after }) => fail(api.fail, status, retry_after),
        _ => next.run(request).await,
    }
}

fn fail(fail: Fail, status: StatusCode, retry_after: Option<u64>) -> Response {
    let error = match status {
        StatusCode::TOO_MANY_REQUESTS => "too many requests, as a fault on demand says",
        StatusCode::BAD_GATEWAY => "a service behind this one cannot be reached, as a fault on demand says",
        StatusCode::SERVICE_UNAVAILABLE => "the service is overloaded, as a fault on demand says",
        _ => "the service failed, as a fault on demand says",
    };
    let mut response = fail(status, error);
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// Whether a name fits a pattern, in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(last)
}
