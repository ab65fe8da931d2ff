//! Keeps the credential out of texts that the API wrote.

use std::borrow::Cow;

use secrecy::ExposeSecret;
use serde_json::Value;
use toolwright_client::Credential;

/// Replaces a caller's credential wherever a text repeats it.
pub(crate) struct Scrubber<'a> {
    secret: Option<&'a str>,
}

impl<'a> Scrubber<'a> {
    pub(crate) fn new(credential: &'a Credential) -> Self {
        let secret = match credential {
            Credential::Key(secret)
            | Credential::Bearer(secret)
            | Credential::Header { value: secret, .. } => Some(secret.expose_secret()),
            Credential::None => None,
        };
        Self { secret: secret.filter(|secret| !secret.is_empty()) }
    }

    /// The text without the credential. To be called before a text is shortened, which could cut the credential in two.
    pub(crate) fn scrub<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.secret {
            Some(secret) if text.contains(secret) => text.replace(secret, "[credential]").into(),
            _ => text.into(),
        }
    }

    /// Scrubs every text in a JSON value.
    pub(super) fn scrub_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(scrubbed) = self.scrub(text) {
                    *text = scrubbed;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.scrub_value(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.scrub_value(member)),
            _ => {}
        }
    }
}
