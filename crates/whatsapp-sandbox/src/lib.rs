//! A simulated `WhatsApp` network with REST APIs in front of it, for trying and testing agents without an account.
//!
//! It behaves, rather than answer canned responses: sessions are paired, accounts write to each other, receipts
//! progress, groups enforce admin rights, keys have scopes, and with a data folder all of it survives a restart. Every
//! answer says that it is simulated.
//!
//! ```
//! # async fn example() -> Result<(), whatsapp_sandbox::SandboxError> {
//! let sandbox = whatsapp_sandbox::Sandbox::start().await?;
//! println!("Titan's REST API is at {}, and {} opens all of it", sandbox.url(), sandbox.full_key());
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! The parts: `network` is the simulated `WhatsApp` and knows nothing of HTTP; `titan`, `kirim` and `web` are REST APIs in front
//! of it;
//! `access` is what every such API needs; `control` are the routes that play the other side; `store` is the database.
//! `contract` holds every request against the document of its API; `delivery` tells webhooks what happened, `media`
//! keeps files, and `egress` is the only way out to other machines.

mod access;
mod builder;
mod clock;
mod contract;
mod control;
mod delivery;
mod drawing;
mod egress;
mod entropy;
mod error;
mod jid;
mod kirim;
mod media;
mod network;
mod origin;
mod outside;
mod page;
mod pictures;
mod rest;
mod sandbox;
mod seed;
mod store;
mod titan;
mod web;

pub use builder::SandboxBuilder;
pub use error::{ControlError, SandboxError};
pub use media::{MediaStore, S3Bucket};
pub use sandbox::{Actor, Phone, Sandbox};
pub use seed::{
    ECHO_NUMBER, FULL_KEY, KIRIM_KEY, MAIN_SESSION, MASTER_KEY, MESSAGES_KEY, OTHER_KIRIM_KEY, READ_ONLY_KEY,
    WHATSAPP_WEB_NUMBER, WHATSAPP_WEB_SESSION,
};
pub use store::StoreError;
pub use whatsapp_sandbox_client as client;
