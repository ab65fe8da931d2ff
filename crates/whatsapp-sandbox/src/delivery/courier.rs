//! Sends what is due and writes down what became of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::timeout;

use super::queue::{self, Delivery};
use super::retry::Outcome;
use super::{Dialect, attempt, outbox};
use crate::access::webhook::{self, Retries, Webhook};
use crate::clock::Timestamp;
use crate::egress::Egress;
use crate::network::{Network, Refusal};
use crate::store::StoreError;

/// How many attempts may be under way at one webhook, each in another chat: a slow target holds up its own alone.
const PER_WEBHOOK: usize = 8;
/// How many attempts may be under way in all.
const IN_ALL: usize = 256;
/// How long the courier rests after the database has failed.
const REST: Duration = Duration::from_secs(1);
/// While no webhook listens, how long the courier lets events be.
const IDLE: Duration = Duration::from_secs(1);
/// How long attempts under way may take when the sandbox is stopped. What is not done by then is sent again.
const GRACE: Duration = Duration::from_secs(2);
/// After so many settled deliveries the oldest are forgotten.
const PRUNE: usize = 500;

/// Delivers for as long as the sandbox runs.
#[derive(Debug)]
pub(crate) struct Courier {
    network: Network,
    egress: Egress,
    dialects: &'static [Dialect],
    timeout: Duration,
    bell: Arc<Notify>,
    attempts: JoinSet<Outcome>,
    under_way: HashMap<Id, UnderWay>,
    settled: usize,
    /// Whether any webhook listens.
    is_heard: bool,
}

#[derive(Clone, Copy, Debug)]
struct UnderWay {
    delivery: i64,
    webhook: i64,
    retries: Retries,
}

type Joined = Result<(Id, Outcome), JoinError>;

impl Courier {
    /// `timeout` is for one attempt; `bell` is rung when there may be something to deliver that no event tells of.
    pub(crate) fn new(
        network: Network,
        egress: Egress,
        dialects: &'static [Dialect],
        timeout: Duration,
        bell: Arc<Notify>,
    ) -> Self {
        let (attempts, under_way) = (JoinSet::new(), HashMap::new());
        Self { network, egress, dialects, timeout, bell, attempts, under_way, settled: 0, is_heard: false }
    }

    /// Delivers until the sandbox is stopped. Dropping the future at any moment loses nothing.
    pub(crate) async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut events = self.network.events();
        let mut moves = self.network.moves();
        let mut finished = Vec::new();
        loop {
            let next = match self.turn(std::mem::take(&mut finished)).await {
                Ok(next) => next,
                Err(Refusal::Store(StoreError::Closed)) => return,
                Err(error) => {
                    tracing::error!(%error, "webhooks could not be delivered to");
                    tokio::time::sleep(REST).await;
                    continue;
                }
            };
            tokio::select! {
                Some(joined) = self.attempts.join_next_with_id() => finished.push(joined),
                () = news(&mut events, self.is_heard) => {}
                _ = moves.changed() => {}
                () = self.bell.notified() => {}
                () = self.network.sleep_until(next) => {}
                _ = stopped.changed() => return self.finish().await,
            }
            while let Some(joined) = self.attempts.try_join_next_with_id() {
                finished.push(joined);
            }
        }
    }

    /// Writes down what has finished, queues what has happened, and starts what is due. When the next is due.
    async fn turn(&mut self, finished: Vec<Joined>) -> Result<Option<Timestamp>, Refusal> {
        self.settle(finished).await?;
        self.is_heard = outbox::fill(&self.network, self.dialects).await?;
        if self.is_heard { self.start().await } else { Ok(None) }
    }

    async fn settle(&mut self, finished: Vec<Joined>) -> Result<(), Refusal> {
        let mut outcomes = Vec::with_capacity(finished.len());
        for joined in finished {
            let (id, outcome) = match joined {
                Ok((id, outcome)) => (id, outcome),
                Err(error) => (error.id(), Outcome::Unreachable(format!("the attempt failed: {error}"))),
            };
            outcomes.extend(self.under_way.remove(&id).map(|it| (it, outcome)));
        }
        if outcomes.is_empty() {
            return Ok(());
        }
        self.settled += outcomes.len();
        let prune = self.settled >= PRUNE;
        if prune {
            self.settled = 0;
        }
        self.network
            .change(move |change| {
                for (it, outcome) in &outcomes {
                    queue::settle(change, it.delivery, it.retries, outcome)?;
                }
                if prune { queue::prune(change) } else { Ok(()) }
            })
            .await
    }

    async fn start(&mut self) -> Result<Option<Timestamp>, Refusal> {
        let busy = self.busy();
        let (now, webhooks) = self
            .network
            .read(move |view| {
                let webhooks = webhook::list(view)?.into_iter().filter(|it| it.registration.enabled);
                let upcoming = webhooks.map(|webhook| {
                    // Those under way are the first, and one more tells when to look again.
                    let most = busy.get(&webhook.id).copied().unwrap_or(0) + PER_WEBHOOK + 1;
                    Ok((queue::upcoming(view, webhook.id, most)?, webhook))
                });
                Ok((view.now, upcoming.collect::<Result<Vec<_>, Refusal>>()?))
            })
            .await?;
        let mut next = None;
        for (upcoming, webhook) in webhooks {
            for delivery in upcoming {
                match delivery.due_at {
                    Some(at) if at <= now => self.begin(&webhook, delivery, now),
                    at => next = next.into_iter().chain(at).min(),
                }
            }
        }
        Ok(next)
    }

    /// Starts an attempt, unless it is under way or there are enough. When one of them ends, there is another look.
    fn begin(&mut self, webhook: &Webhook, delivery: Delivery, now: Timestamp) {
        let mine = self.under_way.values().filter(|it| it.webhook == webhook.id);
        let is_free = mine.clone().count() < PER_WEBHOOK && self.under_way.len() < IN_ALL;
        if !is_free || mine.clone().any(|it| it.delivery == delivery.id) {
            return;
        }
        let entry =
            UnderWay { delivery: delivery.id, webhook: webhook.id, retries: webhook.registration.retries };
        let Some(dialect) = self.dialects.iter().find(|it| it.api == webhook.owner.api) else { return };
        let headers = (dialect.headers)(webhook, &delivery, now);
        let work = attempt::make(self.egress.clone(), webhook.clone(), delivery, headers, self.timeout);
        let task = self.attempts.spawn(work);
        self.under_way.insert(task.id(), entry);
    }

    fn busy(&self) -> HashMap<i64, usize> {
        let mut busy = HashMap::new();
        for it in self.under_way.values() {
            *busy.entry(it.webhook).or_default() += 1;
        }
        busy
    }

    /// Lets the attempts under way end, for a moment.
    async fn finish(mut self) {
        let mut finished = Vec::new();
        let drain = async {
            while let Some(joined) = self.attempts.join_next_with_id().await {
                finished.push(joined);
            }
        };
        if timeout(GRACE, drain).await.is_err() {
            tracing::debug!("deliveries under way will be sent again at the next start");
        }
        if let Err(error) = self.settle(finished).await {
            tracing::warn!(%error, "what was delivered last will be sent again at the next start");
        }
    }
}

/// Waits for events. While no webhook listens, some may gather: a new webhook rings the bell.
async fn news(events: &mut watch::Receiver<i64>, is_heard: bool) {
    // The sender lives as long as the network, of which the courier has a handle.
    let _ = events.changed().await;
    if !is_heard {
        tokio::time::sleep(IDLE).await;
    }
}
