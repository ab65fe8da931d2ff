//! The requests that wait for their answers.

use std::collections::HashSet;

use rmcp::RoleServer;
use rmcp::model::{ClientNotification, JsonRpcMessage, RequestId};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};

use crate::message::Refusal;

/// The ids of the requests that wait. Of two with the same id at the same time rmcp would answer only one.
#[derive(Debug, Default)]
pub(crate) struct InFlight(HashSet<RequestId>);

impl InFlight {
    /// Notes what a message from the client begins or takes back.
    ///
    /// # Errors
    /// It is a request under the id of one that waits.
    pub(crate) fn admit(&mut self, message: &RxJsonRpcMessage<RoleServer>) -> Result<(), Refusal> {
        match message {
            JsonRpcMessage::Request(request) if !self.0.insert(request.id.clone()) => {
                return Err(Refusal::SameId(request.id.clone()));
            }
            // What is taken back has no answer.
            JsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.0.remove(id);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes that a message to the client answers a request.
    pub(crate) fn answered(&mut self, message: &TxJsonRpcMessage<RoleServer>) {
        let id = match message {
            JsonRpcMessage::Response(response) => Some(&response.id),
            JsonRpcMessage::Error(error) => error.id.as_ref(),
            _ => None,
        };
        if let Some(id) = id {
            self.0.remove(id);
        }
    }
}
