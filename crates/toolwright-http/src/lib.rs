//! Serve a Toolwright toolset over MCP's Streamable HTTP, in both protocol eras on one endpoint.
//!
//! [`router`] makes the endpoint of a toolset, which can stand beside other routes; [`run`](run::run) serves it.
//!
//! ```no_run
//! use tokio_util::sync::CancellationToken;
//! use toolwright::client::{Credential, Upstream};
//! use toolwright::{Granted, Toolset};
//! use toolwright_http::access::Access;
//! use toolwright_http::run::{RunOptions, listen, run};
//! use toolwright_http::{HttpConfig, router};
//!
//! # async fn example(toolset: Toolset) -> Result<(), Box<dyn std::error::Error>> {
//! let upstream = Upstream::builder("https://api.example.com").build()?;
//! let access = Access::fixed(Credential::bearer("the API key")?, Granted::all());
//! let options = RunOptions::default();
//! let routes = router(toolset, HttpConfig::new(upstream, access), options.stop.clone())?;
//! let listener = listen("127.0.0.1:3100".parse()?)?;
//! run(listener, routes, options, async { tokio::signal::ctrl_c().await.unwrap_or(()) }).await;
//! # Ok(())
//! # }
//! ```
//!
//! One request passes these modules, in this order: `guard` looks at `Host` and `Origin`, [`access`] finds out who
//! calls, `endpoint` reads what is asked and whether this caller may ask it, [`limits`] hold back too much of it, and
//! the MCP server of `toolwright` answers.
//!
//! Two layers are off by default: [`plain`] serves clients that know nothing of Streamable HTTP, and [`passed`] passes
//! routes of the API on to it.
//!
//! # Features
//!
//! - `redis`: replicas share rate limits, sessions and keys through Redis.
//! - `otel`: spans of tool calls, sent over OTLP.

pub mod access;
pub mod audit;
pub mod limits;
pub mod metrics;
#[cfg(feature = "otel")]
pub mod otel;
pub mod passed;
pub mod plain;
pub mod product;
pub mod run;
pub mod shared;
pub mod tls;

mod caller;
mod config;
mod current;
mod endpoint;
mod guard;
mod health;
mod refusal;
mod router;

pub use caller::{Caller, Fingerprint};
pub use config::{ConfigError, HttpConfig};
pub use current::CurrentAccess;
pub use guard::GuardError;
pub use health::health_routes;
pub use refusal::Refusal;
pub use router::router;
