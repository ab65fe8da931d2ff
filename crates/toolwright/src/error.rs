//! The one shape of everything that goes wrong with a call.

mod failure;
mod refused;
mod retry_after;
mod scrub;
mod status;
mod words;

use std::fmt;
use std::ops::Deref;

use serde::{Serialize, Serializer};
use serde_json::Value;

pub(crate) use failure::{from_failure, internal, repeating_after_success};
pub(crate) use refused::{
    declined, insufficient_scope, invalid_arguments, invalid_mismatch, refused_by_policy,
};
pub(crate) use scrub::Scrubber;
pub(crate) use status::from_status;
pub(crate) use words::plain_text;

/// Why a call of a tool has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CallError {
    /// There is no tool of this name.
    #[error("there is no tool `{name}`{}", crate::nearest::did_you_mean(suggestions))]
    UnknownTool {
        /// The name that was asked for, shortened and without control characters.
        name: String,
        /// Tools that the caller may call and whose names are near.
        suggestions: Vec<String>,
    },
    /// The tool was refused, or it failed.
    #[error(transparent)]
    Tool(#[from] ToolError),
}

/// A failed call, in the words and with the facts that a model needs to go on.
///
/// Serialises as an object with `kind` and `message`, and with those of the other members that are known.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ToolError(Box<Details>);

/// The members of a [`ToolError`], which dereferences to them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Details {
    /// What sort of failure it is.
    pub kind: ErrorKind,
    /// What happened and what to do next, with the upstream's own words. Never holds a secret.
    pub message: String,
    /// The API's own words alone, which the message has with more around them.
    #[serde(skip)]
    pub said: Option<String>,
    /// What is wrong with the arguments, one entry a place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// The HTTP status that the API answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The API's own error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// After how many seconds the API wants to be asked again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
    /// The scopes that the tool needs and the caller lacks; all that it needs where the API refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub required_scopes: Vec<String>,
    /// What the client would have to be able to do, in the form in which it declares its capabilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_capabilities: Option<Value>,
    /// By which the API's operators find the request in their logs; where the API was not asked, the name that the
    /// caller's context gives the request, which behind an MCP server is always there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// A page that says more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
}

/// What is wrong with one argument, or one place inside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// Where it stands in the arguments, as a JSON pointer; empty for the arguments as a whole.
    pub pointer: String,
    /// What was expected, what came, and what to write instead.
    pub message: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            return formatter.write_str(&self.message);
        }
        write!(formatter, "{}: {}", self.pointer, self.message)
    }
}

/// The sorts of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The arguments do not fit; the API may have been the one to say so.
    InvalidArguments,
    /// The API does not know the credential, or it has expired.
    Unauthenticated,
    /// The credential lacks a scope.
    InsufficientScope,
    /// What was asked for does not exist.
    NotFound,
    /// The state of things does not allow it.
    Conflict,
    /// Too many calls in a short time.
    RateLimited,
    /// The API cannot be reached, or says that it is not available.
    UpstreamUnavailable,
    /// No answer in time.
    Timeout,
    /// The API failed, or its answer cannot be read.
    UpstreamError,
    /// The answer is larger than may be handed over.
    ResponseTooLarge,
    /// The person who runs this server has switched the tool off.
    RefusedByPolicy,
    /// The caller took the call back.
    Cancelled,
    /// The user was asked and said no.
    Declined,
    /// The client has to answer a question first, and then calls again.
    InputRequired,
    /// The client cannot be asked what the tool needs to know.
    MissingCapability,
    /// The client failed to answer a question, or its answer cannot be used.
    ClientError,
    /// A defect of this server.
    Internal,
}

impl ErrorKind {
    /// The word used in results.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArguments => "invalid_arguments",
            Self::Unauthenticated => "unauthenticated",
            Self::InsufficientScope => "insufficient_scope",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::UpstreamUnavailable => "upstream_unavailable",
            Self::Timeout => "timeout",
            Self::UpstreamError => "upstream_error",
            Self::ResponseTooLarge => "response_too_large",
            Self::RefusedByPolicy => "refused_by_policy",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::InputRequired => "input_required",
            Self::MissingCapability => "missing_capability",
            Self::ClientError => "client_error",
            Self::Internal => "internal",
        }
    }
}

impl Serialize for ErrorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl ToolError {
    /// An error of this kind. The message says what happened and what to do next, and holds no secret.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind,
            message: message.into(),
            said: None,
            problems: Vec::new(),
            status: None,
            code: None,
            retry_after_s: None,
            required_scopes: Vec::new(),
            required_capabilities: None,
            request_id: None,
            docs: None,
        }))
    }

    /// Changes members other than kind and message.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(&mut self.0);
        self
    }
}

impl Deref for ToolError {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ToolError {}
