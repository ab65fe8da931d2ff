//! The caller of tools: where its calls go, with which credential, scopes and limits.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use toolwright_client::{
    CallContext, CancellationToken, Credential, FetchPolicy, HeaderName, HeaderValue, Upstream,
};

use crate::{Conversation, Granted, Observer};

/// One caller: where its calls go, with which credential, within which scopes and limits.
///
/// A value per call, or one for many calls of the same caller. Cloning is cheap.
#[derive(Clone)]
pub struct Context {
    upstream: Upstream,
    credential: Credential,
    granted: Arc<Granted>,
    cancellation: CancellationToken,
    deadline: Option<Instant>,
    headers: Vec<(HeaderName, HeaderValue)>,
    request_id: Option<String>,
    fetch_policy: FetchPolicy,
    observers: Vec<Arc<dyn Observer>>,
    caller: Option<Arc<str>>,
    takes_notifications: bool,
    conversation: Conversation,
}

impl Context {
    /// A caller without credential. Every scope counts as granted until [`Context::with_granted`] says otherwise: the
    /// API itself then decides what its credential may do.
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            credential: Credential::None,
            granted: Arc::new(Granted::all()),
            cancellation: CancellationToken::new(),
            deadline: None,
            headers: Vec::new(),
            request_id: None,
            fetch_policy: FetchPolicy::default(),
            observers: Vec::new(),
            caller: None,
            takes_notifications: true,
            conversation: Conversation::default(),
        }
    }

    /// What the API is shown.
    #[must_use]
    pub fn with_credential(mut self, credential: Credential) -> Self {
        self.credential = credential;
        self
    }

    /// The scopes within which tools are called.
    #[must_use]
    pub fn with_granted(mut self, granted: Granted) -> Self {
        self.granted = Arc::new(granted);
        self
    }

    /// Ends the request to the API when the token is cancelled.
    #[must_use]
    pub fn with_cancellation(mut self, cancellation: CancellationToken) -> Self {
        self.cancellation = cancellation;
        self
    }

    /// When the caller stops waiting. Without it, each request has the upstream's time-out.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends a header with every request, such as `traceparent`.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Names every request to the API, instead of an id made for each.
    #[must_use]
    pub fn with_request_id(mut self, request_id: impl Into<String>) -> Self {
        self.request_id = Some(request_id.into());
        self
    }

    /// Which files are fetched where an argument gives a file by its URL: public `https` ones, if not set.
    #[must_use]
    pub fn with_fetch_policy(mut self, policy: FetchPolicy) -> Self {
        self.fetch_policy = policy;
        self
    }

    /// Tells the observer of every call, beside those that are told already.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observers.push(observer);
        self
    }

    /// Names the caller for observers: a fingerprint or a subject, never a secret.
    #[must_use]
    pub fn with_caller(mut self, caller: impl Into<Arc<str>>) -> Self {
        self.caller = Some(caller.into());
        self
    }

    /// The same caller, for a question of this server's own that must be answered by then and that nobody watches.
    pub(crate) fn aside(&self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), observers: Vec::new(), ..self.clone() }
    }

    /// Lets hand-written functions talk to the client.
    pub(crate) fn with_conversation(mut self, conversation: Conversation) -> Self {
        self.conversation = conversation;
        self
    }

    /// Whether the client can be sent anything before its answer: yes, if not said. A transport says no where the client
    /// takes a single answer only; progress and log messages are then not sent.
    #[must_use]
    pub fn with_notifications(mut self, takes: bool) -> Self {
        self.takes_notifications = takes;
        self
    }

    /// Where calls go.
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// What the API is shown.
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The scopes within which tools are called.
    pub fn granted(&self) -> &Granted {
        &self.granted
    }

    /// Tells when the caller has taken the call back.
    pub fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// Whether the client can be sent anything before its answer.
    pub(crate) fn takes_notifications(&self) -> bool {
        self.takes_notifications
    }

    /// The caller's name, for observers.
    pub fn caller(&self) -> Option<&str> {
        self.caller.as_deref()
    }

    /// The client whose request is being answered, to tell it something or to ask it. Where the call came over no
    /// protocol, nobody listens.
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// When the caller stops waiting.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The name of every request to the API, where the transport gave one.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The headers that every request carries.
    pub fn headers(&self) -> &[(HeaderName, HeaderValue)] {
        &self.headers
    }

    /// Who watches the calls.
    pub(crate) fn observers(&self) -> &[Arc<dyn Observer>] {
        &self.observers
    }

    /// When a request must have ended that may take this long: never later than the caller waits.
    fn deadline_of(&self, timeout: Option<Duration>) -> Option<Instant> {
        let own = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        match (own, self.deadline) {
            (Some(own), Some(callers)) => Some(own.min(callers)),
            (own, callers) => own.or(callers),
        }
    }

    /// What may be fetched for a file argument, in the time that is left.
    pub(crate) fn fetch_policy(&self, timeout: Option<Duration>) -> FetchPolicy {
        let left =
            self.deadline_of(timeout).map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let timeout = self.fetch_policy.timeout;
        FetchPolicy { timeout: left.map_or(timeout, |left| left.min(timeout)), ..self.fetch_policy }
    }

    /// The context of one request, which may take this long, if anything is said about it. A key goes in this header, if
    /// the API names one.
    pub(crate) fn request(&self, timeout: Option<Duration>, key_header: Option<&HeaderName>) -> CallContext {
        let credential = self.credential.clone().in_header(key_header);
        let mut call =
            CallContext::new(self.upstream.clone(), credential).with_cancellation(self.cancellation.clone());
        if let Some(deadline) = self.deadline_of(timeout) {
            call = call.with_deadline(deadline);
        }
        if let Some(request_id) = &self.request_id {
            call = call.with_request_id(request_id.clone());
        }
        for (name, value) in &self.headers {
            call = call.with_header(name.clone(), value.clone());
        }
        call
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A header's value may be a secret; its name is not.
        let headers: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        formatter
            .debug_struct("Context")
            .field("upstream", &self.upstream)
            .field("credential", &self.credential)
            .field("granted", &self.granted)
            .field("deadline", &self.deadline)
            .field("headers", &headers)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}
