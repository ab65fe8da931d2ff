//! The server that the MCP conformance suite questions: the tools, resources and prompts that its scenarios ask for, made
//! and served with this library. See the script `run` beside it.

mod fixture;
mod media;
mod prompts;
mod resources;
mod serve;
mod tools;

use anyhow::{Context as _, bail};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (mut port, mut has_sessions) = (None, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--sessions" => has_sessions = true,
            number if port.is_none() => {
                port = Some(number.parse().with_context(|| format!("`{number}` is no port"))?);
            }
            other => bail!("`{other}` is unknown; usage: toolwright-conformance PORT [--sessions]"),
        }
    }
    let port = port.context("no port given; usage: toolwright-conformance PORT [--sessions]")?;
    serve::serve(port, has_sessions).await
}
