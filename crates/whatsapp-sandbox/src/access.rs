//! What every REST API in front of the network needs: keys with scopes, rate limits, idempotent answers, webhooks.

pub(crate) mod idempotency;
pub(crate) mod key;
pub(crate) mod rate;
pub(crate) mod webhook;
