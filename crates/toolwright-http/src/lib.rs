//! Serve a Toolwright toolset over MCP's Streamable HTTP, in both protocol eras on one endpoint.
//!
//! One request passes these modules, in this order: `guard` looks at `Host` and `Origin`, [`access`] finds out who
//! calls, `endpoint` reads what is asked and whether this caller may ask it, [`limits`] hold back too much of it, and
//! the MCP server of `toolwright` answers.

pub mod access;
pub mod limits;
pub mod shared;

pub mod audit;
pub mod metrics;

mod caller;
mod refusal;

pub use caller::{Caller, Fingerprint};
pub use refusal::Refusal;
