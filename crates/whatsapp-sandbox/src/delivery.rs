//! What happened, told to webhooks: at least once, in order within a chat, and never lost.
//!
//! The [`outbox`] turns events into notices and queues one delivery for each webhook that wants it, in the transaction
//! that moves its cursor. The [`courier`] sends what is due and writes down what became of it. A process that dies in
//! between sends again what it had not written down; a receiver knows a repeat by the event's id.
//!
//! Nothing here knows an API: a [`Teller`] puts events into an API's words.

use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::access::webhook::{self, Webhook};
use crate::clock::Timestamp;
use crate::network::event::Recorded;
use crate::network::{Network, Refusal, View};

mod attempt;
pub(crate) mod courier;
pub(crate) mod outbox;
pub(crate) mod queue;
mod retry;
mod signature;

#[cfg(test)]
mod tests;

use queue::{Delivery, Filter};

/// Something to tell, in the words of an API.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// The name of the event.
    pub(crate) name: &'static str,
    /// The session that it concerns.
    pub(crate) session: String,
    /// What must arrive in order is in one lane: the chat, or nothing for what concerns the session itself.
    pub(crate) lane: String,
    /// When it happened.
    pub(crate) at: Timestamp,
    /// What the body holds besides id, name, session and time.
    pub(crate) body: Map<String, Value>,
}

/// Puts an event into the words of an API: one notice for each session that hears of it.
pub(crate) type Teller = fn(&View<'_>, &Recorded) -> Result<Vec<Notice>, Refusal>;

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
