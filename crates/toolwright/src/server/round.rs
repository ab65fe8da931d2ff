//! One round of a request that may have to ask the client something before it is answered.

use std::sync::Mutex;
use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{
    ErrorCode, InputRequiredResult, InputResponses, JsonObject, RequestStateCodec, SealOptions,
};
use serde_json::{Value, json};

use super::handler::Request;
use super::{Server, era};
use crate::conversation::{Carried, Client, Conversation, Rounds};
use crate::error::internal;
use crate::{Context, ErrorKind, ToolError};

/// How long a client may take to answer. What it carries meanwhile is worthless afterwards.
const STATE_TTL: Duration = Duration::from_hours(1);

/// What is asked for, in one of the three methods in which the client may be asked something.
pub(super) struct Subject<'a> {
    pub(super) method: &'static str,
    /// The name of the tool or prompt, or the URI of the resource.
    pub(super) name: &'a str,
    pub(super) arguments: Option<&'a JsonObject>,
    pub(super) responses: Option<InputResponses>,
    pub(super) state: Option<String>,
}

/// A round that has begun.
pub(super) struct Round {
    codec: RequestStateCodec,
    /// What the state that the client carries is good for: this request of this caller, and no other.
    binding: Vec<u8>,
    conversation: Conversation,
    is_stateless: bool,
}

impl Round {
    /// Begins a round, and gives the caller the conversation with its client.
    ///
    /// # Errors
    /// The state that the client carried is not what this server gave it for this request.
    pub(super) fn begin(
        server: &Server,
        request: &Request,
        context: Context,
        subject: Subject<'_>,
    ) -> Result<(Self, Context), ErrorData> {
        let is_stateless = era::is_stateless(request);
        let codec = server.shared.state_codec.clone();
        let binding = binding(&subject, &context);
        let rounds = if is_stateless {
            let carried = subject.state.map_or_else(
                || Ok(Carried::default()),
                |state| codec.open_json_with(&state, &binding).map_err(|error| refused_state(&error)),
            )?;
            Rounds::new(carried, subject.responses.unwrap_or_default())
        } else {
            Rounds::default()
        };
        let conversation = Conversation::with(Client {
            peer: request.peer.clone(),
            is_stateless,
            capabilities: request.client_capabilities().unwrap_or_default(),
            progress_token: request.meta.get_progress_token().filter(|_| context.takes_notifications()),
            log_level: server.log_level(request, is_stateless).filter(|_| context.takes_notifications()),
            cancellation: request.ct.clone(),
            deadline: context.deadline(),
            rounds: Mutex::new(rounds),
        });
        let context = context.with_conversation(conversation.clone());
        Ok((Self { codec, binding, conversation, is_stateless }, context))
    }

    /// How the round ends where the work ended with this error because of the client; `None` for other errors.
    pub(super) fn end(&self, error: &ToolError) -> Option<Result<InputRequiredResult, ErrorData>> {
        match error.kind {
            ErrorKind::InputRequired => {
                self.conversation.carried().map(|carried| self.input_required(carried))
            }
            ErrorKind::MissingCapability if self.is_stateless => {
                let data = json!({ "requiredCapabilities": error.required_capabilities });
                let code = ErrorCode::MISSING_REQUIRED_CLIENT_CAPABILITY;
                Some(Err(ErrorData::new(code, error.message.clone(), Some(data))))
            }
            _ => None,
        }
    }

    fn input_required(&self, mut carried: Carried) -> Result<InputRequiredResult, ErrorData> {
        let questions = std::mem::take(&mut carried.questions);
        let options = SealOptions::new().associated_data(&self.binding).ttl(STATE_TTL);
        let state = self.codec.seal_json_with(&carried, &options);
        let state = state.map_err(|error| ErrorData::internal_error(internal(error).to_string(), None))?;
        Ok(InputRequiredResult::new(Some(questions), Some(state)))
    }
}

/// Two requests with the same binding are the same to the caller: the order of members makes no difference.
fn binding(subject: &Subject<'_>, context: &Context) -> Vec<u8> {
    let mut bound = json!([subject.method, subject.name, context.caller(), subject.arguments]);
    bound.sort_all_objects();
    Value::to_string(&bound).into_bytes()
}

fn refused_state(error: &rmcp::model::RequestStateError) -> ErrorData {
    tracing::debug!(%error, "the state of a request was refused");
    let message = "`requestState` is not what this server gave out for this request, or is too old; make the request \
                   again without it";
    ErrorData::invalid_params(message, None)
}
