//! The MCP side: a [`ServerHandler`](rmcp::ServerHandler) over a [`Toolset`], for every transport and both protocol eras.
//!
//! The handler is written by hand over shared data. What a client may ask is answered here; what it means is decided
//! in the toolset.

mod completion;
mod era;
mod handler;
mod page;
mod prompt;
mod publish;
mod resource;
mod result;
mod template;
mod trace;

use std::fmt;
use std::sync::{Arc, OnceLock};

use rmcp::model::{Implementation, MetaObject, ServerCapabilities, ServerConfig, Tool};

use crate::{Context, Toolset};

pub use publish::{SCOPES_KEY, published_tools};

/// How many entries a page of a list has, where nothing else is said: more than any of our APIs has tools, because
/// not every client follows cursors.
const PAGE_SIZE: usize = 250;

/// An MCP server: a toolset for one caller, or for whoever a transport says is calling. Cloning is cheap.
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
pub struct Server(Arc<Shared>);

struct Shared {
    toolset: Toolset,
    callers: Callers,
    page_size: usize,
    config: ServerConfig,
    /// What results for peers of the stateless era carry: who answered.
    meta: MetaObject,
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
        let instructions = api.instructions.clone();
        let mut config = ServerConfig::new(capabilities(&toolset)).with_server_info(identity);
        config.instructions = instructions;
        Self(Arc::new(Shared {
            toolset,
            callers,
            page_size: PAGE_SIZE,
            meta: era::server_info_meta(&config),
            config,
            published: OnceLock::new(),
        }))
    }

    /// The name and version that the server tells its clients, instead of those made from the API's name.
    #[must_use]
    pub fn with_identity(self, name: impl Into<String>, version: impl Into<String>) -> Self {
        let mut shared = self.into_shared();
        shared.config.server_info.name = name.into();
        shared.config.server_info.version = version.into();
        shared.meta = era::server_info_meta(&shared.config);
        Self(Arc::new(shared))
    }

    /// How many entries a page of a list has: 250 if not set, at least one.
    #[must_use]
    pub fn with_page_size(self, entries: usize) -> Self {
        let mut shared = self.into_shared();
        shared.page_size = entries.max(1);
        Self(Arc::new(shared))
    }

    /// The toolset that it serves.
    pub fn toolset(&self) -> &Toolset {
        &self.0.toolset
    }

    fn into_shared(self) -> Shared {
        let shared = &*self.0;
        Shared {
            toolset: shared.toolset.clone(),
            callers: shared.callers.clone(),
            page_size: shared.page_size,
            config: shared.config.clone(),
            meta: shared.meta.clone(),
            published: OnceLock::new(),
        }
    }
}

impl From<Toolset> for Server {
    /// A server for each caller; see [`Server::for_each_caller`].
    fn from(toolset: Toolset) -> Self {
        Self::for_each_caller(toolset)
    }
}

/// Resources, prompts and completions are declared only where the API has them.
fn capabilities(toolset: &Toolset) -> ServerCapabilities {
    let catalog = toolset.api();
    let mut capabilities = ServerCapabilities::builder().enable_tools().build();
    if !catalog.resources.is_empty() {
        capabilities.resources = Some(rmcp::model::ResourcesCapability::default());
    }
    if !catalog.prompts.is_empty() {
        capabilities.prompts = Some(rmcp::model::PromptsCapability::default());
    }
    if completion::has_any(catalog) {
        capabilities.completions = Some(rmcp::model::JsonObject::new());
    }
    capabilities
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("toolset", &self.0.toolset)
            .field("callers", &self.0.callers)
            .field("page_size", &self.0.page_size)
            .finish_non_exhaustive()
    }
}
