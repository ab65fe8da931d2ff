//! The Kirim API as MCP tools, to call in process or to serve.

pub use kirim_client as client;
pub use toolwright::client::{Credential, Upstream};
pub use toolwright::toolset::BuildError;
pub use toolwright::{CallError, Context, Granted, Output, Policy, ToolError, Toolset, ToolsetBuilder};

toolwright::tools!("src/generated/catalog.json", client = kirim_client::Client);

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
