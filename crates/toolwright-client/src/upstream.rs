//! Where calls go, and within which limits.

use std::{fmt, sync::Arc, time::Duration};

use http::HeaderValue;
use url::{Host, Position, Url};

use crate::{
    Transport,
    transport::{self, HttpTransport},
};

/// Where calls go and within which limits. Clones are cheap and share connections.
#[derive(Clone)]
pub struct Upstream(Arc<Inner>);

struct Inner {
    base_url: Url,
    /// The base URL as text without a trailing slash: paths of operations are appended to it.
    root: String,
    limits: Limits,
    user_agent: HeaderValue,
    transport: Arc<dyn Transport>,
    request_maker: reqwest::Client,
}

/// The limits of each call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How long a call may take, retries included, where its context has no deadline of its own.
    pub timeout: Duration,
    /// How large the body of an answer may be, in bytes.
    pub max_response_bytes: u64,
    /// How often a request is repeated at most, if it can be repeated safely.
    pub max_retries: u32,
    /// Whether the API honours idempotency keys, so that a write which has one can be repeated safely.
    pub repeat_writes: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            max_response_bytes: 16 << 20,
            max_retries: 2,
            repeat_writes: true,
        }
    }
}

/// Why a base URL or another setting of an upstream cannot be used. The texts never repeat the setting, as it may hold
/// a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UpstreamError {
    /// The base URL cannot be read.
    #[error("the base URL is not a URL ({0}): give one such as `https://api.example.com`")]
    NotAUrl(url::ParseError),
    /// The base URL is of another kind.
    #[error(
        "the base URL begins with neither `https://` nor `http://`: give one such as `https://api.example.com`"
    )]
    Scheme,
    /// The base URL has a user name or a password.
    #[error(
        "the base URL has a user name or password before the host: remove it and use the key setting instead"
    )]
    UserInfo,
    /// The base URL has more than a scheme, a host and a path.
    #[error(
        "the base URL has a query or a fragment: give scheme, host and path only; a key goes to the key setting"
    )]
    QueryOrFragment,
    /// The user agent has a character that no header can carry.
    #[error(
        "the user agent has a character that no header can carry: give plain text such as `my-agent/1.0`"
    )]
    UserAgent,
    /// The HTTP library could not be set up.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(String),
}

/// Makes an [`Upstream`].
#[derive(Clone)]
pub struct UpstreamBuilder {
    base_url: String,
    limits: Limits,
    user_agent: String,
    transport: Option<Arc<dyn Transport>>,
}

impl Upstream {
    /// Starts with the base URL of an API, such as `https://api.example.com` or `http://localhost:3000/v1/`.
    pub fn builder(base_url: &str) -> UpstreamBuilder {
        UpstreamBuilder {
            base_url: base_url.trim().to_owned(),
            limits: Limits::default(),
            user_agent: concat!("toolwright-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            transport: None,
        }
    }

    /// The base URL. It has no user information, query or fragment, so that it can be shown.
    pub fn base_url(&self) -> &Url {
        &self.0.base_url
    }

    /// Whether requests, credentials included, cross a network in plain text: `http` to another host than this one.
    pub fn is_insecure(&self) -> bool {
        self.0.base_url.scheme() == "http" && !is_loopback(&self.0.base_url)
    }

    /// The limits of each call.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn root(&self) -> &str {
        &self.0.root
    }

    /// The path of the base URL without a trailing slash: empty, or such as `/v1`.
    pub(crate) fn prefix(&self) -> &str {
        self.0.base_url.path().trim_end_matches('/')
    }

    pub(crate) fn user_agent(&self) -> &HeaderValue {
        &self.0.user_agent
    }

    /// How requests reach the API. For what a call cannot express, such as an answer that never ends: a request that is
    /// sent this way has none of a call's deadlines, limits and guards.
    pub fn transport(&self) -> &dyn Transport {
        self.0.transport.as_ref()
    }

    /// What generated clients make their requests with. It never sends one.
    pub(crate) fn request_maker(&self) -> &reqwest::Client {
        &self.0.request_maker
    }
}

impl UpstreamBuilder {
    /// How long a call may take, retries included: 30 seconds if not set, a day at most.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout.min(Duration::from_hours(24));
        self
    }

    /// How large the body of an answer may be: 16 MiB if not set.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_response_bytes = bytes;
        self
    }

    /// How often a request that can be repeated safely is repeated at most: twice if not set.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.limits.max_retries = retries;
        self
    }

    /// Whether a write that has an idempotency key is repeated like a read. It is, if not set; turn it off for an API that
    /// may not know the key, and would do the write twice.
    #[must_use]
    pub fn repeat_writes(mut self, repeat: bool) -> Self {
        self.limits.repeat_writes = repeat;
        self
    }

    /// The value of `user-agent`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        user_agent.clone_into(&mut self.user_agent);
        self
    }

    /// Another way to send requests than over the network, for tests and benches.
    #[must_use]
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Checks the settings. Nothing is connected, and no root certificates are read, before the first call. Where the
    /// process has no default provider of cryptography for rustls yet, ring becomes it.
    pub fn build(self) -> Result<Upstream, UpstreamError> {
        let base_url = parse_base_url(&self.base_url)?;
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| UpstreamError::UserAgent)?;
        let request_maker =
            transport::plain_client().build().map_err(|e| UpstreamError::Http(e.to_string()))?;
        let transport = self.transport.unwrap_or_else(|| Arc::new(HttpTransport::new(&base_url)));
        let root = base_url.as_str().trim_end_matches('/').to_owned();
        Ok(Upstream(Arc::new(Inner {
            base_url,
            root,
            limits: self.limits,
            user_agent,
            transport,
            request_maker,
        })))
    }
}

fn parse_base_url(text: &str) -> Result<Url, UpstreamError> {
    let mut url = Url::parse(text).map_err(UpstreamError::NotAUrl)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UpstreamError::Scheme);
    }
    if url[Position::BeforeUsername..Position::BeforeHost].contains('@') {
        return Err(UpstreamError::UserInfo);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(UpstreamError::QueryOrFragment);
    }
    let prefix = url.path().trim_end_matches('/').to_owned();
    url.set_path(&prefix);
    Ok(url)
}

/// Whether the URL names this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream")
            .field("base_url", &self.0.base_url.as_str())
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

/// Without the base URL, which nobody has checked for secrets yet.
impl fmt::Debug for UpstreamBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpstreamBuilder").field("limits", &self.limits).finish_non_exhaustive()
    }
}
