//! Token buckets in the memory of this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::RateLimiter;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;

use super::{Quota, Taken};

/// How many buckets that are not full are kept for one quota.
const MOST: usize = 50_000;

/// How often full buckets, which need not be kept, are looked for.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

/// The same when there is no room for another bucket.
const SWEEP_FULL_EVERY: Duration = Duration::from_secs(1);

/// Buckets, each kept until it is full again. Where there are too many, those that find no room share one.
#[derive(Debug, Default)]
pub(super) struct Buckets(Mutex<Vec<Arc<OfOneQuota>>>);

impl Buckets {
    pub(super) fn take(&self, bucket: &str, quota: Quota) -> Taken {
        self.of(quota).take(bucket)
    }

    /// There are as many as a server has kinds of calls: two.
    fn of(&self, quota: Quota) -> Arc<OfOneQuota> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.iter().find(|known| known.quota == quota) {
            return Arc::clone(known);
        }
        let new = Arc::new(OfOneQuota::new(quota, MOST));
        all.push(Arc::clone(&new));
        new
    }
}

#[derive(Debug)]
struct OfOneQuota {
    quota: Quota,
    limiter: RateLimiter<Box<str>, Kept, DefaultClock, StateInformationMiddleware>,
    most: usize,
    swept: Mutex<Instant>,
}

impl OfOneQuota {
    fn new(quota: Quota, most: usize) -> Self {
        // There is no quota only for an interval of zero, which is never made.
        let rate = governor::Quota::with_period(quota.interval())
            .unwrap_or_else(|| governor::Quota::per_second(quota.calls()))
            .allow_burst(quota.calls());
        let kept = Kept { full_at: Mutex::default(), most };
        let limiter = RateLimiter::new(rate, kept, DefaultClock::default());
        Self { quota, limiter, most, swept: Mutex::new(Instant::now()) }
    }

    fn take(&self, bucket: &str) -> Taken {
        self.sweep_if_due();
        let limit = self.quota.calls().get();
        let taken = self.limiter.check_key(&bucket.into());
        let (allowed, remaining, retry_after) = match taken {
            Ok(state) => (true, state.remaining_burst_capacity(), Duration::ZERO),
            Err(until) => (false, 0, until.wait_time_from(DefaultClock::default().now())),
        };
        let missing = limit.saturating_sub(remaining.max(u32::from(!allowed)));
        let reset_after = retry_after + self.quota.interval() * missing;
        Taken { allowed, limit, remaining, retry_after, reset_after }
    }

    fn sweep_if_due(&self) {
        let every = if self.limiter.len() < self.most { SWEEP_EVERY } else { SWEEP_FULL_EVERY };
        {
            let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
            if swept.elapsed() < every {
                return;
            }
            *swept = Instant::now();
        }
        self.limiter.retain_recent();
    }
}

/// When each bucket is full again.
#[derive(Debug)]
struct Kept {
    full_at: Mutex<HashMap<Box<str>, Nanos>>,
    most: usize,
}

impl StateStore for Kept {
    type Key = Box<str>;

    fn measure_and_replace<T, F, E>(&self, key: &Self::Key, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = full_at.len() < self.most || full_at.contains_key(key);
        let key = if has_room { key.clone() } else { Box::default() };
        let (outcome, next) = measure(full_at.get(&key).copied())?;
        full_at.insert(key, next);
        Ok(outcome)
    }
}

impl ShrinkableKeyedStateStore<Box<str>> for Kept {
    fn retain_recent(&self, drop_below: Nanos) {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        full_at.retain(|_, at| *at > drop_below);
        let room = 2 * full_at.len();
        full_at.shrink_to(room);
    }

    fn len(&self) -> usize {
        self.full_at.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    #[test]
    fn buckets_that_find_no_room_share_one() {
        let quota = Quota::new(NonZeroU32::new(2).unwrap(), Duration::from_hours(1));
        let buckets = OfOneQuota::new(quota, 2);
        for bucket in ["a", "b"] {
            assert_eq!(buckets.take(bucket).remaining, 1, "{bucket}");
        }
        assert_eq!(buckets.take("c").remaining, 1);
        assert_eq!(buckets.take("d").remaining, 0);
        assert!(!buckets.take("e").allowed);
        // Those that had room have buckets of their own still.
        assert_eq!(buckets.take("a").remaining, 0);
        assert!(!buckets.take("a").allowed);
        assert!(buckets.limiter.len() <= 3);
    }

    #[test]
    fn a_bucket_that_is_full_again_is_not_kept() {
        let quota = Quota::new(NonZeroU32::new(1_000_000).unwrap(), Duration::from_secs(1));
        let buckets = OfOneQuota::new(quota, 2);
        buckets.take("a");
        std::thread::sleep(Duration::from_millis(1));
        buckets.limiter.retain_recent();
        assert_eq!(buckets.limiter.len(), 0);
    }
}
