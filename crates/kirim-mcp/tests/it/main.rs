//! The program as clients meet it, in front of the sandbox's Kirim API; and what goes over the wire to the API.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod conversation;
mod keys;
mod limits;
mod program;
mod sandbox;
mod serving;
mod surface;
mod wire;
