use std::collections::BTreeMap;
use std::sync::Arc;

use super::Function;
use crate::{Context, ToolError, Toolset};

/// What is being typed into an argument of a prompt or a variable of a resource template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompletionRequest {
    /// What was typed so far.
    pub typed: String,
    /// The other arguments or variables that are filled in already, by name.
    pub others: BTreeMap<String, String>,
}

/// Gives the values that there are.
#[derive(Clone)]
pub(crate) struct Completer(pub(crate) Function<CompletionRequest, Vec<String>>);

impl Completer {
    pub(super) fn new<F, R>(values: F) -> Self
    where
        F: Fn(CompletionRequest, Context, Toolset) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<String>, ToolError>> + Send + 'static,
    {
        Self(Arc::new(move |request, context, toolset| Box::pin(values(request, context, toolset))))
    }
}
