//! Sets of domains that a document names.

use serde::{Deserialize, Serialize};

/// The name that stands for all tools of any document, and that no set of a document may have.
pub const EVERYTHING: &str = "full";

/// A choice of tools that a document names: those of some domains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toolset {
    /// The name in snake_case, by which the person who runs a server chooses it.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The [`Domain`](crate::Domain)s whose tools it has.
    pub domains: Vec<String>,
    /// Whether it is what a server offers where nobody chooses. At most one set of a document is.
    #[serde(default, skip_serializing_if = "crate::argument::is_false")]
    pub default: bool,
}
