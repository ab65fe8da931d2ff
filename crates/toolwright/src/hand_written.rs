//! Tools, resources and prompts that no operation stands behind.

mod completion;
mod prompt;
mod resource;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value, json};
use toolwright_catalog::Effect;

use crate::schema::Schema;
use crate::tool::Run;
use crate::{Arguments, Context, Output, Tool, ToolError, Toolset};

pub(crate) use completion::Completer;
pub use completion::CompletionRequest;
pub use prompt::{HandWrittenPrompt, PromptRequest};
pub use resource::{HandWrittenResource, ResourceRequest};

/// A tool that no operation stands behind, such as one that composes two endpoints. It joins a toolset beside the
/// generated ones and obeys the same rules: scopes, policy, checked arguments.
///
/// ```
/// use serde_json::json;
/// use toolwright::{Arguments, Context, HandWritten, Output, ToolError, Toolset};
///
/// async fn shout(mut arguments: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
///     let text: String = arguments.take("text")?;
///     Ok(Output::json(json!({ "loud": text.to_uppercase() })))
/// }
///
/// let tool = HandWritten::new("shout", "Says it louder.", shout)
///     .title("Shout")
///     .scopes(["messages:write"])
///     .input_schema(json!({
///         "type": "object",
///         "properties": { "text": { "type": "string" } },
///         "required": ["text"],
///         "additionalProperties": false
///     }));
/// ```
#[derive(Clone)]
pub struct HandWritten {
    name: String,
    title: Option<String>,
    description: String,
    domain: String,
    scopes: Vec<String>,
    effect: Effect,
    idempotent: bool,
    open_world: bool,
    confirm: bool,
    after: Option<String>,
    input_schema: Value,
    output_schema: Option<Value>,
    handler: Handler,
}

/// A function from what was asked, by whom, to what is answered.
pub(crate) type Function<I, O> =
    Arc<dyn Fn(I, Context, Toolset) -> BoxFuture<'static, Result<O, ToolError>> + Send + Sync>;

pub(crate) type Handler = Function<Arguments, Output>;

impl HandWritten {
    /// A tool that takes no argument, needs no scope, writes, and stays within the API, until told otherwise.
    ///
    /// The name has the form `^[a-z][a-z0-9_]{0,63}$`. The function may call other tools of the toolset, and may talk to
    /// the client in between: see [`Context::conversation`].
    pub fn new<F, R>(name: impl Into<String>, description: impl Into<String>, handler: F) -> Self
    where
        F: Fn(Arguments, Context, Toolset) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Output, ToolError>> + Send + 'static,
    {
        Self {
            name: name.into(),
            title: None,
            description: description.into(),
            domain: String::new(),
            scopes: Vec::new(),
            effect: Effect::Write,
            idempotent: false,
            open_world: false,
            confirm: false,
            after: None,
            input_schema: json!({ "type": "object", "properties": {}, "additionalProperties": false }),
            output_schema: None,
            handler: Arc::new(move |arguments, context, toolset| {
                Box::pin(handler(arguments, context, toolset))
            }),
        }
    }

    /// A title for people; the name if not set.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The domain it belongs to, which policies choose by. Without one it is in every toolset of the document.
    #[must_use]
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.domain = domain.into();
        self
    }

    /// The scopes that a caller needs, all of them.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// What a call does, and whether repeating it changes nothing more.
    #[must_use]
    pub fn effect(mut self, effect: Effect, idempotent: bool) -> Self {
        self.effect = effect;
        self.idempotent = idempotent;
        self
    }

    /// Whether a call reaches people or systems beyond the API itself.
    #[must_use]
    pub fn open_world(mut self, open_world: bool) -> Self {
        self.open_world = open_world;
        self
    }

    /// Whether it runs only after the user has agreed to the call, as with [`Policy::confirm`](crate::Policy::confirm).
    #[must_use]
    pub fn confirm(mut self, confirm: bool) -> Self {
        self.confirm = confirm;
        self
    }

    /// Lists it after this tool, instead of by name.
    #[must_use]
    pub fn after(mut self, tool: impl Into<String>) -> Self {
        self.after = Some(tool.into());
        self
    }

    /// The schema of the arguments: JSON Schema 2020-12 with an object at its root.
    #[must_use]
    pub fn input_schema(mut self, schema: Value) -> Self {
        self.input_schema = schema;
        self
    }

    /// The schema of the structured result: JSON Schema 2020-12 with an object at its root.
    #[must_use]
    pub fn output_schema(mut self, schema: Value) -> Self {
        self.output_schema = Some(schema);
        self
    }

    /// The name, which nothing has checked yet.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The tool that it is listed after, which nothing has checked yet.
    pub(crate) fn listed_after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The tool, with its schemas compiled: they were written by hand, so that a mistake in them shows at once.
    pub(crate) fn into_tool(self, publishes_output: bool) -> Result<Tool, String> {
        let input_schema = object_schema(self.input_schema, "input schema")?;
        let output_schema =
            self.output_schema.map(|schema| object_schema(schema, "output schema")).transpose()?;
        let output_schema = output_schema.filter(|_| publishes_output);
        let input = Schema::new(Arc::clone(&input_schema));
        let output = output_schema.clone().map(Schema::new);
        for (schema, which) in [(Some(&input), "input schema"), (output.as_ref(), "output schema")] {
            if let Some(Err(error)) = schema.map(Schema::validator) {
                return Err(format!("its {which} is wrong at {error}"));
            }
        }
        Ok(Tool {
            title: self.title.unwrap_or_else(|| self.name.clone()),
            name: self.name,
            description: self.description,
            domain: self.domain,
            operation: None,
            scopes: self.scopes,
            effect: self.effect,
            idempotent: self.idempotent,
            open_world: self.open_world,
            timeout: None,
            arguments: Vec::new(),
            input_schema,
            output_schema,
            input,
            condition: None,
            variants: None,
            output,
            run: Run::HandWritten(self.handler),
            refusal: None,
            needs_consent: self.confirm,
        })
    }
}

fn object_schema(schema: Value, which: &str) -> Result<Arc<Map<String, Value>>, String> {
    match schema {
        Value::Object(schema) if schema.get("type").is_some_and(|kind| kind == "object") => {
            Ok(Arc::new(schema))
        }
        _ => Err(format!("its {which} does not have `\"type\": \"object\"` at its root")),
    }
}

impl fmt::Debug for HandWritten {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HandWritten").field("name", &self.name).finish_non_exhaustive()
    }
}
