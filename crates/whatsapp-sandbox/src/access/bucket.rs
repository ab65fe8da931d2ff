//! Token buckets: a caller may spend as many requests at once as the bucket holds, and it fills again evenly.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;

#[cfg(test)]
mod tests;

/// Buckets by name. They last as long as the process.
#[derive(Debug, Default)]
pub(crate) struct Buckets(Mutex<HashMap<String, Bucket>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

/// What a bucket says about one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    /// How much the bucket holds, which is also what it gets in a minute.
    pub(crate) size: u32,
    /// Whole tokens that are left.
    pub(crate) remaining: u32,
    /// When the bucket will be full.
    pub(crate) full_at: Timestamp,
    /// Set if there was no token for the request: when there will be one.
    pub(crate) wait: Option<Duration>,
}

impl Buckets {
    /// Takes a token out of the bucket with this name, which gets `size` in a minute and holds no more.
    pub(crate) fn take(&self, name: &str, size: u32, now: Timestamp) -> Level {
        let (most, a_second) = (f64::from(size), f64::from(size) / 60.0);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(name.to_owned()).or_insert(Bucket { tokens: most, at: now });
        bucket.tokens = (bucket.tokens + now.since(bucket.at).as_secs_f64() * a_second).min(most);
        bucket.at = now;
        let wait = (bucket.tokens < 1.0).then(|| after((1.0 - bucket.tokens) / a_second));
        if wait.is_none() {
            bucket.tokens -= 1.0;
        }
        let full_at = now.after(after((most - bucket.tokens) / a_second));
        Level { size, remaining: whole(bucket.tokens), full_at, wait }
    }
}

fn after(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bucket holds between none and as many tokens as a u32"
)]
fn whole(tokens: f64) -> u32 {
    tokens as u32
}
