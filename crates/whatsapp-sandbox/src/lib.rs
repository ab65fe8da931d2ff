//! A simulated `WhatsApp` network with REST APIs in front of it, for trying and testing agents without an account.
//!
//! It behaves, rather than answer canned responses: sessions are paired, accounts write to each other, receipts
//! progress, groups enforce admin rights, keys have scopes, and with a data folder all of it survives a restart. Every
//! answer says that it is simulated.
//!
//! ```
//! # async fn example() -> Result<(), whatsapp_sandbox::SandboxError> {
//! let sandbox = whatsapp_sandbox::Sandbox::builder().start().await?;
//! println!("Titan's REST API is at {}, and {} opens all of it", sandbox.url(), sandbox.full_key());
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! The parts: `network` is the simulated `WhatsApp` and knows nothing of HTTP; `titan` is one REST API in front of it;
//! `access` is what every such API needs; `control` are the routes that play the phone; `store` is the database.

mod access;
mod builder;
mod clock;
mod control;
mod drawing;
mod entropy;
mod error;
mod jid;
mod network;
mod pictures;
mod rest;
mod sandbox;
mod seed;
mod store;
mod titan;

pub use builder::SandboxBuilder;
pub use error::SandboxError;
pub use sandbox::Sandbox;
pub use seed::{ECHO_NUMBER, FULL_KEY, MAIN_SESSION, MESSAGES_KEY, READ_ONLY_KEY};
pub use store::StoreError;
