//! The simulated `WhatsApp`: accounts, sessions, chats, groups, messages and receipts, whatever API stands in front.
//!
//! Everything that happens goes through [`Network::change`], one transaction at a time; what the network does by itself
//! (receipts, answers of simulated people, expiring QR codes) stands on the [`agenda`] in the same database.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::{Clock, Timestamp};
use crate::entropy::Entropy;
use crate::store::Store;

pub(crate) mod account;
pub(crate) mod agenda;
pub(crate) mod audience;
pub(crate) mod channel;
pub(crate) mod chat;
pub(crate) mod contact;
pub(crate) mod content;
pub(crate) mod conversation;
pub(crate) mod group;
pub(crate) mod id;
pub(crate) mod label;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod pairing;
pub(crate) mod people;
pub(crate) mod picture;
pub(crate) mod presence;
pub(crate) mod pulse;
pub(crate) mod reaction;
pub(crate) mod receipt;
mod refusal;
pub(crate) mod revision;
pub(crate) mod sending;
pub(crate) mod session;
mod transaction;

pub(crate) use refusal::{Kind, Refusal};
pub(crate) use transaction::{Change, View};

/// How fast the simulated world moves.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    /// How long after a QR code or pairing code has been shown the simulated phone uses it; never, if `None`.
    pub(crate) auto_pair: Option<Duration>,
    /// How long one QR code lives.
    pub(crate) qr_lifetime: Duration,
    /// How long each step of a message takes: accepted, delivered, read.
    pub(crate) receipt_delay: Duration,
    /// How long the echo contact writes at its answer.
    pub(crate) echo_delay: Duration,
    /// How long a paired session takes to connect.
    pub(crate) connect_delay: Duration,
}

/// A handle to the simulated network; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Network(Arc<World>);

/// What all transactions share.
#[derive(Debug)]
pub(crate) struct World {
    store: Store,
    clock: Clock,
    entropy: Entropy,
    pace: Pace,
    /// Wakes the pulse when the agenda gets an entry earlier than the one that it waits for.
    woken: Notify,
    /// The instant that the pulse waits for, in milliseconds.
    awaited: AtomicI64,
}

impl Network {
    pub(crate) fn new(store: Store, pace: Pace) -> Self {
        Self(Arc::new(World {
            store,
            clock: Clock,
            entropy: Entropy::from_system(),
            pace,
            woken: Notify::new(),
            awaited: AtomicI64::new(i64::MAX),
        }))
    }

    /// The present instant on this network.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Looks at the network: one consistent state.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&View<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let world = Arc::clone(&self.0);
        self.0.store.read(move |connection| work(&View::new(connection, world.clock.now()))).await
    }

    /// Changes the network: all of `work`, or nothing if it is refused.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let world = Arc::clone(&self.0);
        let (value, earliest) = self
            .0
            .store
            .write(move |connection| {
                let change = Change::new(connection, &world);
                let value = work(&change)?;
                Ok::<_, Refusal>((value, change.earliest_entry()))
            })
            .await?;
        if earliest.is_some_and(|at| at.unix_millis() < self.0.awaited.load(Ordering::SeqCst)) {
            self.0.woken.notify_one();
        }
        Ok(value)
    }

    /// Ends all work and closes the store; later calls are refused.
    pub(crate) async fn close(&self) {
        self.0.store.close().await;
    }
}
