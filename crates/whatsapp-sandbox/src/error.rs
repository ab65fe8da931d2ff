//! Why a sandbox cannot be started, or does not do what it is asked.

use std::net::SocketAddr;

use whatsapp_sandbox_client::{Error, UpstreamError, types};

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
    #[error("the sandbox cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The client of the control routes cannot be made.
    #[error("the control routes cannot be reached: {0}")]
    Control(#[from] UpstreamError),
    /// The document of a REST API cannot be enforced. It is part of the program, so no input leads here.
    #[error("{0}")]
    Document(String),
    /// The demo data could not be written.
    #[error("the demo data could not be written: {0}")]
    Seed(String),
}

/// Why a sandbox does not do what a test asks of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// It does not fit the network, as the sentence says: a person without a phone cannot write, say.
    #[error("{message} (status {status})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What the sandbox said.
        message: String,
    },
    /// The sandbox could not be reached, or its answer not be read.
    #[error("the sandbox cannot be reached: {0}")]
    Unreachable(String),
    /// What was waited for has not happened in time.
    #[error("waited in vain for {what}, {seconds} seconds long")]
    InVain {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
}

impl From<Error<types::Error>> for ControlError {
    fn from(error: Error<types::Error>) -> Self {
        match error {
            Error::ErrorResponse(response) => {
                Self::Refused { status: response.status().as_u16(), message: response.into_inner().error }
            }
            other => Self::Unreachable(other.to_string()),
        }
    }
}
