//! What a call does, and where the knowledge of it comes from.

use serde::{Deserialize, Serialize};

/// What calling a tool does to the world beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Adds or changes something; what was there before is not lost. A sent message is a write.
    Write,
    /// May remove or overwrite what was there before.
    Destructive,
}

impl Effect {
    /// The word used in documents, catalogs and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Destructive => "destructive",
        }
    }
}

/// Where the knowledge of an operation comes from (`x-source`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The vendor's documentation describes it.
    Documented,
    /// It was concluded from sibling operations; the vendor's documentation does not show it.
    Inferred,
}

impl Source {
    /// The word used in documents, catalogs and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Inferred => "inferred",
        }
    }
}
