//! What a hand-written tool, resource or prompt can tell the client whose request it answers, and ask of it.

#![expect(deprecated, reason = "sampling, roots and logging serve the clients that still have them")]

mod ask;
mod question;
mod rounds;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rmcp::RoleServer;
use rmcp::model::{
    ClientCapabilities, CreateMessageRequestParams, CreateMessageResult, LoggingLevel,
    LoggingMessageNotification, LoggingMessageNotificationParam, ProgressNotificationParam, ProgressToken,
    Root,
};
use rmcp::service::Peer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toolwright_client::CancellationToken;

use crate::ToolError;

use question::Question;

pub use question::Elicited;
pub(crate) use rounds::{Carried, Rounds};

/// The client whose request is being answered: it can be told how far the work is, and asked questions.
///
/// A call that came over no protocol has a conversation too, in which nobody listens and nobody can be asked. Cloning
/// is cheap.
///
/// # Questions
///
/// A client of the handshake era is sent the question, and the function waits for the answer. A client of the stateless
/// era cannot be sent anything: its request ends with the question, and it makes the request again with the answer.
/// **The function then runs again from its start**, and the question that was answered returns at once. So:
///
/// - Pass the error of a question on with `?`: it is what ends the request.
/// - Do what must not happen twice after the last question.
/// - Give each question a key of its own, the same in every round. Answers of earlier rounds are kept.
/// - Let questions that do not depend on each other be polled together, and they are asked together.
///
/// ```
/// use serde_json::json;
/// use toolwright::conversation::Elicited;
/// use toolwright::{Arguments, Context, Output, ToolError, Toolset};
///
/// async fn book(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
///     let client = context.conversation();
///     let form = json!({ "type": "object", "properties": { "nights": { "type": "integer", "minimum": 1 } } });
///     let (stay, folders) =
///         tokio::join!(client.elicit("stay", "For how long?", &form), client.list_roots("folders"));
///     match (stay?, folders?) {
///         (Elicited::Accepted(form), _) => Ok(Output::text(format!("Booked: {}", form["nights"]))),
///         _ => Ok(Output::text("Nothing was booked.")),
///     }
/// }
/// ```
///
/// What the client cannot be asked is an error of kind
/// [`MissingCapability`](crate::ErrorKind::MissingCapability); the `can_…` methods tell beforehand.
#[derive(Clone, Default)]
pub struct Conversation(Option<Arc<Client>>);

/// The client at the other end.
pub(crate) struct Client {
    pub(crate) peer: Peer<RoleServer>,
    pub(crate) is_stateless: bool,
    pub(crate) capabilities: ClientCapabilities,
    pub(crate) progress_token: Option<ProgressToken>,
    /// The least level of log messages that are sent; `None` for none.
    pub(crate) log_level: Option<LoggingLevel>,
    pub(crate) cancellation: CancellationToken,
    pub(crate) deadline: Option<Instant>,
    pub(crate) rounds: Mutex<Rounds>,
}

impl Conversation {
    pub(crate) fn with(client: Client) -> Self {
        Self(Some(Arc::new(client)))
    }

    /// Tells how far the work is, where the client wants to know: `done` of `total`, in any unit, and what is being
    /// done. `done` grows from call to call.
    pub async fn progress(&self, done: f64, total: Option<f64>, message: Option<&str>) {
        let Some((client, token)) = self.0.as_ref().and_then(|it| Some((it, it.progress_token.clone()?)))
        else {
            return;
        };
        let mut params = ProgressNotificationParam::new(token, done);
        params.total = total;
        params.message = message.map(str::to_owned);
        if let Err(error) = client.peer.notify_progress(params).await {
            tracing::debug!(%error, "the client could not be told of progress");
        }
    }

    /// Sends a log message, where the server has logging switched on and the client wants this level.
    pub async fn log(&self, level: LoggingLevel, logger: Option<&str>, data: Value) {
        let Some(client) = self.0.as_ref().filter(|client| client.wants(level)) else { return };
        let mut params = LoggingMessageNotificationParam::new(level, data);
        params.logger = logger.map(str::to_owned);
        let message = LoggingMessageNotification::new(params);
        if let Err(error) = client.peer.send_notification(message.into()).await {
            tracing::debug!(%error, "the client could not be sent a log message");
        }
    }

    /// Whether the client can show its user a form.
    pub fn can_elicit(&self) -> bool {
        self.0.as_ref().is_some_and(|client| question::has_forms(&client.capabilities))
    }

    /// Whether the client lends its model.
    pub fn can_sample(&self) -> bool {
        self.0.as_ref().is_some_and(|client| client.capabilities.sampling.is_some())
    }

    /// Whether the client tells which folders it works in.
    pub fn can_list_roots(&self) -> bool {
        self.0.as_ref().is_some_and(|client| client.capabilities.roots.is_some())
    }

    /// Asks the user to fill in a form. The schema is a flat object of texts, numbers, booleans and choices, as MCP
    /// allows for forms; what the user accepted fits it.
    ///
    /// # Errors
    /// The question has to be passed to the client first, or cannot be put to it; see [`Conversation`].
    pub async fn elicit(&self, key: &str, message: &str, schema: &Value) -> Result<Elicited, ToolError> {
        let question = Question::form(message, schema)?;
        self.ask(key, question, |answer| question::elicited(answer, schema)).await
    }

    /// Asks the client's model to continue a conversation.
    ///
    /// # Errors
    /// The question has to be passed to the client first, or cannot be put to it; see [`Conversation`].
    pub async fn sample(
        &self,
        key: &str,
        request: CreateMessageRequestParams,
    ) -> Result<CreateMessageResult, ToolError> {
        self.ask(key, Question::sampling(request), question::decoded).await
    }

    /// Asks in which folders the client works.
    ///
    /// # Errors
    /// The question has to be passed to the client first, or cannot be put to it; see [`Conversation`].
    pub async fn list_roots(&self, key: &str) -> Result<Vec<Root>, ToolError> {
        self.ask(key, Question::Roots, question::roots).await
    }

    /// Keeps a value for the next round of questions, such as what was expensive to find out. The client carries it and
    /// can read it, but not change it.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn remember<T: Serialize>(&self, name: &str, value: &T) -> Result<(), ToolError> {
        let value = serde_json::to_value(value)
            .map_err(|error| crate::error::internal(format!("`{name}` cannot be remembered: {error}")))?;
        if let Some(client) = &self.0 {
            client.rounds().remember(name, value);
        }
        Ok(())
    }

    /// A value that was kept in this round or an earlier one; `None` also where it is no `T`.
    pub fn recall<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let value = self.0.as_ref()?.rounds().recall(name)?;
        serde_json::from_value(value).ok()
    }
}

impl Client {
    pub(crate) fn rounds(&self) -> MutexGuard<'_, Rounds> {
        // Nothing that holds the lock leaves it half written.
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wants(&self, level: LoggingLevel) -> bool {
        self.log_level.is_some_and(|least| level as u8 >= least as u8)
    }
}

impl Conversation {
    /// What the client has to be asked, and carries until it asks again; `None` where nothing is open.
    pub(crate) fn carried(&self) -> Option<Carried> {
        self.0.as_ref()?.rounds().carried()
    }
}

impl fmt::Debug for Conversation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_client = self.0.is_some();
        formatter.debug_struct("Conversation").field("has_client", &has_client).finish_non_exhaustive()
    }
}
