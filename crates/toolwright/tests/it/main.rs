//! Calls of tools, from the arguments to the content, against real HTTP servers.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(deprecated, reason = "sampling, roots and logging serve the clients that still have them")]

mod fixture;

mod arguments;
mod beside_tools;
mod budget;
mod build;
mod changes;
mod consent;
mod errors;
mod files;
mod granted;
mod hand_written;
mod heartbeat;
mod mcp;
mod media;
mod policy;
mod properties;
mod questions;
mod readiness;
mod reports;
mod request;
mod results;
mod surface;
