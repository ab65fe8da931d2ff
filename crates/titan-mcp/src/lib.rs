//! The Titan WhatsApp API as MCP tools, to call in process or to serve.
//!
//! One tool for each operation of the API, each with the scopes it needs. [`toolset`] is the way in:
//!
//! ```no_run
//! use titan_mcp::{Context, Credential, Granted, Upstream};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let toolset = titan_mcp::toolset()?;
//! let granted: Granted = "sessions:read groups:read".parse()?;
//! for tool in toolset.list(&granted) {
//!     println!("{}: {}", tool.name, tool.description);
//! }
//!
//! let caller = Context::new(Upstream::builder("https://titan.example.com").build()?)
//!     .with_credential(Credential::bearer("the API key")?)
//!     .with_granted(granted);
//! let sessions = toolset.call("sessions_list", Default::default(), &caller).await?;
//! println!("{:?}", sessions.raw);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Toolset`] is built once and shared; a [`Context`] is one caller, so that one process can serve many with a
//! credential each. [`builder`] takes a [`Policy`] and hand-written tools; `toolwright::Server` makes an MCP server of
//! the result.
//!
//! # Features
//!
//! Most are on by default. An embedder turns the defaults off and takes the domains it needs.
//!
//! - `channels`, `chats`, `client_tokens`, `contacts`, `groups`, `info`, `labels`, `lids`, `media`, `messages`,
//!   `pairing`, `presence`, `profile`, `sessions`, `webhooks`: the tools of one domain each.
//! - `cli`: the program `titan-mcp`, and `app`, which describes it.
//! - `otel`: the program sends spans of tool calls over OTLP. Not on by default.
//! - `sandbox`: `titan-mcp --sandbox`, which needs no account.

#[cfg(feature = "cli")]
mod program;

#[cfg(feature = "cli")]
pub use program::app;
pub use titan_api_client as client;
pub use toolwright::client::{Credential, Upstream};
pub use toolwright::toolset::BuildError;
pub use toolwright::{CallError, Context, Granted, Output, Policy, ToolError, Toolset, ToolsetBuilder};

toolwright::tools!("src/generated/catalog.json", client = titan_api_client::Client, features = per_domain);

/// All tools of this build.
///
/// # Errors
/// The catalog in this build cannot be read, which a test of this crate excludes.
pub fn toolset() -> Result<Toolset, BuildError> {
    builder().build()
}

/// The start of a toolset with a policy, a response budget or hand-written tools of its own.
pub fn builder() -> ToolsetBuilder {
    Toolset::builder(&API)
}
