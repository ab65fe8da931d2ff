//! The REST API of whatsapp-mcp-api as seven MCP tools, to call in process or to serve.
//!
//! [`toolset`] is the way in for programs that bring an agent of their own:
//!
//! ```no_run
//! use whatsapp_mcp_api::{Context, Upstream};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let toolset = whatsapp_mcp_api::toolset()?;
//! let caller = Context::new(Upstream::builder("http://127.0.0.1:8790").build()?);
//! let status = toolset.call("whatsapp_status", Default::default(), &caller).await?;
//! println!("{:?}", status.raw);
//! # Ok(())
//! # }
//! ```
//!
//! The program of the same name serves them on `http://127.0.0.1:8790/mcp`, and passes the routes of the REST API on, so
//! that it can take the place of the server whose name it has: what was set up for that one goes on working. Clients of
//! the MCP standard are served at the same address.
//!
//! # Features
//!
//! - `cli`: the program, and `app`, which describes it.
//! - `otel`: the program sends spans of tool calls over OTLP. Not on by default.
//! - `sandbox`: `whatsapp-mcp-api --sandbox`, which needs no account.

#[cfg(feature = "cli")]
mod arguments;
#[cfg(feature = "cli")]
mod program;
mod readiness;
mod rules;

#[cfg(feature = "cli")]
pub use program::app;
pub use toolwright::client::{Credential, Upstream};
pub use toolwright::toolset::BuildError;
pub use toolwright::{CallError, Context, Granted, Output, Policy, ToolError, Toolset, ToolsetBuilder};
pub use whatsapp_web_client as client;

toolwright::tools!("src/generated/catalog.json", client = whatsapp_web_client::Client);

/// All tools of this build.
///
/// # Errors
/// The catalog in this build cannot be read, which a test of this crate excludes.
pub fn toolset() -> Result<Toolset, BuildError> {
    builder().build()
}

/// The start of a toolset with a policy, a response budget or hand-written tools of its own.
pub fn builder() -> ToolsetBuilder {
    Toolset::builder(&API).argument_rules(rules::problems).readiness(readiness::READINESS)
}
