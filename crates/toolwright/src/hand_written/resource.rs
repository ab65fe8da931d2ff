use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rmcp::model::ResourceContents;

use super::Function;
use super::completion::{Completer, CompletionRequest};
use crate::{Context, ToolError, Toolset};

/// A resource, or resource template, that no operation stands behind.
///
/// ```
/// use toolwright::model::ResourceContents;
/// use toolwright::{Context, HandWrittenResource, ResourceRequest, ToolError, Toolset};
///
/// async fn note(request: ResourceRequest, _: Context, _: Toolset) -> Result<Vec<ResourceContents>, ToolError> {
///     let text = format!("Note {}", request.variables["id"]);
///     Ok(vec![ResourceContents::text(text, request.uri)])
/// }
///
/// let notes = HandWrittenResource::new("notes://{id}", "note", note).title("A note").scopes(["notes:read"]);
/// ```
#[derive(Clone)]
pub struct HandWrittenResource {
    pub(crate) uri: String,
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) mime_type: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) completers: Vec<(String, Completer)>,
    pub(crate) handler: Function<ResourceRequest, Vec<ResourceContents>>,
}

/// What is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceRequest {
    /// The URI as the client wrote it.
    pub uri: String,
    /// The values of the template's variables, decoded. A value is never empty.
    pub variables: BTreeMap<String, String>,
}

impl HandWrittenResource {
    /// A resource that needs no scope. The URI is a template where it holds `{variable}`s, each of which stands for text
    /// without `/`. The name is a short one, unique among the resources.
    ///
    /// The function gives the contents, or an error; one of kind [`NotFound`](crate::ErrorKind::NotFound) says that
    /// the template has nothing at this URI. It may ask the client questions.
    pub fn new<F, R>(uri: impl Into<String>, name: impl Into<String>, handler: F) -> Self
    where
        F: Fn(ResourceRequest, Context, Toolset) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<ResourceContents>, ToolError>> + Send + 'static,
    {
        Self {
            uri: uri.into(),
            name: name.into(),
            title: None,
            description: None,
            mime_type: None,
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

    /// What reading it returns.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The media type of the contents, where all have one.
    #[must_use]
    pub fn mime_type(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = Some(mime_type.into());
        self
    }

    /// The scopes that a caller needs, all of them. To others the resource does not exist.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// How the values of a template's variable are completed: the function gives those that there are, of which the
    /// client is shown those that begin with what was typed.
    #[must_use]
    pub fn complete<F, R>(mut self, variable: impl Into<String>, values: F) -> Self
    where
        F: Fn(CompletionRequest, Context, Toolset) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<String>, ToolError>> + Send + 'static,
    {
        self.completers.push((variable.into(), Completer::new(values)));
        self
    }

    /// What is wrong with it, if anything.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        let mut depth = 0_i32;
        let nests = self.uri.chars().any(|character| {
            depth += i32::from(character == '{') - i32::from(character == '}');
            !(0..=1).contains(&depth)
        });
        if nests || depth != 0 || self.uri.contains("{}") {
            return Some("the braces of its URI do not enclose names of variables");
        }
        (!self.uri.contains(':')).then_some("its URI has no scheme")
    }
}

impl fmt::Debug for HandWrittenResource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HandWrittenResource").field("uri", &self.uri).finish_non_exhaustive()
    }
}
