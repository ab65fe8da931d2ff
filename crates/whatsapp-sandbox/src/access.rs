//! What every REST API in front of the network needs: keys with scopes, client tokens, rate limits, idempotent answers,
//! commands for later, settings, webhooks.

pub(crate) mod bucket;
pub(crate) mod client;
pub(crate) mod command;
pub(crate) mod idempotency;
mod jwt;
pub(crate) mod key;
pub(crate) mod keys;
pub(crate) mod rate;
pub(crate) mod setting;
pub(crate) mod webhook;
pub(crate) mod widget;
