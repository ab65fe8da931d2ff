//! Tokens that name callers.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use toolwright::Granted;
use toolwright::client::Credential;

use super::AccessError;
use crate::Fingerprint;

/// Shorter tokens could be guessed.
const MIN_CHARACTERS: usize = 16;

/// A bearer token that names a caller. Only its SHA-256 is kept, and `Debug` does not show that either.
#[derive(Clone)]
pub struct CallerToken {
    name: String,
    digest: [u8; 32],
    granted: Granted,
    credential: Option<Credential>,
}

/// A token that cannot be used. The texts never repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallerTokenError {
    /// The name.
    #[error("the caller has no name, or one with control characters: give one such as `support-agent`")]
    Name,
    /// The token is too short.
    #[error(
        "the token has fewer than {MIN_CHARACTERS} characters and could be guessed: make one with `openssl rand -hex 32`"
    )]
    Short,
    /// The token cannot be sent.
    #[error(
        "the token has a space or another character that cannot be sent: make one with `openssl rand -hex 32`"
    )]
    Unprintable,
    /// The digest.
    #[error(
        "the SHA-256 of the token is not 64 hexadecimal digits: make it with `printf %s \"$TOKEN\" | sha256sum`"
    )]
    Digest,
}

impl CallerToken {
    /// A caller who sends this token. White space around it is dropped, as files that hold one end in a line break.
    ///
    /// # Errors
    /// The name is empty, or the token is short or has characters that no header carries.
    pub fn new(name: &str, token: &str, granted: Granted) -> Result<Self, CallerTokenError> {
        let token = token.trim();
        if token.len() < MIN_CHARACTERS {
            return Err(CallerTokenError::Short);
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(CallerTokenError::Unprintable);
        }
        Self::of_digest(name, digest(token), granted)
    }

    /// A caller who sends the token with this SHA-256, written as 64 hexadecimal digits: the token itself need not be
    /// where the server's configuration is.
    ///
    /// # Errors
    /// The name is empty, or the digits are not that.
    pub fn from_sha256(name: &str, digits: &str, granted: Granted) -> Result<Self, CallerTokenError> {
        Self::of_digest(name, from_hex(digits.trim()).ok_or(CallerTokenError::Digest)?, granted)
    }

    fn of_digest(name: &str, digest: [u8; 32], granted: Granted) -> Result<Self, CallerTokenError> {
        if name.is_empty() || name.chars().any(char::is_control) {
            return Err(CallerTokenError::Name);
        }
        Ok(Self { name: name.to_owned(), digest, granted, credential: None })
    }

    /// The API is shown this when the caller calls, instead of what it is shown for others.
    #[must_use]
    pub fn with_credential(mut self, credential: Credential) -> Self {
        self.credential = Some(credential);
        self
    }

    /// The caller's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn granted(&self) -> &Granted {
        &self.granted
    }

    pub(super) fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }

    /// By name, so that limits and sessions outlive a change of the token.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of("caller", &self.name)
    }
}

impl fmt::Debug for CallerToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CallerToken")
            .field("name", &self.name)
            .field("granted", &self.granted)
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

/// Whose token this is. Takes as long for a token that is almost right as for any other.
pub(super) fn find<'a>(callers: &'a [CallerToken], token: &str) -> Option<&'a CallerToken> {
    let digest = digest(token);
    callers.iter().fold(
        None,
        |found, caller| {
            if bool::from(caller.digest.ct_eq(&digest)) { Some(caller) } else { found }
        },
    )
}

/// Refuses callers who could not be told apart, and a list of none.
pub(super) fn check_distinct(callers: &[CallerToken]) -> Result<(), AccessError> {
    if callers.is_empty() {
        return Err(AccessError::NoCallers);
    }
    for (index, caller) in callers.iter().enumerate() {
        for earlier in callers.iter().take(index) {
            let same = |what| Err(AccessError::SameCaller(earlier.name.clone(), caller.name.clone(), what));
            if earlier.name == caller.name {
                return same("name");
            }
            if earlier.digest == caller.digest {
                return same("token");
            }
        }
    }
    Ok(())
}

/// What stands for a token wherever it would have to be kept.
pub(super) fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn from_hex(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}
