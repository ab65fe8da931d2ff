//! The tools of an API: listed by scope, called with checked arguments, answered with content that a model can read.
//!
//! [`tools!`] turns a catalog into a static [`Api`](api::Api). A [`Toolset`] made of it lists and calls the tools in
//! process, without any transport:
//!
//! ```no_run
//! use toolwright::client::{Credential, Upstream};
//! use toolwright::{Context, Granted, Toolset};
//!
//! # async fn example(api: &'static toolwright::api::Api) -> Result<(), Box<dyn std::error::Error>> {
//! let toolset = Toolset::builder(api).build()?;
//! let granted: Granted = "groups:read sessions:*".parse()?;
//! let context = Context::new(Upstream::builder("https://api.example.com").build()?)
//!     .with_credential(Credential::key("key")?)
//!     .with_granted(granted.clone());
//! for tool in toolset.list(&granted) {
//!     println!("{}: {}", tool.name, tool.description);
//! }
//! let output = toolset.call("groups_list", serde_json::Map::new(), &context).await?;
//! println!("{:?}", output.content);
//! # Ok(())
//! # }
//! ```
//!
//! One call passes these modules, in this order: [`policy`] and [`granted`] decide whether it may run, [`arguments`]
//! checks what came, [`api`] names the function that calls the typed client, [`output`] and [`media`] make content of
//! the answer, and [`error`] is the one shape of everything that goes wrong.
//!
//! [`HandWritten`] tools, [`HandWrittenResource`]s and [`HandWrittenPrompt`]s stand beside what was generated. They talk
//! to the client of their call in a [`conversation`]. [`Server`] serves all of them over MCP; [`model`] has the words of
//! the protocol that contents and messages are made of.

pub mod api;
pub mod arguments;
pub mod conversation;
pub mod error;
pub mod granted;
pub mod media;
pub mod observe;
pub mod output;
pub mod policy;
pub mod server;
pub mod toolset;

mod context;
mod hand_written;
mod media_type;
mod nearest;
mod notifier;
mod schema;
mod tool;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use arguments::{Arguments, Mismatch};
pub use context::Context;
pub use conversation::Conversation;
pub use error::{CallError, ErrorKind, Problem, ToolError};
pub use granted::Granted;
pub use hand_written::{
    CompletionRequest, HandWritten, HandWrittenPrompt, HandWrittenResource, PromptRequest, ResourceRequest,
};
pub use notifier::Notifier;
pub use observe::{Observed, Observer};
pub use output::Output;
pub use policy::{Pattern, Policy};
pub use rmcp::model;
pub use server::Server;
pub use tool::Tool;
pub use toolset::{BuildError, Toolset, ToolsetBuilder};
pub use toolwright_catalog as catalog;
pub use toolwright_client as client;
pub use toolwright_macros::tools;
