//! Errors that are found before anything is sent.

use std::fmt::Write;

use super::{ErrorKind, Problem, ToolError};
use crate::arguments::Mismatch;
use crate::policy::Refusal;
use crate::tool::Tool;

/// The policy leaves the tool out.
pub(crate) fn refused_by_policy(tool: &Tool, refusal: &Refusal) -> ToolError {
    ToolError::new(
        ErrorKind::RefusedByPolicy,
        format!(
            "`{}` was not called: {refusal}. Only the person who runs this server can change that; use another tool \
             or tell the user",
            tool.name
        ),
    )
}

/// The user did not agree to the call.
pub(crate) fn declined(tool: &Tool) -> ToolError {
    ToolError::new(
        ErrorKind::Declined,
        format!(
            "`{}` was not called: the user was asked and did not agree. Do not call it again unless the user asks for it",
            tool.name
        ),
    )
}

/// The caller lacks scopes.
pub(crate) fn insufficient_scope(tool: &Tool, missing: &[&str]) -> ToolError {
    let scopes = missing.join(" ");
    ToolError::new(
        ErrorKind::InsufficientScope,
        format!(
            "`{}` was not called: it needs the scope `{scopes}`, which was not granted. Ask the user for a key or a \
             grant that has it",
            tool.name
        ),
    )
    .with(|details| details.required_scopes = missing.iter().map(|scope| (*scope).to_owned()).collect())
}

/// The arguments do not fit, for these problems, which may not be all.
pub(crate) fn invalid_arguments(tool: &Tool, problems: Vec<Problem>, is_all: bool) -> ToolError {
    let mut message = format!("`{}` was not called, because its arguments do not fit:", tool.name);
    for problem in &problems {
        // Writing to a string does not fail.
        let _ = write!(message, "\n- {problem}");
    }
    if !is_all {
        message.push_str("\n- and more");
    }
    ToolError::new(ErrorKind::InvalidArguments, message).with(|details| {
        details.problems = problems;
        details.docs = tool.docs().map(str::to_owned);
    })
}

/// An argument fits the schema but not what is made of it.
pub(crate) fn invalid_mismatch(tool: &Tool, mismatch: Mismatch) -> ToolError {
    invalid_arguments(tool, vec![Problem::new(mismatch.pointer, mismatch.message)], true)
}

impl From<Mismatch> for ToolError {
    /// For hand-written tools, which take their arguments themselves.
    fn from(mismatch: Mismatch) -> Self {
        let problem = Problem::new(mismatch.pointer, mismatch.message);
        Self::new(ErrorKind::InvalidArguments, format!("the arguments do not fit:\n- {problem}"))
            .with(|details| details.problems = vec![problem])
    }
}
