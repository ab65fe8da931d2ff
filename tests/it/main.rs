//! The whole sentence, end to end, in one test binary.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod arrows;
mod bad_upstream;
mod http;
mod products;
mod scenario;
mod scopes;
mod settings;
mod sizes;
mod surface;
mod traversal;
mod world;
