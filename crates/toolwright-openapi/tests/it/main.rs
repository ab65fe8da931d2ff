//! What lowering makes of documents, through the crate's public interface.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod arguments;
mod bodies;
mod errors;
mod keys;
mod meta;
mod names;
mod overlays;
mod prompts;
mod render;
mod resources;
mod results;
mod robustness;
mod schemas;
mod scopes;
mod sources;
mod surface;
mod unions;
