//! The MCP side: a [`ServerHandler`](rmcp::ServerHandler) over a [`Toolset`], for every transport and both protocol eras.
//!
//! The handler is written by hand over shared data. What a client may ask is answered here; what it means is decided
//! in the toolset.

#![expect(deprecated, reason = "sampling, roots and logging serve the clients that still have them")]

mod completion;
mod connection;
mod custom;
mod era;
mod handler;
mod heartbeat;
mod page;
mod prompt;
mod publish;
mod resource;
mod result;
mod round;
mod template;
mod trace;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rmcp::model::{
    Implementation, JsonObject, MetaObject, PromptsCapability, RequestStateCodec, ResourcesCapability,
    ServerCapabilities, ServerConfig, Tool,
};
use uuid::Uuid;

use connection::Connection;

use crate::{Context, Notifier, Toolset};

pub use publish::{SCOPES_KEY, published_tools};

/// How many entries a page of a list has, where nothing else is said: more than any of our APIs has tools, because
/// not every client follows cursors.
const PAGE_SIZE: usize = 250;

/// An MCP server: a toolset for one caller, or for whoever a transport says is calling. Cloning is cheap; a clone serves
/// another connection.
///
/// ```no_run
/// use toolwright::client::Upstream;
/// use toolwright::{Context, Server, Toolset};
///
/// # fn example(api: &'static toolwright::api::Api) -> Result<(), Box<dyn std::error::Error>> {
/// let context = Context::new(Upstream::builder("https://api.example.com").build()?);
/// let server = Server::new(Toolset::builder(api).build()?, context).with_identity("pets-mcp", "1.0.0");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
    connection: Connection,
}

#[derive(Clone)]
struct Shared {
    toolset: Toolset,
    callers: Callers,
    page_size: usize,
    /// How often a client hears that its call goes on.
    heartbeat: Duration,
    /// Whether lists say of every input schema that it allows nothing else.
    closed_schemas: bool,
    config: ServerConfig,
    /// What results for peers of the stateless era carry: who answered.
    meta: MetaObject,
    notifier: Option<Notifier>,
    /// Names a request to which the transport has given no name.
    request_id: fn() -> String,
    /// Seals what clients carry while they answer questions.
    state_codec: RequestStateCodec,
    /// The tools as clients see them, in the order of the toolset; made when first asked for.
    published: OnceLock<Vec<Tool>>,
}

/// For whom calls are made.
#[derive(Debug, Clone)]
enum Callers {
    One(Box<Context>),
    /// The transport puts the [`Context`] of each request into the extensions of its HTTP request.
    OfEachRequest,
}

impl Server {
    /// A server whose every call is made for this caller.
    pub fn new(toolset: Toolset, context: Context) -> Self {
        Self::with_callers(toolset, Callers::One(Box::new(context)))
    }

    /// A server for an HTTP transport that knows the caller of each request: it puts the caller's [`Context`] into the
    /// extensions of the HTTP request. A request without one is refused.
    pub fn for_each_caller(toolset: Toolset) -> Self {
        Self::with_callers(toolset, Callers::OfEachRequest)
    }

    fn with_callers(toolset: Toolset, callers: Callers) -> Self {
        let api = &toolset.api().api;
        let identity = Implementation::new(format!("{}-mcp", api.name), env!("CARGO_PKG_VERSION"))
            .with_title(api.title.clone());
        let mut config = ServerConfig::new(capabilities(&toolset)).with_server_info(identity);
        config.instructions.clone_from(&api.instructions);
        let shared = Shared {
            callers,
            page_size: PAGE_SIZE,
            heartbeat: heartbeat::USUAL,
            closed_schemas: false,
            meta: era::server_info_meta(&config),
            config,
            notifier: None,
            request_id: || Uuid::new_v4().to_string(),
            state_codec: RequestStateCodec::new_unchecked(random_key()),
            published: OnceLock::new(),
            toolset,
        };
        Self { shared: Arc::new(shared), connection: Connection::new() }
    }

    /// The name and version that the server tells its clients, instead of those made from the API's name.
    #[must_use]
    pub fn with_identity(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        let shared = Arc::make_mut(&mut self.shared);
        shared.config.server_info.name = name.into();
        shared.config.server_info.version = version.into();
        shared.meta = era::server_info_meta(&shared.config);
        self
    }

    /// How many entries a page of a list has: 250 if not set, at least one.
    #[must_use]
    pub fn with_page_size(mut self, entries: usize) -> Self {
        Arc::make_mut(&mut self.shared).page_size = entries.max(1);
        self
    }

    /// Lets lists say of every input schema that it allows no other arguments. They are refused either way; a model's
    /// context is the smaller for not being told.
    #[must_use]
    pub fn with_closed_schemas(mut self, closed: bool) -> Self {
        Arc::make_mut(&mut self.shared).closed_schemas = closed;
        self
    }

    /// How a request is named to which the transport has given no name, instead of by a UUID. Calls of the API carry the
    /// name, and an error of a call that never reached the API tells it.
    #[must_use]
    pub fn with_request_ids(mut self, make: fn() -> String) -> Self {
        Arc::make_mut(&mut self.shared).request_id = make;
        self
    }

    /// How often a client that asks for progress is told that its call still waits for the API: every five seconds if not
    /// set. Hand-written tools tell of their own progress, and nothing else is told of theirs.
    #[must_use]
    pub fn with_heartbeat(mut self, every: Duration) -> Self {
        Arc::make_mut(&mut self.shared).heartbeat = every.max(Duration::from_millis(1));
        self
    }

    /// Declares that lists may change and resources may be subscribed to, and lets this notifier tell clients so.
    ///
    /// Clients of the handshake era can be told only where they have a session: over a transport that keeps none, they
    /// may subscribe, but hear nothing.
    #[must_use]
    pub fn with_notifier(mut self, notifier: Notifier) -> Self {
        let shared = Arc::make_mut(&mut self.shared);
        let capabilities = &mut shared.config.capabilities;
        if let Some(tools) = &mut capabilities.tools {
            tools.list_changed = Some(true);
        }
        if let Some(prompts) = &mut capabilities.prompts {
            prompts.list_changed = Some(true);
        }
        if let Some(resources) = &mut capabilities.resources {
            resources.list_changed = Some(true);
            resources.subscribe = Some(true);
        }
        shared.notifier = Some(notifier);
        self
    }

    /// Declares that the server sends log messages: those of hand-written functions, which clients choose by level.
    /// Without it they are not sent.
    #[must_use]
    pub fn with_logging(mut self) -> Self {
        Arc::make_mut(&mut self.shared).config.capabilities.logging = Some(JsonObject::new());
        self
    }

    /// The key that seals what a client of the stateless era carries while it answers a question. Replicas that are to
    /// go on where another one asked need the same; if it is not set, each process has one of its own.
    #[must_use]
    pub fn with_request_state_key(mut self, key: [u8; 32]) -> Self {
        Arc::make_mut(&mut self.shared).state_codec = RequestStateCodec::new_unchecked(key);
        self
    }

    /// The toolset that it serves.
    pub fn toolset(&self) -> &Toolset {
        &self.shared.toolset
    }
}

impl From<Toolset> for Server {
    /// A server for each caller; see [`Server::for_each_caller`].
    fn from(toolset: Toolset) -> Self {
        Self::for_each_caller(toolset)
    }
}

/// Resources, prompts and completions are declared only where there are some.
fn capabilities(toolset: &Toolset) -> ServerCapabilities {
    let catalog = toolset.api();
    let mut capabilities = ServerCapabilities::builder().enable_tools().build();
    if !catalog.resources.is_empty() || !toolset.resources().is_empty() {
        capabilities.resources = Some(ResourcesCapability::default());
    }
    if !catalog.prompts.is_empty() || !toolset.prompts().is_empty() {
        capabilities.prompts = Some(PromptsCapability::default());
    }
    if completion::has_any(toolset) {
        capabilities.completions = Some(JsonObject::new());
    }
    capabilities
}

/// A key that nobody can guess: 244 of its bits come from the system's random numbers.
fn random_key() -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    key[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    key
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("toolset", &self.shared.toolset)
            .field("callers", &self.shared.callers)
            .field("page_size", &self.shared.page_size)
            .finish_non_exhaustive()
    }
}
