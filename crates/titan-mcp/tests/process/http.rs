//! The program as a server over HTTP.

mod audit;
mod ending;
mod reload;
mod secrecy;
pub(crate) mod server;
mod serving;
mod starting;
mod tls;

#[cfg(feature = "otel")]
mod otel;
#[cfg(unix)]
mod redis;
#[cfg(unix)]
mod replicas;
