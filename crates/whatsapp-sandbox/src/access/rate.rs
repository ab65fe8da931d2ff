//! Requests per key and minute, counted over a sliding window.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;

#[cfg(test)]
mod tests;

const WINDOW_MS: i64 = 60_000;

/// Counts requests. The window slides: the minute before this one counts in proportion to how much of it still lies
/// within the last sixty seconds.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limit: u32,
    windows: Mutex<HashMap<String, Window>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Window {
    minute: i64,
    count: u32,
    count_before: u32,
}

/// What the limit says about one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Requests allowed in a minute.
    pub(crate) limit: u32,
    /// Requests left in this one.
    pub(crate) remaining: u32,
    /// Set if the request is one too many: when to try again.
    pub(crate) retry_after: Option<Duration>,
}

impl RateLimiter {
    pub(crate) fn new(limit: u32) -> Self {
        Self { limit, windows: Mutex::new(HashMap::new()) }
    }

    /// Counts one request of this caller. A request that is refused does not count.
    pub(crate) fn count(&self, caller: &str, now: Timestamp) -> Verdict {
        let (minute, into) =
            (now.unix_millis().div_euclid(WINDOW_MS), now.unix_millis().rem_euclid(WINDOW_MS));
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(caller.to_owned()).or_default();
        window.move_to(minute);
        let weighted = i64::from(window.count_before) * (WINDOW_MS - into) / WINDOW_MS;
        let used = window.count.saturating_add(u32::try_from(weighted).unwrap_or(u32::MAX));
        if used >= self.limit {
            let left = u64::try_from(WINDOW_MS - into).unwrap_or(0);
            return Verdict {
                limit: self.limit,
                remaining: 0,
                retry_after: Some(Duration::from_secs(left.div_ceil(1000).max(1))),
            };
        }
        window.count += 1;
        Verdict { limit: self.limit, remaining: self.limit - used - 1, retry_after: None }
    }
}

impl Window {
    fn move_to(&mut self, minute: i64) {
        if minute != self.minute {
            let count_before = if minute == self.minute + 1 { self.count } else { 0 };
            *self = Self { minute, count: 0, count_before };
        }
    }
}
