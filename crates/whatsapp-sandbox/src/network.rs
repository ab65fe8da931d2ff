//! The simulated `WhatsApp`: accounts, sessions, chats, groups, messages and receipts, whatever API stands in front.
//!
//! Everything that happens goes through [`Network::change`], one transaction at a time; what the network does by itself
//! (receipts, answers of simulated people, expiring QR codes) stands on the [`agenda`] in the same database.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::clock::{Clock, Timestamp};
use crate::entropy::Entropy;
use crate::store::Store;

pub(crate) mod account;
pub(crate) mod agenda;
pub(crate) mod audience;
pub(crate) mod call;
pub(crate) mod channel;
pub(crate) mod chat;
mod companion;
pub(crate) mod contact;
pub(crate) mod content;
pub(crate) mod conversation;
pub(crate) mod event;
pub(crate) mod fault;
pub(crate) mod group;
pub(crate) mod id;
pub(crate) mod label;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod pairing;
pub(crate) mod people;
pub(crate) mod phone;
pub(crate) mod picture;
pub(crate) mod poll;
pub(crate) mod presence;
pub(crate) mod privacy;
pub(crate) mod pulse;
pub(crate) mod reaction;
pub(crate) mod receipt;
mod refusal;
pub(crate) mod registration;
pub(crate) mod reply;
pub(crate) mod revision;
pub(crate) mod sending;
pub(crate) mod session;
#[cfg(test)]
mod tests;
mod transaction;

pub(crate) use companion::Companion;
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
    /// How long each quarter of the history takes to come after a session has been linked.
    pub(crate) sync_delay: Duration,
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
    companions: &'static [Companion],
    /// Wakes the pulse when the agenda gets an entry earlier than the one that it waits for.
    woken: Notify,
    /// The instant that the pulse waits for, in milliseconds.
    awaited: AtomicI64,
    /// Tells the readers of events that there are newer ones.
    newest_event: watch::Sender<i64>,
    /// Counts how often time was moved by hand.
    moved: watch::Sender<u64>,
    /// Counts how often the whole state was replaced.
    replaced: watch::Sender<u64>,
}

impl Network {
    /// `companions` live beside the network in the same database.
    pub(crate) fn new(
        store: Store,
        pace: Pace,
        clock: Clock,
        entropy: Entropy,
        companions: &'static [Companion],
    ) -> Self {
        Self(Arc::new(World {
            store,
            clock,
            entropy,
            pace,
            companions,
            woken: Notify::new(),
            awaited: AtomicI64::new(i64::MAX),
            newest_event: watch::Sender::new(0),
            moved: watch::Sender::new(0),
            replaced: watch::Sender::new(0),
        }))
    }

    /// The present instant on this network.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The instant at which a manual clock stands; `None` for the system's.
    pub(crate) fn stands_at(&self) -> Option<Timestamp> {
        self.0.clock.stands_at()
    }

    /// Takes the time from a clock that stands at this instant, or from the system's.
    pub(crate) fn set_clock(&self, at: Option<Timestamp>) {
        self.0.clock.set(at);
        self.0.moved.send_modify(|moves| *moves += 1);
        // What the pulse waits for is nearer or farther now.
        self.0.woken.notify_one();
    }

    /// Where identifiers and codes come from.
    pub(crate) fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }

    /// Lets this much time pass on a manual clock: what falls due in it happens one by one, each at its instant, before
    /// this returns. The system's clock cannot be moved.
    pub(crate) async fn advance(&self, by: Duration) -> Result<Timestamp, Refusal> {
        let clock = &self.0.clock;
        if !clock.is_manual() {
            return Err(Refusal::SystemClock);
        }
        let target = clock.now().after(by);
        while let Some(next) = self.change(agenda::run_due).await?.filter(|next| *next <= target) {
            clock.move_to(next);
        }
        clock.move_to(target);
        self.0.moved.send_modify(|moves| *moves += 1);
        Ok(target)
    }

    /// Wakes whenever time was moved by hand.
    pub(crate) fn moves(&self) -> watch::Receiver<u64> {
        self.0.moved.subscribe()
    }

    /// Sleeps until an instant has come; for ever if there is none, or if time stands still: then [`Network::moves`]
    /// tells when to look again.
    pub(crate) async fn sleep_until(&self, instant: Option<Timestamp>) {
        match instant {
            Some(instant) if !self.0.clock.is_manual() => {
                tokio::time::sleep(instant.since(self.now())).await;
            }
            _ => std::future::pending().await,
        }
    }

    /// The whole state is another one, whose newest event this is: everybody who follows it looks again.
    pub(crate) fn replaced(&self, newest_event: i64) {
        self.0.newest_event.send_replace(newest_event);
        self.0.replaced.send_modify(|replaced| *replaced += 1);
        self.0.moved.send_modify(|moves| *moves += 1);
        self.0.woken.notify_one();
    }

    /// Wakes whenever the whole state was replaced.
    pub(crate) fn replacements(&self) -> watch::Receiver<u64> {
        self.0.replaced.subscribe()
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
        let (value, earliest, newest) = self
            .0
            .store
            .write(move |connection| {
                let change = Change::new(connection, &world);
                let value = work(&change)?;
                Ok::<_, Refusal>((value, change.earliest_entry(), change.newest_event()))
            })
            .await?;
        if earliest.is_some_and(|at| at.unix_millis() < self.0.awaited.load(Ordering::SeqCst)) {
            self.0.woken.notify_one();
        }
        if let Some(id) = newest {
            self.0.newest_event.send_if_modified(|newest| {
                id > *newest && {
                    *newest = id;
                    true
                }
            });
        }
        Ok(value)
    }

    /// Ends all work and closes the store; later calls are refused.
    pub(crate) async fn close(&self) {
        self.0.store.close().await;
    }
}
