//! The questions that a client can be asked, and its answers.

use std::sync::Arc;

use rmcp::model::{
    ClientCapabilities, CreateMessageRequest, CreateMessageRequestParams, ElicitRequest, ElicitRequestParams,
    ElicitResult, ElicitationAction, InputRequest, ListRootsRequest, ListRootsResult, Root, ServerRequest,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::ToolError;
use crate::error::internal;
use crate::schema::{Schema, shorten};

/// What the user did with a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Elicited {
    /// Filled it in. The fields fit the schema of the form.
    Accepted(Map<String, Value>),
    /// Said no.
    Declined,
    /// Closed it without a decision.
    Cancelled,
}

impl Elicited {
    /// The fields, if the user filled them in.
    pub fn accepted(self) -> Option<Map<String, Value>> {
        match self {
            Self::Accepted(fields) => Some(fields),
            Self::Declined | Self::Cancelled => None,
        }
    }
}

/// A request that a server makes of a client.
pub(super) enum Question {
    Form(Box<ElicitRequestParams>),
    Sampling(Box<CreateMessageRequestParams>),
    Roots,
}

impl Question {
    pub(super) fn form(message: &str, schema: &Value) -> Result<Self, ToolError> {
        let requested_schema = serde_json::from_value(schema.clone())
            .map_err(|error| internal(format!("a form has a schema that MCP does not allow: {error}")))?;
        let message = message.to_owned();
        Ok(Self::Form(Box::new(ElicitRequestParams::FormElicitationParams {
            meta: None,
            message,
            requested_schema,
        })))
    }

    pub(super) fn sampling(request: CreateMessageRequestParams) -> Self {
        Self::Sampling(Box::new(request))
    }

    /// What the client must be able to do, as it would declare it.
    pub(super) fn required(&self) -> Value {
        match self {
            Self::Form(_) => json!({ "elicitation": {} }),
            Self::Sampling(request) if uses_tools(request) => json!({ "sampling": { "tools": {} } }),
            Self::Sampling(_) => json!({ "sampling": {} }),
            Self::Roots => json!({ "roots": {} }),
        }
    }

    pub(super) fn can_be_asked(&self, capabilities: &ClientCapabilities) -> bool {
        match self {
            Self::Form(_) => has_forms(capabilities),
            Self::Sampling(request) => capabilities
                .sampling
                .as_ref()
                .is_some_and(|sampling| sampling.tools.is_some() || !uses_tools(request)),
            Self::Roots => capabilities.roots.is_some(),
        }
    }

    /// What is asked, for people.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Form(_) => "a form for its user",
            Self::Sampling(_) => "a request to its model",
            Self::Roots => "a request for its folders",
        }
    }

    pub(super) fn into_server_request(self) -> ServerRequest {
        match self {
            Self::Form(params) => ElicitRequest::new(*params).into(),
            Self::Sampling(params) => CreateMessageRequest::new(*params).into(),
            Self::Roots => ListRootsRequest::default().into(),
        }
    }

    pub(super) fn into_input_request(self) -> InputRequest {
        match self {
            Self::Form(params) => InputRequest::Elicitation(ElicitRequest::new(*params)),
            Self::Sampling(params) => InputRequest::CreateMessage(CreateMessageRequest::new(*params)),
            Self::Roots => InputRequest::ListRoots(ListRootsRequest::default()),
        }
    }
}

/// Whether forms can be shown. A client that names no mode means forms, which came first.
pub(super) fn has_forms(capabilities: &ClientCapabilities) -> bool {
    capabilities.elicitation.as_ref().is_some_and(|modes| modes.form.is_some() || modes.url.is_none())
}

fn uses_tools(request: &CreateMessageRequestParams) -> bool {
    request.tools.is_some() || request.tool_choice.is_some()
}

/// What the user did with a form of this schema.
pub(super) fn elicited(answer: Value, schema: &Value) -> Result<Elicited, String> {
    let answer: ElicitResult = decoded(answer)?;
    let fields = match answer.action {
        ElicitationAction::Decline => return Ok(Elicited::Declined),
        ElicitationAction::Accept => answer.content.unwrap_or_else(|| json!({})),
        _ => return Ok(Elicited::Cancelled),
    };
    let schema = Schema::new(Arc::new(schema.as_object().cloned().unwrap_or_default()));
    if let Err(error) = schema.validator()?.validate(&fields) {
        let message = shorten(&error.to_string(), 200);
        return Err(format!("`content{}` does not fit the form: {message}", error.instance_path()));
    }
    match fields {
        Value::Object(fields) => Ok(Elicited::Accepted(fields)),
        _ => Err("`content` is no object".to_owned()),
    }
}

pub(super) fn roots(answer: Value) -> Result<Vec<Root>, String> {
    decoded(answer).map(|answer: ListRootsResult| answer.roots)
}

pub(super) fn decoded<T: DeserializeOwned>(answer: Value) -> Result<T, String> {
    serde_json::from_value(answer).map_err(|error| shorten(&error.to_string(), 200))
}
