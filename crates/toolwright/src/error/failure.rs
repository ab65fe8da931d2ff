//! Calls that ended without an answer.

use std::borrow::Cow;

use toolwright_catalog::Effect;
use toolwright_client::Failure;

use super::{ErrorKind, ToolError};
use crate::arguments::IdempotencyKey;
use crate::output::paging_hint;
use crate::tool::Tool;

/// A call that got no answer, or none that may be read.
pub(crate) fn from_failure(
    tool: &Tool,
    failure: &Failure,
    request_id: &str,
    key: Option<&IdempotencyKey>,
) -> ToolError {
    let message = match failure {
        Failure::RouteEscape { .. } | Failure::InvalidRequest(_) => {
            format!("`{}` was not called: {failure}", tool.name)
        }
        Failure::Connect(_) => format!(
            "{failure}. Nothing was done; try again later, and if it lasts, tell the user to check the API's address and \
             the network"
        ),
        Failure::Transport(_) | Failure::Timeout { .. } => format!("{failure}. {}", repeating(tool, key)),
        Failure::Cancelled => "the call was cancelled by the caller".to_owned(),
        Failure::TooLarge { .. } => {
            format!("{failure}; it was not read further. {}", paging_hint(tool, "Ask for less"))
        }
        _ => format!("the call failed: {failure}. {}", repeating(tool, key)),
    };
    let kind = ErrorKind::of_failure(failure);
    ToolError::new(kind, message).with(|details| details.request_id = Some(request_id.to_owned()))
}

impl ToolError {
    /// A request in the place of a call of this tool that got no answer, or none that may be read.
    pub fn no_answer(tool: &Tool, failure: &Failure, request_id: &str) -> Self {
        from_failure(tool, failure, request_id, None)
    }
}

impl ErrorKind {
    /// What it means that a request got no answer, or none that may be read.
    pub fn of_failure(failure: &Failure) -> Self {
        match failure {
            Failure::RouteEscape { .. } | Failure::InvalidRequest(_) => Self::InvalidArguments,
            Failure::Connect(_) | Failure::Transport(_) => Self::UpstreamUnavailable,
            Failure::Timeout { .. } => Self::Timeout,
            Failure::Cancelled => Self::Cancelled,
            Failure::TooLarge { .. } => Self::ResponseTooLarge,
            _ => Self::UpstreamError,
        }
    }
}

/// A defect of this server, not of the caller or the API.
pub(crate) fn internal(message: impl std::fmt::Display) -> ToolError {
    ToolError::new(
        ErrorKind::Internal,
        format!(
            "this server has a defect: {message}. The call cannot work; tell the person who runs the server"
        ),
    )
}

/// Whether to call again when it is not known what became of the first call.
pub(super) fn repeating(tool: &Tool, key: Option<&IdempotencyKey>) -> Cow<'static, str> {
    if tool.effect == Effect::Read {
        "It is safe to try again".into()
    } else if tool.idempotent {
        "It is not known whether it was done; repeating the call is safe".into()
    } else if let Some(key) = key {
        format!("It is not known whether it was done; repeating the call is safe with {}", with(key)).into()
    } else {
        "It is not known whether it was done: look before you repeat the call, or it may be done twice".into()
    }
}

/// What to add to the arguments so that the API knows the call again.
fn with(key: &IdempotencyKey) -> String {
    format!("the same arguments and `{}`: {:?}", key.argument, key.value)
}

/// Whether to call again when the API says that it was done but its answer cannot be read.
pub(crate) fn repeating_after_success(tool: &Tool, key: Option<&IdempotencyKey>) -> Cow<'static, str> {
    if tool.effect == Effect::Read {
        "Tell the user to check the API's address, or try again".into()
    } else if let Some(key) = key {
        format!("The call has probably been carried out; repeating it is safe with {}", with(key)).into()
    } else {
        "The call has probably been carried out: look before you repeat it, or it may be done twice".into()
    }
}
