//! The Kirim WhatsApp API as MCP tools, to call in process or to serve.
//!
//! Six tools are offered by default, under the names of the product's own MCP server; all others belong to the toolset
//! `full`. [`toolset`] is the way in:
//!
//! ```no_run
//! use kirim_mcp::{Context, Credential, Upstream};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let toolset = kirim_mcp::toolset()?;
//! let caller = Context::new(Upstream::builder("https://api.kirim.chat").build()?)
//!     .with_credential(Credential::bearer("the API key")?);
//! let numbers = toolset.call("list_phone_numbers", Default::default(), &caller).await?;
//! println!("{:?}", numbers.raw);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Toolset`] is built once and shared; a [`Context`] is one caller. [`builder`] takes a [`Policy`] and hand-written
//! tools of your own; `toolwright::Server` makes an MCP server of the result.
//!
//! # Features
//!
//! - `cli`: the program `kirim-mcp`, and `app`, which describes it. On by default.
//! - `otel`: the program sends spans of tool calls over OTLP. Not on by default.
//! - `sandbox`: `kirim-mcp --sandbox`, which needs no account. On by default.

mod conversation;
#[cfg(feature = "cli")]
mod program;
mod rules;

pub use kirim_client as client;
#[cfg(feature = "cli")]
pub use program::app;
pub use toolwright::client::{Credential, Upstream};
pub use toolwright::toolset::BuildError;
pub use toolwright::{CallError, Context, Granted, Output, Policy, ToolError, Toolset, ToolsetBuilder};

toolwright::tools!("src/generated/catalog.json", client = kirim_client::Client);

/// The six tools of the product.
///
/// # Errors
/// The catalog in this build cannot be read, which a test of this crate excludes.
pub fn toolset() -> Result<Toolset, BuildError> {
    builder().build()
}

/// The start of a toolset with a policy, a response budget or hand-written tools of its own. `Policy::everything()` has all
/// tools.
pub fn builder() -> ToolsetBuilder {
    Toolset::builder(&API).tool(conversation::tool()).argument_rules(rules::problems)
}
