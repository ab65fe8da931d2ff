//! Why a call ends without a complete answer.

use std::time::Duration;

/// Why a call ended without a complete answer of the API.
///
/// An answer with an error status is no failure: it is a [`Captured`](crate::Captured) answer. The texts are written for
/// whoever made the call, a language model included. They name the API by host and port only: no query, user
/// information, header or body is ever part of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The arguments would have sent the request to another address than the operation's. Nothing was sent.
    #[error(
        "the arguments lead from `{template}` to `{path}`: give a plain identifier for each path argument"
    )]
    RouteEscape {
        /// The operation's path template.
        template: String,
        /// The path that the request would have gone to.
        path: String,
    },
    /// The request could not be made from the arguments or the context. Nothing was sent.
    #[error("the request cannot be made: {0}")]
    InvalidRequest(String),
    /// No connection: the name is unknown, the connection was refused, or TLS failed. Nothing was sent.
    #[error("{0}")]
    Connect(String),
    /// The connection broke, or what came is not HTTP. The API may have carried out the request.
    #[error("{0}")]
    Transport(String),
    /// The deadline passed. The API may have carried out the request.
    #[error("no complete answer came within {after:?}")]
    Timeout {
        /// The time that the call had.
        after: Duration,
    },
    /// The caller gave up. The API may have carried out the request.
    #[error("the call was cancelled")]
    Cancelled,
    /// The answer is larger than the limit; reading stopped there.
    #[error("the answer is larger than the limit of {limit} bytes{}", announcement(*announced))]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
        /// The size that the API announced, in bytes, if it did.
        announced: Option<u64>,
    },
}

fn announcement(announced: Option<u64>) -> String {
    announced.map(|size| format!(": it has {size}")).unwrap_or_default()
}
