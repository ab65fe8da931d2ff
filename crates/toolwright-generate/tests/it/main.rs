//! Documents to files, through the public interface, with real folders.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod api;
mod client;
mod files;
mod generate;
mod join;
mod signatures;
