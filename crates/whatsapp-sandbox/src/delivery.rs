//! What happened, told to webhooks: at least once, in order within a chat, and never lost.
//!
//! The [`outbox`] turns events into notices and queues one delivery for each webhook that wants it, in the transaction
//! that moves its cursor. The [`courier`] sends what is due and writes down what became of it. A process that dies in
//! between sends again what it had not written down; a receiver knows a repeat by the event's id.
//!
//! Nothing here knows an API: a [`Dialect`] puts events into an API's words.

use std::sync::Arc;

use http::HeaderMap;
use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::access::webhook::{self, Api, Owner, Webhook};
use crate::clock::Timestamp;
use crate::network::event::Recorded;
use crate::network::{Change, Network, Refusal};

mod attempt;
pub(crate) mod courier;
pub(crate) mod outbox;
pub(crate) mod queue;
mod retry;
pub(crate) mod signature;

#[cfg(test)]
mod tests;

use queue::{Delivery, Filter};

/// Something to tell, in the words of an API.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// Whose webhooks hear of it.
    pub(crate) audience: Owner,
    /// The name of the event.
    pub(crate) name: &'static str,
    /// The session or number that it concerns; empty for none.
    pub(crate) session: String,
    /// What must arrive in order is in one lane: the chat, or an empty one for what concerns the session itself. `None`
    /// if nothing has to wait for it.
    pub(crate) lane: Option<String>,
    /// When it happened.
    pub(crate) at: Timestamp,
    /// What the body holds besides what the dialect puts around it.
    pub(crate) body: Map<String, Value>,
}

/// How an API tells what has happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    pub(crate) api: Api,
    /// Puts an event into the words of the API: one notice for each session or number that hears of it.
    pub(crate) tell: fn(&Change<'_>, &Recorded) -> Result<Vec<Notice>, Refusal>,
    /// A new id for a notice.
    pub(crate) notice_id: fn(&Change<'_>) -> String,
    /// A new public id for a delivery, if the API calls it by anything but its number.
    pub(crate) delivery_id: fn(&Change<'_>) -> Option<String>,
    /// The whole body of a notice with this id.
    pub(crate) wrap: fn(&Notice, &str) -> Map<String, Value>,
    /// The headers of an attempt made now, besides the type of the content.
    pub(crate) headers: fn(&Webhook, &Delivery, Timestamp) -> HeaderMap,
}

/// Looks at deliveries and changes them; clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Deliveries {
    network: Network,
    bell: Arc<Notify>,
}

impl Deliveries {
    /// `bell` wakes the courier.
    pub(crate) fn new(network: Network, bell: Arc<Notify>) -> Self {
        Self { network, bell }
    }

    /// Deliveries, the newest first: those waiting, those done, and the dead letters.
    pub(crate) async fn list(&self, filter: Filter) -> Result<Vec<Delivery>, Refusal> {
        self.network.read(move |view| queue::list(view, filter)).await
    }

    /// Tries a dead letter again, as if for the first time and under the same event id.
    pub(crate) async fn replay(&self, id: i64) -> Result<Delivery, Refusal> {
        let delivery = self.network.change(move |change| queue::replay(change, id)).await?;
        self.wake();
        Ok(delivery)
    }

    /// Tries all dead letters of a webhook again; how many there were.
    pub(crate) async fn replay_all(&self, webhook: i64) -> Result<usize, Refusal> {
        let replayed = self
            .network
            .change(move |change| {
                webhook::get(change, webhook)?;
                queue::replay_all(change, webhook)
            })
            .await?;
        self.wake();
        Ok(replayed)
    }

    /// Plays a webhook's target as unreachable, or as reachable again. What fails meanwhile is repeated by its policy.
    pub(crate) async fn set_down(&self, webhook: i64, down: bool) -> Result<Webhook, Refusal> {
        self.network.change(move |change| webhook::set_down(change, webhook, down)).await
    }

    /// Lets the courier look at what is due, after something was [`outbox::enqueue`]d or a webhook was changed.
    pub(crate) fn wake(&self) {
        self.bell.notify_one();
    }
}
