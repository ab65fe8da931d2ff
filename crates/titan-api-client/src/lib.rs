//! A typed Rust client of the Titan WhatsApp REST API.
//!
//! One method for each operation, one type for each schema, made from the API's document. Every call carries a
//! [`CallContext`]: where the API is, who asks, until when, and how to cancel. Requests stay within the operation's path,
//! answers within a size limit, and only what can safely be repeated is retried.
//!
//! ```no_run
//! use titan_api_client::{ApiClient, CallContext, Client, Credential, Upstream, types};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let upstream = Upstream::builder("https://titan.example.com").build()?;
//! let context = CallContext::new(upstream, Credential::bearer("the API key")?);
//! let client = Client::for_call(context);
//!
//! for session in client.sessions_list().await?.into_inner().data {
//!     println!("{}: {}", session.name, session.status);
//! }
//!
//! let body = types::SetTyping {
//!     chat_id: "5511999999999@s.whatsapp.net".parse()?,
//!     state: Some(types::SetTypingState::Composing),
//! };
//! client.messages_typing("default", &body).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Errors of the API arrive as [`Error::ErrorResponse`] with a typed body; what never was an answer of the API (no
//! connection, a deadline, an answer that is too large) as [`Error::Custom`] with the text of the failure. Operations that
//! a typed method cannot express are not in this client; the documentation of the generated files lists them, and
//! `toolwright_client::execute` sends them.

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
