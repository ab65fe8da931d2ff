//! One call: everything it needs besides its arguments, and what came of it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Credential, Failure, Upstream};

/// Everything one call needs besides its arguments, and afterwards what came of it.
///
/// Clones are cheap and share the outcome: keep one, give another to the client, and ask the first for the
/// [`outcome`](Self::outcome). A context serves any number of requests, one after the other or at once; they then share
/// its credential, limits and request id, and the outcome is that of the request that ended last.
#[derive(Clone)]
pub struct CallContext {
    settings: Arc<Settings>,
    outcome: Arc<Mutex<Option<Outcome>>>,
}

type Outcome = Result<Captured, Failure>;

#[derive(Clone)]
struct Settings {
    upstream: Upstream,
    credential: Credential,
    cancellation: Option<CancellationToken>,
    deadline: Option<Instant>,
    idempotency_key: Option<String>,
    headers: HeaderMap,
    request_id: String,
}

/// A complete answer of the API, whatever its status: redirects and errors included.
///
/// `Debug` shows the size of the body and the names of the headers, not what is in them.
#[derive(Clone, PartialEq, Eq)]
pub struct Captured {
    /// The status.
    pub status: StatusCode,
    /// The headers, as they came.
    pub headers: HeaderMap,
    /// The whole body, at most as large as the upstream's limit.
    pub body: Bytes,
    /// How often the request was sent, the last time included: 1 where nothing was retried.
    pub attempts: u32,
}

impl CallContext {
    /// A context with the upstream's own timeout for each request, a fresh request id, and no way to cancel.
    pub fn new(upstream: Upstream, credential: Credential) -> Self {
        let settings = Settings {
            upstream,
            credential,
            cancellation: None,
            deadline: None,
            idempotency_key: None,
            headers: HeaderMap::new(),
            request_id: Uuid::new_v4().to_string(),
        };
        Self { settings: Arc::new(settings), outcome: Arc::default() }
    }

    /// Ends the request as soon as the token is cancelled; the connection to the API is closed.
    #[must_use]
    pub fn with_cancellation(self, token: CancellationToken) -> Self {
        self.set(|settings| settings.cancellation = Some(token))
    }

    /// Ends the request at this moment, retries included, instead of after the upstream's timeout.
    #[must_use]
    pub fn with_deadline(self, deadline: Instant) -> Self {
        self.set(|settings| settings.deadline = Some(deadline))
    }

    /// The key that is sent where the operation declares an idempotency header. Without it every request gets a fresh
    /// one, which all its retries share.
    #[must_use]
    pub fn with_idempotency_key(self, key: String) -> Self {
        self.set(|settings| settings.idempotency_key = Some(key))
    }

    /// One more header, such as `traceparent`. It replaces a header of the same name, except those that this crate sets:
    /// the credential, the user agent and the request id.
    #[must_use]
    pub fn with_header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.set(|settings| {
            settings.headers.insert(name, value);
        })
    }

    /// The value of `x-request-id`, instead of a random one.
    #[must_use]
    pub fn with_request_id(self, id: String) -> Self {
        self.set(|settings| settings.request_id = id)
    }

    /// Where requests go.
    pub fn upstream(&self) -> &Upstream {
        &self.settings.upstream
    }

    /// The value of `x-request-id`.
    pub fn request_id(&self) -> &str {
        &self.settings.request_id
    }

    /// Takes what the last request ended with. `None` where none was made, or its outcome was taken before.
    pub fn outcome(&self) -> Option<Result<Captured, Failure>> {
        self.slot().take()
    }

    /// Records that the call ended before anything was sent.
    pub fn reject(&self, failure: Failure) {
        self.record(Err(failure));
    }

    pub(crate) fn record(&self, outcome: Outcome) {
        *self.slot() = Some(outcome);
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.settings.credential
    }

    /// Completes when the caller gives up.
    pub(crate) async fn cancelled(&self) {
        match &self.settings.cancellation {
            Some(token) => token.cancelled().await,
            None => std::future::pending().await,
        }
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.settings.deadline
    }

    pub(crate) fn idempotency_key(&self) -> Option<&str> {
        self.settings.idempotency_key.as_deref()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.settings.headers
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }

    fn slot(&self) -> MutexGuard<'_, Option<Outcome>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CallContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallContext")
            .field("upstream", &self.settings.upstream)
            .field("credential", &self.settings.credential)
            .field("request_id", &self.settings.request_id)
            .field("deadline", &self.settings.deadline)
            .field("headers", &Names(&self.settings.headers))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Captured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captured")
            .field("status", &self.status)
            .field("headers", &Names(&self.headers))
            .field("body_bytes", &self.body.len())
            .field("attempts", &self.attempts)
            .finish()
    }
}

/// Shows headers by name: their values may be secret.
struct Names<'a>(&'a HeaderMap);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
