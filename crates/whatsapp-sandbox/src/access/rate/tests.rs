use std::time::Duration;

use super::{RateLimiter, WINDOW_MS};
use crate::clock::{Clock, Timestamp};

/// An instant this many milliseconds into a full minute.
fn into_minute(millis: u64) -> Timestamp {
    let now = Clock.now();
    let start = now.before(Duration::from_millis(now.unix_millis().rem_euclid(WINDOW_MS).unsigned_abs()));
    start.after(Duration::from_millis(millis))
}

#[test]
fn the_request_after_the_last_is_told_when_to_come_again() {
    let limiter = RateLimiter::new(2);
    assert_eq!(limiter.count("a", into_minute(0)).remaining, 1);
    assert_eq!(limiter.count("a", into_minute(10)).remaining, 0);
    let refused = limiter.count("a", into_minute(30_000));
    assert_eq!(refused.retry_after, Some(Duration::from_secs(30)));
    assert_eq!(limiter.count("b", into_minute(30_000)).retry_after, None, "another caller has its own count");
}

#[test]
fn the_window_slides_over_the_minute() {
    let limiter = RateLimiter::new(10);
    for _ in 0..10 {
        assert_eq!(limiter.count("a", into_minute(59_000)).retry_after, None);
    }
    assert!(
        limiter.count("a", into_minute(60_000)).retry_after.is_some(),
        "the last minute still counts in full"
    );
    assert_eq!(limiter.count("a", into_minute(90_000)).remaining, 4, "half of it has passed");
    assert_eq!(limiter.count("a", into_minute(300_000)).remaining, 9, "all of it has passed");
}
