use std::time::Duration;

use super::{RateLimiter, Verdict};

/// A request that comes this many milliseconds into a minute.
fn count(limiter: &RateLimiter, caller: &str, limit: u32, millis: u64) -> Verdict {
    limiter.count(caller, limit, 0, Duration::from_millis(6_000_000 + millis))
}

#[test]
fn the_request_after_the_last_is_told_when_to_come_again() {
    let limiter = RateLimiter::default();
    assert_eq!(count(&limiter, "a", 2, 0).remaining, 1);
    assert_eq!(count(&limiter, "a", 2, 10).remaining, 0);
    let refused = count(&limiter, "a", 2, 30_000);
    assert_eq!(
        refused.retry_after,
        Some(Duration::from_secs(31)),
        "the next minute begins with this one's requests"
    );
    assert_eq!(count(&limiter, "a", 2, 61_000).retry_after, None, "it was told the truth");
    assert_eq!(count(&limiter, "b", 2, 30_000).retry_after, None, "another caller has its own count");
}

#[test]
fn the_window_slides_over_the_minute() {
    let limiter = RateLimiter::default();
    for _ in 0..10 {
        assert_eq!(count(&limiter, "a", 10, 59_000).retry_after, None);
    }
    assert!(count(&limiter, "a", 10, 60_000).retry_after.is_some(), "the last minute still counts in full");
    assert_eq!(count(&limiter, "a", 10, 90_000).remaining, 4, "half of it has passed");
    assert_eq!(count(&limiter, "a", 10, 300_000).remaining, 9, "all of it has passed");
}

#[test]
fn many_callers_take_little_room() {
    let limiter = RateLimiter::default();
    count(&limiter, "busy", 2, 0);
    count(&limiter, "busy", 2, 0);
    for caller in 0..2 * super::MAX_CALLERS {
        count(&limiter, &format!("client/{caller}"), 2, 1);
    }
    assert!(limiter.counts.lock().unwrap().windows.len() <= super::MAX_CALLERS);
    assert!(count(&limiter, "busy", 2, 2).retry_after.is_some(), "who asks most is not forgotten");
}

#[test]
fn another_world_begins_with_no_requests() {
    let limiter = RateLimiter::default();
    assert_eq!(limiter.count("a", 1, 0, Duration::ZERO).retry_after, None);
    assert!(limiter.count("a", 1, 0, Duration::ZERO).retry_after.is_some());
    assert_eq!(limiter.count("a", 1, 1, Duration::ZERO).retry_after, None);
}
