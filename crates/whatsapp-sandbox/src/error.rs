//! Why a sandbox cannot be started.

use std::net::SocketAddr;

use crate::store::StoreError;

/// Why a sandbox cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The address can be reached from other machines, and nobody has allowed that.
    #[error(
        "the sandbox listens on loopback only, and {0} is open to other machines: use 127.0.0.1, or allow a public address"
    )]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("the sandbox cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The demo data could not be written.
    #[error("the demo data could not be written: {0}")]
    Seed(String),
}
