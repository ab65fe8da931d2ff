//! Why generation ends without files.

use toolwright_openapi::{Diagnostics, JoinError};

use crate::client::ClientError;
use crate::files::FileError;
use crate::join::JoinProblem;
use crate::signature::SignatureError;

/// Why generation ended without files that are up to date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The document, its overlay or its prompts have mistakes.
    #[error("{0}")]
    Document(#[from] Diagnostics),
    /// The client generator refuses operations.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The generated client is not of the shape that is known.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Tools do not fit their client methods.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Join(Vec<JoinProblem>),
    /// Calls and tools do not go together.
    #[error(transparent)]
    Catalog(#[from] JoinError),
    /// Files cannot be read or written, or are not up to date.
    #[error(transparent)]
    Files(#[from] FileError),
}

impl From<Vec<JoinProblem>> for GenerateError {
    fn from(problems: Vec<JoinProblem>) -> Self {
        Self::Join(problems)
    }
}
