//! What replicas of a server share when they are asked to: rate limits, the sessions of the handshake era, and keys.
//!
//! All of it stands behind [`SharedState`]. [`InProcess`] shares nothing with anyone, and is what a server has unless it
//! is told otherwise; `RedisState`, with the feature `redis`, shares through Redis.

mod buckets;
mod in_process;
mod quota;
#[cfg(feature = "redis")]
mod redis;
mod session_store;
mod sessions;

use std::fmt::{self, Debug};
use std::time::Duration;

use futures_util::future::BoxFuture;

pub use in_process::InProcess;
pub use quota::Quota;
#[cfg(feature = "redis")]
pub use redis::RedisState;
pub use session_store::SessionStoreAdapter;

/// How long a session is kept after it was last opened or taken up by a replica.
pub const SESSION_TTL: Duration = Duration::from_hours(24);

/// How large the parameters of a session may be, in bytes. They are a few hundred as clients write them.
pub const MAX_SESSION_BYTES: usize = 16 << 10;

/// What replicas of a server share.
pub trait SharedState: Debug + Send + Sync + 'static {
    /// Takes one call out of a bucket, if there is one in it. A bucket begins full.
    ///
    /// Always answers: an implementation that cannot reach what is shared goes by what it knows itself.
    fn take<'a>(&'a self, bucket: &'a str, quota: Quota) -> BoxFuture<'a, Taken>;

    /// What was stored for a session, unless it is older than [`SESSION_TTL`], which begins anew. An implementation
    /// that cannot reach what is shared goes by what it knows itself.
    fn load_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>, SharedError>>;

    /// Stores the parameters of a session, at most [`MAX_SESSION_BYTES`].
    fn store_session<'a>(
        &'a self,
        id: &'a str,
        parameters: Vec<u8>,
    ) -> BoxFuture<'a, Result<(), SharedError>>;

    /// Ends a session: it cannot be loaded any more.
    fn delete_session<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<(), SharedError>>;

    /// Whether a session was ended, by whichever replica. Not, if that cannot be known: a replica that is asked was used to
    /// it being open.
    fn is_session_ended<'a>(&'a self, id: &'a str) -> BoxFuture<'a, bool>;

    /// The key of this name, made at random by whoever asks first. Cheap to ask again.
    fn secret<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<[u8; 32], SharedError>>;

    /// Whether sharing works, for whoever watches the server. A server goes on without.
    fn health(&self) -> Health;
}

/// What came of taking a call out of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Whether there was one.
    pub allowed: bool,
    /// How many a full bucket has.
    pub limit: u32,
    /// How many are left.
    pub remaining: u32,
    /// After which time there is one again; zero if this one was allowed.
    pub retry_after: Duration,
    /// After which time the bucket is full again.
    pub reset_after: Duration,
}

/// Whether sharing works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It does, or nothing is shared.
    Whole,
    /// It does not, for this reason: each replica goes by what it knows itself.
    Degraded(String),
}

/// What is shared cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SharedError {
    /// The address is none.
    #[error(
        "the address of Redis cannot be used ({0}): write it as `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS"
    )]
    Address(String),
    /// The server that keeps it does not answer, or not as it should.
    #[error("Redis at {place} cannot be used: {why}")]
    Unreachable {
        /// Host and port.
        place: String,
        /// In Redis' words, or the operating system's.
        why: String,
    },
    /// A session's parameters are too large to keep.
    #[error("the parameters of a session take {0} bytes, and at most {MAX_SESSION_BYTES} are kept")]
    TooLarge(usize),
    /// What was found is not what was stored.
    #[error("`{key}` holds something else than was stored: remove it, or let another prefix be used")]
    Unreadable {
        /// The name under which it was found.
        key: String,
    },
    /// There is no randomness for a key.
    #[error("the operating system gives no random numbers: {0}")]
    Random(String),
}

/// A key, which is not printed.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Secret([u8; 32]);

impl Secret {
    fn random() -> Result<Self, SharedError> {
        use rand::TryRng as _;

        let mut secret = [0; 32];
        rand::rngs::SysRng
            .try_fill_bytes(&mut secret)
            .map_err(|error| SharedError::Random(error.to_string()))?;
        Ok(Self(secret))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}
