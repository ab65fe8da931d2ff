//! The Titan WhatsApp API as an MCP server.

use std::process::ExitCode;

fn main() -> ExitCode {
    toolwright_cli::run(titan_mcp::app())
}
