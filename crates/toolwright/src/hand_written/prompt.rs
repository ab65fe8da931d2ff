use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rmcp::model::PromptMessage;
use toolwright_catalog::PromptArgument;

use super::Function;
use super::completion::{Completer, CompletionRequest};
use crate::{Context, ToolError, Toolset};

/// A prompt that is made by a function instead of a template.
///
/// ```
/// use toolwright::model::{PromptMessage, Role};
/// use toolwright::{Context, HandWrittenPrompt, PromptRequest, ToolError, Toolset};
///
/// async fn greet(request: PromptRequest, _: Context, _: Toolset) -> Result<Vec<PromptMessage>, ToolError> {
///     let text = format!("Greet {}.", request.arguments["name"]);
///     Ok(vec![PromptMessage::new_text(Role::User, text)])
/// }
///
/// let prompt = HandWrittenPrompt::new("greet", "Writes a greeting.", greet).argument("name", "Whom to greet.", true);
/// ```
#[derive(Clone)]
pub struct HandWrittenPrompt {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: String,
    pub(crate) arguments: Vec<PromptArgument>,
    pub(crate) scopes: Vec<String>,
    pub(crate) completers: Vec<(String, Completer)>,
    pub(crate) handler: Function<PromptRequest, Vec<PromptMessage>>,
}

/// What a prompt is filled in with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PromptRequest {
    /// The arguments that were given, by name: those that are required, and no others than the prompt has.
    pub arguments: BTreeMap<String, String>,
}

impl HandWrittenPrompt {
    /// A prompt without arguments that needs no scope. The function may ask the client questions.
    pub fn new<F, R>(name: impl Into<String>, description: impl Into<String>, handler: F) -> Self
    where
        F: Fn(PromptRequest, Context, Toolset) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<PromptMessage>, ToolError>> + Send + 'static,
    {
        Self {
            name: name.into(),
            title: None,
            description: description.into(),
            arguments: Vec::new(),
            scopes: Vec::new(),
            completers: Vec::new(),
            handler: Arc::new(move |request, context, toolset| Box::pin(handler(request, context, toolset))),
        }
    }

    /// A title for people.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument(
        mut self,
        name: impl Into<String>,
        description: impl Into<String>,
        required: bool,
    ) -> Self {
        self.arguments.push(PromptArgument { name: name.into(), description: description.into(), required });
        self
    }

    /// The scopes that a caller needs, all of them. To others the prompt does not exist.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// How the values of an argument are completed: the function gives those that there are, of which the client is
    /// shown those that begin with what was typed.
    #[must_use]
    pub fn complete<F, R>(mut self, argument: impl Into<String>, values: F) -> Self
    where
        F: Fn(CompletionRequest, Context, Toolset) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<String>, ToolError>> + Send + 'static,
    {
        self.completers.push((argument.into(), Completer::new(values)));
        self
    }
}

impl fmt::Debug for HandWrittenPrompt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HandWrittenPrompt").field("name", &self.name).finish_non_exhaustive()
    }
}
