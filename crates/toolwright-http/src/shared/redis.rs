//! Sharing through Redis, and going on without it.

mod link;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncCommands as _, Expiry, RedisResult, Script, pipe};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::{Health, InProcess, Quota, SESSION_TTL, Secret, SharedError, SharedState, Taken};
use link::Link;

/// How often a replica looks whether Redis is there.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// State that replicas share through one Redis 6.2 or later, or Valkey.
///
/// Buckets are counted by Redis' own clock, so that replicas need not agree on the time. What is kept there are numbers,
/// the parameters of sessions, and keys: whoever can read it can pose as this server to its clients' sessions.
///
/// # When Redis goes away
/// A replica asks for at most half a second, once; from then on it goes by what it knows itself until Redis is back,
/// which it looks for every second. Both are logged once. Meanwhile
///
/// * limits hold for each replica by itself;
/// * sessions continue on the replica that opened them, and are unknown (404) to the others, whose clients begin anew.
///   Those opened meanwhile stay with their replica, and other replicas do not learn of those ended meanwhile;
/// * keys that a replica has used are kept by it, and it puts them back if Redis comes back without them; others cannot
///   be had.
#[derive(Debug, Clone)]
pub struct RedisState(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    link: Link,
    take: Script,
    prefix: String,
    secrets: Mutex<HashMap<String, Secret>>,
    /// What this replica knows itself.
    own: InProcess,
}

impl RedisState {
    /// Connects to Redis. The names of all keys begin with the prefix and a colon; servers with the same prefix share.
    ///
    /// # Errors
    /// The address is none, or Redis cannot be used now: a server that is told to share does not start without.
    pub async fn connect(url: &str, prefix: &str) -> Result<Self, SharedError> {
        let inner = Arc::new(Inner {
            link: Link::new(url)?,
            take: Script::new(include_str!("redis/take.lua")),
            prefix: prefix.to_owned(),
            secrets: Mutex::default(),
            own: InProcess::default(),
        });
        inner.link.establish(async |connection| inner.confirm(connection).await).await?;
        tokio::spawn(watch(Arc::downgrade(&inner)));
        Ok(Self(inner))
    }
}

/// Looks after the connection for as long as it is used.
async fn watch(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(inner) = inner.upgrade() else { return };
        inner.look_after().await;
    }
}

impl Inner {
    async fn look_after(&self) {
        let is_there = self.link.health() == Health::Whole;
        let found = if is_there {
            self.link.ask(|connection| self.confirm(connection)).await
        } else {
            self.link.establish(async |connection| self.confirm(connection).await).await
        };
        if let Err(error) = found {
            tracing::debug!(%error, "Redis is away");
        }
    }

    /// Sees to it that Redis takes writes, and that the keys in use are those that are shared, whatever it has forgotten.
    async fn confirm(&self, mut connection: MultiplexedConnection) -> RedisResult<()> {
        let () = connection.set_ex(self.key("alive", ""), 1, 60).await?;
        let known = self.secrets().clone();
        for (name, secret) in known {
            let key = self.key("secret", &name);
            let found = get_or_set(&mut connection, &key, secret).await?;
            let found = <[u8; 32]>::try_from(found).map_or(secret, Secret);
            if found != secret {
                tracing::warn!(%key, "another key is shared now: what was sealed with the old one is void");
                self.secrets().insert(name, found);
            }
        }
        Ok(())
    }

    async fn take(&self, bucket: &str, quota: Quota) -> Result<Taken, SharedError> {
        let mut call = self.take.key(self.key("bucket", bucket));
        call.arg(quota.interval().as_micros().to_string()).arg(quota.calls().get());
        let answer = |mut connection| async move { call.invoke_async(&mut connection).await };
        let (allowed, remaining, retry, reset): (bool, u32, u64, u64) = self.link.ask(answer).await?;
        Ok(Taken {
            allowed,
            limit: quota.calls().get(),
            remaining,
            retry_after: Duration::from_micros(retry),
            reset_after: Duration::from_micros(reset),
        })
    }

    /// What Redis has of a session; nothing in it says that the session was ended.
    async fn load_session(&self, id: &str) -> Result<Option<Vec<u8>>, SharedError> {
        let key = self.key("session", id);
        let ends = Expiry::EX(SESSION_TTL.as_secs());
        self.link.ask(|mut connection| async move { connection.get_ex(key, ends).await }).await
    }

    async fn store_session(&self, id: &str, parameters: Vec<u8>) -> Result<(), SharedError> {
        let key = self.key("session", id);
        let seconds = SESSION_TTL.as_secs();
        self.link.ask(|mut connection| async move { connection.set_ex(key, parameters, seconds).await }).await
    }

    async fn secret(&self, name: &str) -> Result<[u8; 32], SharedError> {
        if let Some(known) = self.secrets().get(name) {
            return Ok(known.0);
        }
        let key = self.key("secret", name);
        let new = Secret::random()?;
        let asked = key.clone();
        let ask = |mut connection| async move { get_or_set(&mut connection, &asked, new).await };
        let found = self.link.ask(ask).await?;
        let found = found.try_into().map_err(|_| SharedError::Unreadable { key })?;
        self.secrets().insert(name.to_owned(), Secret(found));
        Ok(found)
    }

    fn key(&self, kind: &str, name: &str) -> String {
        format!("{}:{kind}:{name}", self.prefix)
    }

    fn secrets(&self) -> MutexGuard<'_, HashMap<String, Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is there, or else the new one, which is there from then on.
async fn get_or_set(connection: &mut MultiplexedConnection, key: &str, new: Secret) -> RedisResult<Vec<u8>> {
    let mut commands = pipe();
    commands.set_nx(key, &new.0[..]).ignore().get(key);
    let (found,) = commands.query_async(connection).await?;
    Ok(found)
}

impl SharedState for RedisState {
    fn take<'a>(&'a self, bucket: &'a str, quota: Quota) -> BoxFuture<'a, Taken> {
        async move {
            match self.0.take(bucket, quota).await {
                Ok(taken) => taken,
                Err(_) => self.0.own.take(bucket, quota).await,
            }
        }
        .boxed()
    }

    fn load_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, SharedError>> {
        async move {
            match self.0.load_session(id).await {
                Ok(Some(found)) => Ok(Some(found).filter(|found| !found.is_empty())),
                // Away, or come back without what it knew.
                Ok(None) | Err(_) => self.0.own.load_session(id).await,
            }
        }
        .boxed()
    }

    fn store_session<'a>(
        &'a self,
        id: &'a str,
        parameters: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), SharedError>> {
        async move {
            self.0.own.store_session(id, parameters.clone()).await?;
            // Away is logged where it is noticed; until then the session is known here.
            let _ = self.0.store_session(id, parameters).await;
            Ok(())
        }
        .boxed()
    }

    fn delete_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), SharedError>> {
        async move {
            self.0.own.delete_session(id).await?;
            self.0.store_session(id, Vec::new()).await
        }
        .boxed()
    }

    fn is_session_ended<'a>(&'a self, id: &'a str) -> BoxFuture<'a, bool> {
        async move { self.0.load_session(id).await.is_ok_and(|found| found.is_some_and(|it| it.is_empty())) }
            .boxed()
    }

    fn secret<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<[u8; 32], SharedError>> {
        self.0.secret(name).boxed()
    }

    fn health(&self) -> Health {
        self.0.link.health()
    }
}
