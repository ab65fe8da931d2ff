//! Tests through the crate's public interface, with real sockets.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod access;
mod limits;
mod product;
mod run_ending;
mod run_faults;
mod serving;
mod shared;
mod tls;

#[cfg(feature = "redis")]
mod redis_server;
#[cfg(feature = "redis")]
mod shared_redis;
