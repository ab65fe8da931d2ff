//! How a toolset is served.

use std::sync::Arc;
use std::time::Duration;

use toolwright::Observer;
use toolwright::client::{FetchPolicy, Upstream};

use crate::current::CurrentAccess;
use crate::limits::Rates;
use crate::metrics::Metrics;
use crate::passed::Passed;
use crate::plain::PlainClients;
use crate::product::Product;
use crate::shared::{InProcess, SharedState};

/// How a toolset is served. Start from [`HttpConfig::new`] and change what should be different.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// The path of the endpoint: `/mcp`.
    pub path: String,
    /// Where the API is.
    pub upstream: Upstream,
    /// Who may call, and what the API is shown.
    pub access: CurrentAccess,
    /// Whether clients of the handshake era get a session, with streams and questions to the client: no. Without
    /// sessions any replica can answer any request.
    pub sessions: bool,
    /// How many sessions may be in memory at once: 10,000. Each takes about 70 kB.
    pub max_sessions: usize,
    /// After which time without a use a session is parked: 60 s, and never in the midst of a call or under an open stream.
    /// Parked, it takes about 1 kB, and goes on with the next request. Sessions with subscriptions or a level of logging of
    /// their own are parked after an hour, which ends both.
    pub park_after: Duration,
    /// The names under which the server may be reached; those of the loopback interface if empty, `*` for any.
    pub allowed_hosts: Vec<String>,
    /// The origins whose pages may call; those on the loopback interface if empty, `*` for any.
    pub allowed_origins: Vec<String>,
    /// Whether browsers are told that they may call, from the allowed origins: no.
    pub cors: bool,
    /// How large a request may be, in bytes: 4 MiB.
    pub max_body_bytes: usize,
    /// How long a request may take to arrive: 10 s.
    pub body_timeout: Duration,
    /// How long a call may take, from its arrival to its answer, the time that a person needs for a question included: 30 s.
    /// A tool with a time of its own has that instead.
    pub call_timeout: Duration,
    /// How many calls run at once: 128.
    pub concurrency: usize,
    /// How many calls wait for others to end before more are refused: 512.
    pub queue: usize,
    /// How often each caller may call: without limit.
    pub rates: Rates,
    /// What replicas share: nothing.
    pub shared: Arc<dyn SharedState>,
    /// Which files are fetched where an argument gives a file by its URL.
    pub fetch_policy: FetchPolicy,
    /// Who watches every call.
    pub observers: Vec<Arc<dyn Observer>>,
    /// What is counted and timed: nothing.
    pub metrics: Option<Metrics>,
    /// How clients are served that speak plain JSON-RPC: as all others are. With it, `cors` has no meaning: every page may
    /// read the answers, and `allowed_origins` says which get any.
    pub plain: Option<PlainClients>,
    /// The routes of the API that are passed on to it: none.
    pub passed: Vec<Passed>,
    /// `http`, or `https` where clients reach the server by that, for addresses that answers name.
    pub scheme: &'static str,
    /// The product whose own endpoint this one stands in for: none. With [`Access::forward`](crate::access::Access::forward)
    /// only.
    pub product: Option<Product>,
}

impl HttpConfig {
    /// The defaults, which the fields name.
    pub fn new(upstream: Upstream, access: impl Into<CurrentAccess>) -> Self {
        Self {
            path: "/mcp".to_owned(),
            upstream,
            access: access.into(),
            sessions: false,
            max_sessions: 10_000,
            park_after: Duration::from_mins(1),
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            cors: false,
            max_body_bytes: 4 << 20,
            body_timeout: Duration::from_secs(10),
            call_timeout: Duration::from_secs(30),
            concurrency: 128,
            queue: 512,
            rates: Rates::default(),
            shared: Arc::new(InProcess::default()),
            fetch_policy: FetchPolicy::default(),
            observers: Vec::new(),
            metrics: None,
            plain: None,
            passed: Vec::new(),
            scheme: "http",
            product: None,
        }
    }
}

/// A configuration that cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The path.
    #[error(
        "`{0}` cannot be the endpoint's path: it must begin with `/`, and have no `?`, `#`, `{{`, `}}` or `*`"
    )]
    Path(String),
    /// An entry of the hosts or origins.
    #[error(transparent)]
    Guard(#[from] crate::guard::GuardError),
}
