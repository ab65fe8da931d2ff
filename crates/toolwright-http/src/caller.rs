//! Who calls.

use std::fmt;

use sha2::{Digest, Sha256};
use toolwright::Granted;
use toolwright::client::Credential;

/// Who sent a request, as its credentials tell.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Stands for the caller in limits, logs and session bindings.
    pub fingerprint: Fingerprint,
    /// The scopes within which the caller lists and calls tools.
    pub granted: Granted,
    /// What the API is shown when this caller calls.
    pub credential: Credential,
}

/// A short name for a key or a subject that tells nothing about it: 16 hexadecimal digits of a SHA-256, or `anonymous`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a secret or a subject. The kind, such as `key` or `subject`, keeps equal texts of different
    /// kinds apart.
    pub fn of(kind: &str, text: &str) -> Self {
        let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(text).finalize();
        Self(digest.iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")))
    }

    /// Whoever calls a server that asks for no credential.
    pub fn anonymous() -> Self {
        Self("anonymous".to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
