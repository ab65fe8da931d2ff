//! Credentials, and the headers that carry them.

use http::{HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

/// Who asks: a value of each call, not of the process.
///
/// `Debug` shows the kind and never the secret.
#[derive(Debug, Clone, Default)]
pub enum Credential {
    /// Nobody: the request carries no credential.
    #[default]
    None,
    /// A key of the API, wherever the API wants it: in the header of [`Credential::in_header`], or as
    /// `Authorization: Bearer …` where nothing names one.
    Key(SecretString),
    /// `Authorization: Bearer …`, whatever the API wants of keys: a token of an authorization server.
    Bearer(SecretString),
    /// A key in a header of its own, such as `X-Api-Key`.
    Header {
        /// The header's name.
        name: HeaderName,
        /// The key.
        value: SecretString,
    },
}

/// A credential that no header can carry. The texts never contain it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// There is nothing in it.
    #[error("the credential is empty: give the key, or none at all")]
    Empty,
    /// It has a line break or another character that no header can carry.
    #[error("the credential has a character that no header can carry: check it for line breaks and quotes")]
    Unprintable,
    /// The header's name is not one.
    #[error("the name of the credential's header is not valid: give one such as `X-Api-Key`")]
    HeaderName,
}

impl Credential {
    /// A key of the API. White space around it is dropped, as files that hold a key end in a line break.
    pub fn key(key: &str) -> Result<Self, CredentialError> {
        let credential = Self::Key(SecretString::from(trimmed(key)?));
        credential.to_header()?;
        Ok(credential)
    }

    /// A bearer token. White space around it is dropped, as files that hold a key end in a line break.
    pub fn bearer(token: &str) -> Result<Self, CredentialError> {
        let credential = Self::Bearer(SecretString::from(trimmed(token)?));
        credential.to_header()?;
        Ok(credential)
    }

    /// A key that is sent in the header `name`. White space around it is dropped.
    pub fn header(name: &str, value: &str) -> Result<Self, CredentialError> {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| CredentialError::HeaderName)?;
        let credential = Self::Header { name, value: SecretString::from(trimmed(value)?) };
        credential.to_header()?;
        Ok(credential)
    }

    /// The same credential, for an API that wants its keys in this header, if it names one. What is no key stays as it is.
    #[must_use]
    pub fn in_header(self, name: Option<&HeaderName>) -> Self {
        match (self, name) {
            (Self::Key(value), Some(name)) => Self::Header { name: name.clone(), value },
            (credential, _) => credential,
        }
    }

    /// The header that carries it, marked as sensitive.
    pub(crate) fn to_header(&self) -> Result<Option<(HeaderName, HeaderValue)>, CredentialError> {
        let (name, text) = match self {
            Self::None => return Ok(None),
            Self::Key(secret) | Self::Bearer(secret) => {
                (header::AUTHORIZATION, format!("Bearer {}", secret.expose_secret()))
            }
            Self::Header { name, value } => (name.clone(), value.expose_secret().to_owned()),
        };
        let mut value = HeaderValue::try_from(text).map_err(|_| CredentialError::Unprintable)?;
        value.set_sensitive(true);
        Ok(Some((name, value)))
    }
}

fn trimmed(secret: &str) -> Result<&str, CredentialError> {
    let secret = secret.trim();
    if secret.is_empty() { Err(CredentialError::Empty) } else { Ok(secret) }
}
