//! Answers whose status says that the call failed.

use std::time::SystemTime;

use toolwright_client::{Captured, StatusCode};

use super::failure::repeating;
use super::retry_after::retry_after_s;
use super::words::Words;
use super::{ErrorKind, Scrubber, ToolError};
use crate::arguments::IdempotencyKey;
use crate::tool::Tool;

/// An answer with a status other than success.
pub(crate) fn from_status(
    tool: &Tool,
    answer: &Captured,
    request_id: String,
    scrubber: &Scrubber<'_>,
    key: Option<&IdempotencyKey>,
) -> ToolError {
    let kind = ErrorKind::of_status(answer.status);
    let words = Words::from_body(&answer.body, scrubber);
    let retry_after_s = retry_after_s(&answer.headers, SystemTime::now());
    let said = words.message.as_ref().map(|said| format!(": {said}")).unwrap_or_default();
    let message = format!(
        "the API answered {}{}. {}",
        status_line(answer.status),
        said.trim_end_matches('.'),
        remedy(kind, answer.status, tool, retry_after_s, key)
    );
    ToolError::new(kind, message).with(|details| {
        details.status = Some(answer.status.as_u16());
        details.said = words.message;
        details.code = words.code;
        details.retry_after_s = retry_after_s;
        details.request_id = Some(request_id);
        details.docs = words.docs.or_else(|| tool.docs().map(str::to_owned));
        if kind == ErrorKind::InsufficientScope {
            details.required_scopes.clone_from(&tool.scopes);
        }
    })
}

impl ErrorKind {
    /// What an answer with this status means, where it is no success.
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            400 | 422 => Self::InvalidArguments,
            401 => Self::Unauthenticated,
            403 => Self::InsufficientScope,
            404 | 410 => Self::NotFound,
            408 | 504 => Self::Timeout,
            409 => Self::Conflict,
            429 => Self::RateLimited,
            502 | 503 => Self::UpstreamUnavailable,
            _ => Self::UpstreamError,
        }
    }
}

fn status_line(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// What to do next.
fn remedy(
    kind: ErrorKind,
    status: StatusCode,
    tool: &Tool,
    retry_after_s: Option<u64>,
    key: Option<&IdempotencyKey>,
) -> String {
    match kind {
        ErrorKind::InvalidArguments => "Change the arguments before you call again".to_owned(),
        ErrorKind::Unauthenticated => {
            "The credential is missing, wrong or expired: tell the user to check it; calling again does not help".to_owned()
        }
        ErrorKind::InsufficientScope if tool.scopes.is_empty() => {
            "The credential or the account may not do this: tell the user; calling again does not help".to_owned()
        }
        ErrorKind::InsufficientScope => format!(
            "`{}` needs a credential with the scope `{}` and an account that may do this: tell the user; calling \
             again does not help",
            tool.name,
            tool.scopes.join(" ")
        ),
        ErrorKind::NotFound => {
            "Check the identifiers in the arguments; tools that list things show which exist".to_owned()
        }
        ErrorKind::Conflict => "Look at the present state before you call again".to_owned(),
        ErrorKind::RateLimited => match retry_after_s {
            Some(seconds) => format!("Nothing was done; call again after {seconds} s"),
            None => "Nothing was done; call again later, and less often".to_owned(),
        },
        ErrorKind::UpstreamError if status.is_client_error() || status == StatusCode::NOT_IMPLEMENTED => {
            "Nothing was done, and calling again in the same way does not help".to_owned()
        }
        _ => match retry_after_s {
            Some(seconds) => format!("The API asks for {seconds} s before the next call. {}", repeating(tool, key)),
            None => repeating(tool, key).into_owned(),
        },
    }
}
