//! Keeps keys, and asks for new ones: when the kept ones have grown old, and when a token is signed with one that is not
//! among them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jsonwebtoken::Algorithm;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::Rejected;
use super::keys::{Key, KeySet};
use super::source::KeySource;

/// How long keys are kept where their server does not say.
const DEFAULT_AGE: Duration = Duration::from_mins(10);
/// At least and at most so long, whatever it says.
const MIN_AGE: Duration = Duration::from_mins(1);
const MAX_AGE: Duration = Duration::from_hours(24);

/// Keys that cannot be asked for again are used for so long after they were fetched.
const KEPT_WITHOUT_SERVER: Duration = Duration::from_hours(24);

/// How long after a failure nobody asks.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// How long after a token with an unknown key no other one makes this server ask. Anyone can send such tokens.
const PAUSE_AFTER_UNKNOWN: Duration = Duration::from_secs(30);

const UNREACHABLE: &str = "the authorization server cannot be asked for its keys, so that the token cannot be checked: try again later";

pub(super) struct KeyCache {
    source: KeySource,
    state: Mutex<State>,
    /// Held by whoever asks.
    asking: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    /// Nobody asks before this moment, as the last attempt failed.
    failed_until: Option<Instant>,
    /// No unknown key makes anyone ask before this moment.
    unknown_until: Option<Instant>,
    /// Whether the last attempt failed.
    failing: bool,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<KeySet>,
    fresh_until: Instant,
    usable_until: Instant,
}

/// What to do to have keys.
enum Step {
    Use(Arc<KeySet>),
    Ask { meanwhile: Option<Arc<KeySet>> },
    Fail,
}

impl KeyCache {
    pub(super) fn new(source: KeySource) -> Self {
        Self { source, state: Mutex::default(), asking: Arc::default() }
    }

    /// The keys that a token with this header may be signed with; none where there is no such key.
    pub(super) async fn fitting(
        self: &Arc<Self>,
        id: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Vec<Arc<Key>>, Rejected> {
        let keys = self.current().await?;
        let fitting = keys.fitting(id, algorithm);
        if !fitting.is_empty() {
            return Ok(fitting);
        }
        let turn = Arc::clone(&self.asking).lock_owned().await;
        if let Some(newer) = self.newer_than(&keys) {
            return Ok(newer.fitting(id, algorithm));
        }
        if self.unknown_may_ask() {
            return Ok(self.ask(turn).await?.fitting(id, algorithm));
        }
        // Without its server nobody knows whether the key is a new one.
        if self.state().failing { Err(Rejected::Unavailable(UNREACHABLE)) } else { Ok(Vec::new()) }
    }

    async fn current(self: &Arc<Self>) -> Result<Arc<KeySet>, Rejected> {
        match self.step() {
            Step::Use(keys) => Ok(keys),
            Step::Fail => Err(Rejected::Unavailable(UNREACHABLE)),
            // While one caller asks, the others go on with what there is.
            Step::Ask { meanwhile: Some(keys) } => match Arc::clone(&self.asking).try_lock_owned() {
                Ok(turn) => Ok(self.ask(turn).await.unwrap_or(keys)),
                Err(_) => Ok(keys),
            },
            Step::Ask { meanwhile: None } => {
                let turn = Arc::clone(&self.asking).lock_owned().await;
                // Someone else may have asked while this caller waited for the turn.
                match self.step() {
                    Step::Use(keys) => Ok(keys),
                    Step::Fail => Err(Rejected::Unavailable(UNREACHABLE)),
                    Step::Ask { .. } => self.ask(turn).await,
                }
            }
        }
    }

    fn step(&self) -> Step {
        let (now, state) = (Instant::now(), self.state());
        let usable = state.kept.as_ref().filter(|kept| now < kept.usable_until);
        if let Some(kept) = usable.filter(|kept| now < kept.fresh_until) {
            return Step::Use(Arc::clone(&kept.keys));
        }
        let usable = usable.map(|kept| Arc::clone(&kept.keys));
        if state.failed_until.is_some_and(|until| now < until) {
            return usable.map_or(Step::Fail, Step::Use);
        }
        Step::Ask { meanwhile: usable }
    }

    fn newer_than(&self, keys: &Arc<KeySet>) -> Option<Arc<KeySet>> {
        let state = self.state();
        let kept = state.kept.as_ref().map(|kept| &kept.keys);
        kept.filter(|kept| !Arc::ptr_eq(kept, keys)).cloned()
    }

    /// Whether an unknown key may make this server ask now. If so, no other one may for a while.
    fn unknown_may_ask(&self) -> bool {
        let (now, mut state) = (Instant::now(), self.state());
        let waits = |until: Option<Instant>| until.is_some_and(|until| now < until);
        if waits(state.unknown_until) || waits(state.failed_until) {
            return false;
        }
        state.unknown_until = Some(now + PAUSE_AFTER_UNKNOWN);
        true
    }

    /// Asks for the keys. In a task of its own: otherwise a caller who goes away would end it for all.
    async fn ask(self: &Arc<Self>, turn: OwnedMutexGuard<()>) -> Result<Arc<KeySet>, Rejected> {
        let cache = Arc::clone(self);
        let task = tokio::spawn(async move {
            let keys = cache.fetch().await;
            drop(turn);
            keys
        });
        task.await.ok().flatten().ok_or(Rejected::Unavailable(UNREACHABLE))
    }

    async fn fetch(&self) -> Option<Arc<KeySet>> {
        let fetched = self.source.fetch().await;
        let (now, mut state) = (Instant::now(), self.state());
        state.failing = fetched.is_err();
        match fetched {
            Ok((keys, age)) => {
                let keys = Arc::new(keys);
                let fresh_until = now + age.unwrap_or(DEFAULT_AGE).clamp(MIN_AGE, MAX_AGE);
                let usable_until = fresh_until.max(now + KEPT_WITHOUT_SERVER);
                state.kept = Some(Kept { keys: Arc::clone(&keys), fresh_until, usable_until });
                Some(keys)
            }
            Err(error) => {
                state.failed_until = Some(now + PAUSE_AFTER_FAILURE);
                tracing::warn!(%error, "the keys of the authorization server cannot be had");
                None
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
