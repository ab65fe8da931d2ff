//! A tool as a toolset has it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use toolwright_catalog as catalog;
use toolwright_catalog::{Argument, Body, Effect, Location, Media, Operation, Response};

use crate::api::Invoke;
use crate::hand_written::Handler;
use crate::policy::Refusal;
use crate::schema::Schema;

/// One tool of a [`Toolset`](crate::Toolset): what it is, and (privately) how it is checked and called.
#[derive(Debug)]
#[non_exhaustive]
pub struct Tool {
    /// The name, `^[a-z][a-z0-9_]{0,63}$`, unique in the toolset.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// What it does, when to use it and what it returns, for the model that has to choose.
    pub description: String,
    /// The domain it belongs to; empty for a hand-written tool that names none.
    pub domain: String,
    /// The operation behind it; `None` for a hand-written tool.
    pub operation: Option<Operation>,
    /// The scopes a credential needs, all of them.
    pub scopes: Vec<String>,
    /// What a call does.
    pub effect: Effect,
    /// Whether repeating a call changes nothing more.
    pub idempotent: bool,
    /// Whether a call reaches people or systems beyond the API itself.
    pub open_world: bool,
    /// How long a call may take, where that is not the general limit of the caller's upstream. A deadline of the caller
    /// holds all the same.
    pub timeout: Option<Duration>,
    /// The arguments, in the order in which they are shown, with those that are fixed and hidden.
    pub arguments: Vec<Argument>,
    /// The schema of the arguments: JSON Schema 2020-12 with an object at its root.
    pub input_schema: Arc<Map<String, Value>>,
    /// The schema of the structured result, where the toolset publishes one.
    pub output_schema: Option<Arc<Map<String, Value>>>,
    pub(crate) input: Schema,
    /// What the input schema must not say at its root; see [`catalog::Tool::condition`].
    pub(crate) condition: Option<Schema>,
    pub(crate) variants: Option<Variants>,
    pub(crate) output: Option<Schema>,
    pub(crate) run: Run,
    /// Why the policy leaves it out.
    pub(crate) refusal: Option<Refusal>,
    /// Whether the policy lets it run only with the user's consent.
    pub(crate) needs_consent: bool,
}

/// The alternatives of a union body; see [`catalog::Variants`].
#[derive(Debug)]
pub(crate) struct Variants {
    pub(crate) argument: String,
    pub(crate) schemas: Vec<(String, Schema)>,
}

/// How a tool is called.
pub(crate) enum Run {
    Operation { invoke: Invoke, body: Option<Body>, response: Response, media: Option<Media> },
    HandWritten(Handler),
}

impl Tool {
    pub(crate) fn from_catalog(tool: catalog::Tool, invoke: Invoke, publishes_output: bool) -> Self {
        let input_schema = Arc::new(tool.input_schema);
        let output_schema = tool.output_schema.filter(|_| publishes_output).map(Arc::new);
        Self {
            name: tool.name,
            title: tool.title,
            description: tool.description,
            domain: tool.domain,
            operation: Some(tool.operation),
            scopes: tool.scopes,
            effect: tool.effect,
            idempotent: tool.idempotent,
            open_world: tool.open_world,
            timeout: tool.timeout_s.map(|seconds| Duration::from_secs(seconds.into())),
            arguments: tool.arguments,
            input: Schema::new(Arc::clone(&input_schema)),
            condition: tool.condition.map(|condition| Schema::new(Arc::new(condition))),
            variants: tool.variants.map(Variants::from_catalog),
            output: output_schema.clone().map(Schema::new),
            input_schema,
            output_schema,
            run: Run::Operation { invoke, body: tool.body, response: tool.response, media: tool.media },
            refusal: None,
            needs_consent: tool.confirm,
        }
    }

    /// The request body of the operation, where it has one.
    pub(crate) fn body(&self) -> Option<&Body> {
        match &self.run {
            Run::Operation { body, .. } => body.as_ref(),
            Run::HandWritten(_) => None,
        }
    }

    /// What a success looks like on the wire, where the tool has an operation.
    pub(crate) fn response(&self) -> Option<&Response> {
        match &self.run {
            Run::Operation { response, .. } => Some(response),
            Run::HandWritten(_) => None,
        }
    }

    /// How a part of a JSON result becomes an image.
    pub(crate) fn media(&self) -> Option<&Media> {
        match &self.run {
            Run::Operation { media, .. } => media.as_ref(),
            Run::HandWritten(_) => None,
        }
    }

    /// Whether the policy lets it run only with the user's consent.
    pub fn asks_first(&self) -> bool {
        self.needs_consent
    }

    /// The argument that goes to the header which makes repeating a call safe, where the model can give it.
    pub(crate) fn idempotency_argument(&self) -> Option<&Argument> {
        let header = self.operation.as_ref()?.idempotency_header.as_ref()?;
        let is_key = |argument: &&Argument| argument.location == Location::Header && argument.wire == *header;
        self.arguments.iter().find(is_key)
    }

    /// The vendor's page about the operation.
    pub(crate) fn docs(&self) -> Option<&str> {
        self.operation.as_ref()?.docs.as_deref()
    }
}

impl Variants {
    fn from_catalog(variants: catalog::Variants) -> Self {
        let schemas = variants.schemas.into_iter().filter_map(|(value, schema)| match schema {
            Value::Object(schema) => Some((value, Schema::new(Arc::new(schema)))),
            // `true`: nothing more to check.
            _ => None,
        });
        Self { argument: variants.argument, schemas: schemas.collect() }
    }

    /// The schema of the alternative that the arguments chose.
    pub(crate) fn chosen(&self, arguments: &Value) -> Option<(&str, &Schema)> {
        let chosen = arguments.get(&self.argument)?.as_str()?;
        self.schemas.iter().find(|(value, _)| value == chosen).map(|(value, schema)| (value.as_str(), schema))
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation { invoke, .. } => formatter.debug_tuple("Operation").field(invoke).finish(),
            Self::HandWritten(_) => formatter.write_str("HandWritten"),
        }
    }
}
