use std::time::Duration;

use super::Buckets;
use crate::clock::Timestamp;

fn begin() -> Timestamp {
    Timestamp::from_unix_millis(1_800_000_000_000)
}

#[test]
fn a_bucket_empties_at_once_and_fills_evenly() {
    let buckets = Buckets::default();
    let take = |millis| buckets.take("a", 60, begin().after(Duration::from_millis(millis)));
    let left: Vec<u32> = (0..60).map(|_| take(0).remaining).collect();
    assert_eq!(left, (0..60).rev().collect::<Vec<_>>());
    let empty = take(250);
    assert_eq!(empty.wait, Some(Duration::from_millis(750)));
    assert_eq!(empty.full_at, begin().after(Duration::from_mins(1)));
    assert_eq!(take(1_000).wait, None, "a second brings one token");
    assert!(take(1_000).wait.is_some());
    assert_eq!(take(1_000_000).remaining, 59, "it holds no more than its size");
}

#[test]
fn each_name_has_a_bucket_of_its_own() {
    let buckets = Buckets::default();
    assert!(buckets.take("a", 1, begin()).wait.is_none());
    assert!(buckets.take("a", 1, begin()).wait.is_some());
    assert!(buckets.take("b", 1, begin()).wait.is_none());
}
