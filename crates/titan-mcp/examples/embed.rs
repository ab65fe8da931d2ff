//! Titan's tools inside a Rust program: lists what a set of scopes allows, and calls two of the tools.
//!
//! It needs no account: a sandbox in the same process stands in for the API.
//!
//! ```text
//! cargo run -p titan-mcp --example embed
//! ```

#![expect(clippy::print_stdout, reason = "the output is what the example shows")]

use serde_json::{Map, json};
use titan_mcp::{Context, Credential, Granted, Upstream};
use whatsapp_sandbox::{MAIN_SESSION, Sandbox};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let sandbox = Sandbox::builder().start().await?;
    let toolset = titan_mcp::toolset()?;

    // A caller: where the API is, with which key, and what this caller may do.
    let granted: Granted = "sessions:read groups:read".parse()?;
    let caller = Context::new(Upstream::builder(sandbox.url()).build()?)
        .with_credential(Credential::bearer(sandbox.full_key())?)
        .with_granted(granted.clone());

    println!("These tools may be called with {granted}:");
    for tool in toolset.list(&granted) {
        println!("  {:24} {}", tool.name, tool.title);
    }

    let sessions = toolset.call("sessions_list", Map::new(), &caller).await?;
    println!("\nsessions_list: {}", sessions.raw.unwrap_or_default());

    let arguments = Map::from_iter([("session".to_owned(), json!(MAIN_SESSION))]);
    let groups = toolset.call("groups_list", arguments, &caller).await?;
    println!("\ngroups_list: {}", groups.raw.unwrap_or_default());

    // What the scopes do not allow is refused before anything is sent.
    let arguments = Map::from_iter([("name".to_owned(), json!("another"))]);
    if let Err(refused) = toolset.call("sessions_create", arguments, &caller).await {
        println!("\nsessions_create: {refused}");
    }

    sandbox.stop().await;
    Ok(())
}
