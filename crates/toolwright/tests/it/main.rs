//! Calls of tools, from the arguments to the content, against real HTTP servers.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod fixture;

mod arguments;
mod budget;
mod build;
mod errors;
mod files;
mod granted;
mod hand_written;
mod media;
mod policy;
mod properties;
mod request;
mod results;
