//! Refusals for want of a credential or a scope, with the challenge that tells clients how to get it.

use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode};
use toolwright::Granted;

use super::bearer::Problem;
use super::oauth::Rejected;
use crate::Refusal;

/// When to come back after the authorization server could not be asked.
const COME_BACK_AFTER: Duration = Duration::from_secs(10);

/// What challenges say besides the error.
#[derive(Debug, Clone, Default)]
pub(super) struct Challenge {
    /// Where the metadata of the resource is.
    pub(super) resource_metadata: Option<String>,
    /// The scopes to ask for at first.
    pub(super) initial_scopes: Vec<String>,
}

impl Challenge {
    /// The token is missing, or cannot be read.
    pub(super) fn no_token(&self, problem: Problem) -> Refusal {
        let text = problem.to_string();
        if problem == Problem::Missing {
            return unauthenticated(text).with_challenge(self.bearer(None, &self.initial_scopes));
        }
        let message = format!("the token in `Authorization` cannot be used: {text}");
        unreadable(message).with_challenge(self.bearer(Some(("invalid_request", &text)), &[]))
    }

    /// A token came that is not accepted.
    pub(super) fn invalid_token(&self, why: &str) -> Refusal {
        let message = format!("the token is not accepted: {why}");
        unauthenticated(message)
            .with_challenge(self.bearer(Some(("invalid_token", why)), &self.initial_scopes))
    }

    /// A token was refused, or the authorization server could not be asked about it.
    pub(super) fn rejected(&self, rejected: &Rejected) -> Refusal {
        match rejected {
            Rejected::Token(problem) => self.invalid_token(&problem.to_string()),
            Rejected::Unavailable(why) => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Refusal::new(status, -32_004, "upstream_unavailable", *why).with_retry_after(COME_BACK_AFTER)
            }
        }
    }

    /// The caller lacks scopes. All that the operation needs stand in the challenge, as clients ask for them at once.
    pub(super) fn insufficient_scope(
        &self,
        needed: &[String],
        missing: &[&str],
        granted: &Granted,
    ) -> Refusal {
        let list = missing.join(" ");
        let message = if granted.allows(missing) {
            format!("this call needs scopes that the caller was not granted: {list}")
        } else {
            format!("this call needs scopes that this server grants to no caller: {list}")
        };
        let description = format!("scopes are missing: {list}");
        Refusal::new(StatusCode::FORBIDDEN, -32_003, "insufficient_scope", message)
            .with_data("required_scopes", missing)
            .with_challenge(self.bearer(Some(("insufficient_scope", &description)), needed))
    }

    fn bearer(&self, error: Option<(&str, &str)>, scopes: &[String]) -> HeaderValue {
        let mut parameters = Vec::new();
        if let Some((error, _)) = error {
            parameters.push(format!("error={}", quoted(error)));
        }
        if !scopes.is_empty() {
            parameters.push(format!("scope={}", quoted(&scopes.join(" "))));
        }
        if let Some(url) = &self.resource_metadata {
            parameters.push(format!("resource_metadata={}", quoted(url)));
        }
        if let Some((_, description)) = error {
            parameters.push(format!("error_description={}", quoted(description)));
        }
        if parameters.is_empty() {
            // RFC 6750 wants at least one parameter.
            parameters.push("realm=\"mcp\"".to_owned());
        }
        value(&format!("Bearer {}", parameters.join(", ")))
    }
}

/// The key of the API is missing, which is the only credential in this mode.
pub(super) fn missing_key(name: &HeaderName) -> Refusal {
    let message = format!("no credential came: send your key of the API in the header `{name}`");
    // Not `Bearer`, as that sends clients to look for an authorization server.
    let challenge = format!("ApiKey in=\"header\", name={}", quoted(name.as_str()));
    unauthenticated(message).with_challenge(value(&challenge))
}

/// The key of the API is missing beside a valid token. Not 401: another token would not help.
pub(super) fn missing_key_beside_token(name: &HeaderName) -> Refusal {
    let message = format!(
        "the token is valid, but your key of the API is missing: configure your client to send it in the header `{name}`"
    );
    Refusal::new(StatusCode::BAD_REQUEST, -32_001, "unauthenticated", message)
}

/// The key of the API cannot be read.
pub(super) fn unreadable_key(name: &HeaderName, problem: Problem) -> Refusal {
    unreadable(format!("the key in `{name}` cannot be used: {problem}"))
}

fn unauthenticated(message: String) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, -32_001, "unauthenticated", message)
}

fn unreadable(message: String) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, -32_600, "invalid_request", message)
}

/// A text in quotes, of the characters that RFC 6750 allows there.
fn quoted(text: &str) -> String {
    let allowed = |character: char| match character {
        '"' | '\\' => '\'',
        ' '..='~' => character,
        _ => '?',
    };
    format!("\"{}\"", text.chars().map(allowed).collect::<String>())
}

fn value(challenge: &str) -> HeaderValue {
    HeaderValue::from_str(challenge).unwrap_or_else(|_| HeaderValue::from_static("Bearer"))
}
