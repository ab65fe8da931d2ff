//! A typed Rust client of the control API of the `WhatsApp` sandbox: it plays the other side of a simulated `WhatsApp`.
//!
//! One method for each operation, one type for each schema, made from the API's document; and [`Client::events`], which
//! follows what happens, live.
//!
//! ```no_run
//! use whatsapp_sandbox_client::{Client, types};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let control = Client::at("http://127.0.0.1:8080")?;
//! let mut events = control.events(None).await?;
//!
//! // Ana writes to the account of the session under test.
//! let question = types::SendText {
//!     type_: types::SendTextType::Text,
//!     text: "Is the shop open today?".to_owned(),
//!     quoted_message_id: None,
//!     mentions: None,
//!     is_forwarded: None,
//! };
//! let sent = control.messages_send("+5511988880001", "+5511999990001", &question.into()).await?;
//! println!("sent {}", sent.into_inner().data.id);
//!
//! while let Some(event) = events.next().await? {
//!     println!("{} {}", event.kind, event.body);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::at`] suits a sandbox on this machine. A context of one's own, with a deadline or a cancellation, comes with
//! [`ApiClient::for_call`]. Errors of the API arrive as [`Error::ErrorResponse`] with a typed body; what never was an
//! answer (no connection, a deadline, an answer that is too large) as [`Error::Custom`] with the text of the failure.

use std::time::Duration;

mod events;

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

pub use events::{Event, Events, EventsError, Observer};
pub use generated::client::{ByteStream, Client, Error, ResponseValue, types};
pub use generated::operations::{OPERATIONS, SPEC_HASH};
pub use toolwright_client::{ApiClient, CallContext, Credential, Upstream, UpstreamError};

toolwright_client::client_hooks!(Client, operations = OPERATIONS, spec_hash = SPEC_HASH);

/// Letting years pass on a full network, and exporting it, takes a while.
const TIMEOUT: Duration = Duration::from_mins(5);
/// The whole state of a sandbox with its media is larger than other APIs' answers.
const MAX_RESPONSE_BYTES: u64 = 1 << 30;

impl Client {
    /// A client of the sandbox at this base URL, such as `http://127.0.0.1:8080`. The control API needs no key.
    pub fn at(base_url: &str) -> Result<Self, UpstreamError> {
        let upstream =
            Upstream::builder(base_url).timeout(TIMEOUT).max_response_bytes(MAX_RESPONSE_BYTES).build()?;
        Ok(Self::for_call(CallContext::new(upstream, Credential::None)))
    }
}
