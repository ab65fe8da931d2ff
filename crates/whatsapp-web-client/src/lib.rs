//! A typed Rust client of the REST API of whatsapp-mcp-api.
//!
//! One method for each operation, one type for each schema, made from the API's document. Every call carries a
//! [`CallContext`]: where the API is, who asks, until when, and how to cancel.
//!
//! Errors of the API arrive as [`Error::ErrorResponse`] with a typed body; what never was an answer of the API (no
//! connection, a deadline, an answer that is too large) as [`Error::Custom`] with the text of the failure.

#[rustfmt::skip]
#[allow(
    clippy::all,
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    clippy::expect_used,
    clippy::unwrap_used,
    missing_debug_implementations,
    missing_docs,
    rustdoc::all,
    unreachable_pub,
    reason = "generated"
)]
mod generated {
    pub mod client;
    pub mod operations;
}

pub use generated::client::{ByteStream, Client, Error, ResponseValue, types};
pub use generated::operations::{OPERATIONS, SPEC_HASH};
pub use toolwright_client::{ApiClient, CallContext, Credential, Upstream};

toolwright_client::client_hooks!(Client, operations = OPERATIONS, spec_hash = SPEC_HASH);
