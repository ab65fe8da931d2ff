//! One WhatsApp account as an MCP server.

use std::process::ExitCode;

/// Chosen by measurement: see `docs/performance.md`.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    toolwright_cli::run(whatsapp_mcp_api::app())
}
