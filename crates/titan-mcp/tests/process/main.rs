//! The program as clients start it: a process with pipes.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod bad_lines;
mod client;
mod commands;
mod ending;
mod http;
mod process;
mod sandbox;
mod settings;
mod upstream;
