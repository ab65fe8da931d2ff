//! Nothing is shared.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use super::buckets::Buckets;
use super::sessions::Sessions;
use super::{Health, Quota, Secret, SharedError, SharedState, Taken};

/// The state of one process: limits hold for this replica, its sessions continue nowhere else, and its keys are new each
/// time it starts. Everything in it is bounded.
#[derive(Debug, Default)]
pub struct InProcess {
    buckets: Buckets,
    sessions: Sessions,
    secrets: Mutex<HashMap<String, Secret>>,
}

impl InProcess {
    fn secret_of(&self, name: &str) -> Result<[u8; 32], SharedError> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        match secrets.entry(name.to_owned()) {
            Entry::Occupied(known) => Ok(known.get().0),
            Entry::Vacant(place) => Ok(place.insert(Secret::random()?).0),
        }
    }
}

impl SharedState for InProcess {
    fn take<'a>(&'a self, bucket: &'a str, quota: Quota) -> BoxFuture<'a, Taken> {
        ready(self.buckets.take(bucket, quota)).boxed()
    }

    fn load_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, SharedError>> {
        ready(Ok(self.sessions.load(id))).boxed()
    }

    fn store_session<'a>(
        &'a self,
        id: &'a str,
        parameters: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), SharedError>> {
        ready(self.sessions.store(id, parameters)).boxed()
    }

    fn delete_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), SharedError>> {
        self.sessions.delete(id);
        ready(Ok(())).boxed()
    }

    fn is_session_ended<'a>(&'a self, _: &'a str) -> BoxFuture<'a, bool> {
        // Whoever ends a session here closes it as well.
        ready(false).boxed()
    }

    fn secret<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<[u8; 32], SharedError>> {
        ready(self.secret_of(name)).boxed()
    }

    fn health(&self) -> Health {
        Health::Whole
    }
}
