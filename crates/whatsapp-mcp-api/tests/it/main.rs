//! The program as a process: plain clients, the REST routes, standard clients of both eras, and its settings.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking; clippy excuses only test functions"
)]

mod audit;
mod plain;
mod policy;
mod rest;
mod sandbox;
mod server;
mod settings;
mod standard;
mod surface;
