//! Requests per caller and minute, counted over a sliding window of real time and of what the clock is advanced by: a
//! manual clock that stands still refuses nobody for ever.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

#[cfg(test)]
mod tests;

const WINDOW_MS: i64 = 60_000;
/// With this many callers, those are forgotten whose requests no longer count; with none such, the fewest requests are.
const MAX_CALLERS: usize = 20_000;

/// Counts requests. The window slides: the minute before this one counts in proportion to how much of it still lies
/// within the last sixty seconds.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// The world that they were counted in.
    generation: u64,
    windows: HashMap<String, Window>,
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
    /// Counts one request of this caller, who may make `limit` in a minute, at this age of the network and in this
    /// generation of its world: of another one nothing is remembered. A request that is refused does not count.
    pub(crate) fn count(&self, caller: &str, limit: u32, generation: u64, age: Duration) -> Verdict {
        let now = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
        let (minute, into) = (now / WINDOW_MS, now % WINDOW_MS);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.generation != generation {
            *counts = Counts { generation, ..Counts::default() };
        }
        let windows = &mut counts.windows;
        if !windows.contains_key(caller) {
            make_room(windows, minute);
        }
        let window = windows.entry(caller.to_owned()).or_default();
        window.move_to(minute);
        let used = window.used(into);
        if used >= limit {
            return Verdict { limit, remaining: 0, retry_after: Some(window.wait(limit, into)) };
        }
        window.count += 1;
        Verdict { limit, remaining: limit - used - 1, retry_after: None }
    }
}

impl Window {
    fn move_to(&mut self, minute: i64) {
        if minute != self.minute {
            let count_before = if minute == self.minute + 1 { self.count } else { 0 };
            *self = Self { minute, count: 0, count_before };
        }
    }

    /// How many requests count this many milliseconds into the minute.
    fn used(&self, into: i64) -> u32 {
        let weighted = i64::from(self.count_before) * (WINDOW_MS - into) / WINDOW_MS;
        self.count.saturating_add(u32::try_from(weighted).unwrap_or(u32::MAX))
    }

    /// How long it takes until one more request fits, in whole seconds: within this minute, or in the next, when its
    /// own requests begin to slide away.
    fn wait(&self, limit: u32, into: i64) -> Duration {
        let fits = |after: i64| {
            if after < WINDOW_MS {
                return self.used(after) < limit;
            }
            let next = Self { minute: self.minute + 1, count: 0, count_before: self.count };
            next.used((after - WINDOW_MS).min(WINDOW_MS)) < limit
        };
        let seconds = (1..=120).find(|seconds| fits(into + seconds * 1000)).unwrap_or(120);
        Duration::from_secs(seconds.unsigned_abs())
    }
}

/// Callers may be as many as end users; what is remembered of them stays small.
fn make_room(windows: &mut HashMap<String, Window>, minute: i64) {
    if windows.len() < MAX_CALLERS {
        return;
    }
    windows.retain(|_, window| window.minute >= minute - 1);
    if windows.len() >= MAX_CALLERS {
        let mut counts: Vec<u32> = windows.values().map(|it| it.count.max(it.count_before)).collect();
        let (_, median, _) = counts.select_nth_unstable(MAX_CALLERS / 2);
        let median = *median;
        windows.retain(|_, window| window.count.max(window.count_before) > median);
    }
}
