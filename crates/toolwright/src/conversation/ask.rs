//! One question, in both protocol eras.

use std::time::Instant;

use rmcp::service::{PeerRequestOptions, ServiceError};
use serde_json::Value;

use super::question::Question;
use super::{Client, Conversation};
use crate::{ErrorKind, ToolError};

impl Conversation {
    pub(super) async fn ask<A>(
        &self,
        key: &str,
        question: Question,
        read: impl Fn(Value) -> Result<A, String>,
    ) -> Result<A, ToolError> {
        let client = match &self.0 {
            Some(client) if question.can_be_asked(&client.capabilities) => client,
            _ => return Err(missing_capability(&question)),
        };
        if client.is_stateless {
            let answer = client.rounds().answer(key, || question.into_input_request(), read);
            return answer.ok_or_else(input_required);
        }
        let what = question.as_str();
        let answer = client.send(question).await.map_err(|error| unanswered(what, &error))?;
        let answer = answer.ok_or_else(|| {
            ToolError::new(ErrorKind::Cancelled, "the call was taken back while its question was open")
        })?;
        read(answer).map_err(|problem| {
            let message = format!("the client's answer to {what} cannot be used: {problem}");
            ToolError::new(ErrorKind::ClientError, message)
        })
    }
}

impl Client {
    /// Sends a question and waits for the answer; `None` if the call is taken back meanwhile.
    async fn send(&self, question: Question) -> Result<Option<Value>, ServiceError> {
        let options = match self.deadline {
            Some(deadline) => {
                PeerRequestOptions::with_timeout(deadline.saturating_duration_since(Instant::now()))
            }
            None => PeerRequestOptions::no_options(),
        };
        let sent = self.peer.send_request_with_option(question.into_server_request(), options).await?;
        let Some(answer) = self.cancellation.run_until_cancelled(sent.await_response()).await else {
            return Ok(None);
        };
        // The library guesses which result it is; what was asked tells for certain.
        Ok(Some(serde_json::to_value(answer?).unwrap_or_default()))
    }
}

/// Ends the round. The server puts the questions to the client in its place.
fn input_required() -> ToolError {
    ToolError::new(ErrorKind::InputRequired, "the client has to answer a question first")
}

fn missing_capability(question: &Question) -> ToolError {
    let required = question.required();
    let message = format!(
        "this needs {}, which the client cannot be asked for on this connection: it lacks the capability {required}",
        question.as_str()
    );
    ToolError::new(ErrorKind::MissingCapability, message)
        .with(|details| details.required_capabilities = Some(required))
}

fn unanswered(what: &str, error: &ServiceError) -> ToolError {
    match error {
        ServiceError::Timeout { .. } => {
            ToolError::new(ErrorKind::Timeout, format!("the client did not answer {what} in time"))
        }
        ServiceError::McpError(error) => {
            let message = format!("the client answered {what} with an error: {}", error.message);
            ToolError::new(ErrorKind::ClientError, message)
        }
        error => {
            ToolError::new(ErrorKind::ClientError, format!("the client could not answer {what}: {error}"))
        }
    }
}
