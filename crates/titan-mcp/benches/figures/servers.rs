//! The servers that are measured: this program again, on one thread as the real one, with stdin and stdout as pipes.

use rmcp::ServiceExt;
use tokio::runtime::{Builder, Runtime};
use toolwright::Server;

use crate::bare::Bare;
use crate::no_upstream;

/// The argument that makes this program a bare rmcp server.
pub(crate) const BARE: &str = "serve-bare";
/// The argument that makes it the Titan server with an upstream that answers at once.
pub(crate) const TITAN: &str = "serve-titan";

pub(crate) fn serve_bare() -> anyhow::Result<()> {
    runtime()?.block_on(async {
        Bare.serve(rmcp::transport::stdio_pipes()).await?.waiting().await?;
        Ok(())
    })
}

pub(crate) fn serve_titan() -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let server = Server::new(titan_mcp::toolset()?, no_upstream::context()?);
        toolwright_stdio::serve(server, std::future::pending()).await?;
        Ok(())
    })
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}
