//! Keeps the credential out of texts that the API wrote.

use secrecy::ExposeSecret;
use toolwright_client::Credential;

/// Replaces a caller's credential wherever a text repeats it.
pub(crate) struct Scrubber<'a> {
    secret: Option<&'a str>,
}

impl<'a> Scrubber<'a> {
    pub(crate) fn new(credential: &'a Credential) -> Self {
        let secret = match credential {
            Credential::Bearer(secret) | Credential::Header { value: secret, .. } => Some(secret.expose_secret()),
            _ => None,
        };
        Self { secret: secret.filter(|secret| !secret.is_empty()) }
    }

    pub(crate) fn scrub(&self, text: String) -> String {
        match self.secret {
            Some(secret) if text.contains(secret) => text.replace(secret, "[credential]"),
            _ => text,
        }
    }
}
