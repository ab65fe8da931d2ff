use std::time::Duration;

use super::{RateLimiter, WINDOW_MS};
use crate::clock::{Clock, Timestamp};

/// An instant this many milliseconds into a full minute.
fn into_minute(millis: u64) -> Timestamp {
    let now = Clock::system().now();
    let start = now.before(Duration::from_millis(now.unix_millis().rem_euclid(WINDOW_MS).unsigned_abs()));
    start.after(Duration::from_millis(millis))
}

#[test]
fn the_request_after_the_last_is_told_when_to_come_again() {
    let limiter = RateLimiter::default();
    assert_eq!(limiter.count("a", 2, into_minute(0)).remaining, 1);
    assert_eq!(limiter.count("a", 2, into_minute(10)).remaining, 0);
    let refused = limiter.count("a", 2, into_minute(30_000));
    assert_eq!(
        refused.retry_after,
        Some(Duration::from_secs(31)),
        "the next minute begins with this one's requests"
    );
    assert_eq!(limiter.count("a", 2, into_minute(61_000)).retry_after, None, "it was told the truth");
    assert_eq!(
        limiter.count("b", 2, into_minute(30_000)).retry_after,
        None,
        "another caller has its own count"
    );
}

#[test]
fn the_window_slides_over_the_minute() {
    let limiter = RateLimiter::default();
    for _ in 0..10 {
        assert_eq!(limiter.count("a", 10, into_minute(59_000)).retry_after, None);
    }
    assert!(
        limiter.count("a", 10, into_minute(60_000)).retry_after.is_some(),
        "the last minute still counts in full"
    );
    assert_eq!(limiter.count("a", 10, into_minute(90_000)).remaining, 4, "half of it has passed");
    assert_eq!(limiter.count("a", 10, into_minute(300_000)).remaining, 9, "all of it has passed");
}

#[test]
fn many_callers_take_little_room() {
    let limiter = RateLimiter::default();
    limiter.count("busy", 2, into_minute(0));
    limiter.count("busy", 2, into_minute(0));
    for caller in 0..2 * super::MAX_CALLERS {
        limiter.count(&format!("client/{caller}"), 2, into_minute(1));
    }
    assert!(limiter.windows.lock().unwrap().len() <= super::MAX_CALLERS);
    assert!(limiter.count("busy", 2, into_minute(2)).retry_after.is_some(), "who asks most is not forgotten");
}
