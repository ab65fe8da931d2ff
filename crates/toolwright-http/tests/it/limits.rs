//! What one request carries, what one caller does, and what all do at once.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use toolwright::catalog::Effect;
use toolwright_http::limits::{Admission, Rates, read_body};
use toolwright_http::shared::{InProcess, Quota};
use toolwright_http::{Fingerprint, Refusal};

const SECOND: Duration = Duration::from_secs(1);

fn header<'a>(refusal: &'a Refusal, name: &str) -> Option<&'a str> {
    refusal.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.to_str().unwrap())
}

#[tokio::test]
async fn calls_beyond_the_limit_wait_in_order_and_then_are_refused() {
    let admission = Arc::new(Admission::new(1, 2, Duration::from_hours(1)));
    let running = admission.admit().await.unwrap();
    let mut first = Box::pin(admission.admit());
    let mut second = Box::pin(admission.admit());
    assert!((&mut first).now_or_never().is_none());
    assert!((&mut second).now_or_never().is_none());

    let refused = admission.admit().await.unwrap_err();
    assert_eq!((refused.status, refused.kind), (StatusCode::SERVICE_UNAVAILABLE, "overloaded"));
    assert_eq!(header(&refused, "retry-after"), Some("1"));

    drop(running);
    assert!((&mut second).now_or_never().is_none(), "overtakes the first");
    let first = (&mut first).now_or_never().unwrap().unwrap();
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    assert!((&mut second).now_or_never().unwrap().is_ok());
}

#[tokio::test]
async fn whoever_gives_up_waiting_makes_room_for_another() {
    let admission = Admission::new(1, 1, Duration::from_hours(1));
    let running = admission.admit().await.unwrap();
    {
        let mut waiting = Box::pin(admission.admit());
        assert!((&mut waiting).now_or_never().is_none());
        assert!(admission.admit().now_or_never().unwrap().is_err());
    }
    let mut waiting = Box::pin(admission.admit());
    assert!((&mut waiting).now_or_never().is_none());
    drop(running);
    assert!((&mut waiting).now_or_never().unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_longer_than_the_longest_wait() {
    let admission = Admission::new(1, 1, 5 * SECOND);
    let _running = admission.admit().await.unwrap();
    let refused = admission.admit().await.unwrap_err();
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_place_is_kept_until_the_answer_has_been_sent() {
    let admission = Admission::new(1, 0, SECOND);
    let mut body = Box::pin(admission.admit().await.unwrap().hold(Body::from("answer")));
    assert!(admission.admit().await.is_err());
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "answer");
    assert!(body.frame().await.is_none());
    drop(admission.admit().await.unwrap());

    let given_up = admission.admit().await.unwrap().hold(Body::from("answer"));
    assert!(admission.admit().await.is_err());
    drop(given_up);
    assert!(admission.admit().await.is_ok());
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    assert_eq!(read_body(Body::from("12345"), 5, SECOND).await.unwrap(), "12345");
    let declared = read_body(Body::from("123456"), 5, SECOND).await.unwrap_err();
    let parts = || stream::iter(["123", "456"]).map(|part| Ok::<_, std::io::Error>(Bytes::from(part)));
    let streamed = read_body(Body::from_stream(parts()), 5, SECOND).await.unwrap_err();
    for refused in [declared, streamed] {
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(refused.message.contains("larger than 5 bytes"), "{}", refused.message);
    }
    assert_eq!(read_body(Body::from_stream(parts()), 6, SECOND).await.unwrap(), "123456");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_in_or_breaks_off_is_given_up() {
    let trickle = stream::unfold((), |()| async {
        tokio::time::sleep(SECOND).await;
        Some((Ok::<_, std::io::Error>(Bytes::from("a")), ()))
    });
    let refused = read_body(Body::from_stream(trickle), 1 << 20, 10 * SECOND).await.unwrap_err();
    assert_eq!(refused.status, StatusCode::REQUEST_TIMEOUT);

    let broken = stream::iter([Ok(Bytes::from("a")), Err(std::io::Error::other("gone"))]);
    let refused = read_body(Body::from_stream(broken), 1 << 20, SECOND).await.unwrap_err();
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

fn an_hour(calls: u32) -> Quota {
    Quota::new(NonZeroU32::new(calls).unwrap(), Duration::from_hours(1))
}

fn told(headers: &HeaderMap, name: &str) -> u64 {
    headers[name].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn each_caller_has_calls_of_its_own_and_is_told_how_many() {
    let rates = Rates { read: Some(an_hour(2)), write: None };
    let shared = InProcess::default();
    let (alice, bob) = (Fingerprint::of("key", "alice"), Fingerprint::of("key", "bob"));
    let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    for remaining in [1, 0] {
        let mut headers = HeaderMap::new();
        rates.check(&shared, &alice, Effect::Read).await.unwrap().write(&mut headers);
        assert_eq!(told(&headers, "x-ratelimit-limit"), 2);
        assert_eq!(told(&headers, "x-ratelimit-remaining"), remaining);
        // Each call takes half an hour to come back.
        let reset = told(&headers, "x-ratelimit-reset") - before;
        let due = 1_800 * (2 - remaining);
        assert!((due..due + 600).contains(&reset), "{reset}");
    }
    let refused = rates.check(&shared, &alice, Effect::Read).await.unwrap_err();
    assert_eq!((refused.status, refused.kind), (StatusCode::TOO_MANY_REQUESTS, "rate_limited"));
    assert!(refused.message.contains("its read calls, 2 an hour"), "{}", refused.message);
    let retry_after: u64 = header(&refused, "retry-after").unwrap().parse().unwrap();
    assert!((1_200..=1_800).contains(&retry_after), "{retry_after}");
    assert_eq!(header(&refused, "x-ratelimit-remaining"), Some("0"));
    assert!(rates.check(&shared, &bob, Effect::Read).await.is_ok());
}

#[tokio::test]
async fn reading_and_writing_are_counted_apart_and_destroying_is_writing() {
    let rates = Rates { read: Some(an_hour(1)), write: Some(an_hour(2)) };
    let shared = InProcess::default();
    let caller = Fingerprint::anonymous();
    for effect in [Effect::Write, Effect::Destructive] {
        rates.check(&shared, &caller, effect).await.unwrap();
    }
    assert!(rates.check(&shared, &caller, Effect::Write).await.is_err());
    assert!(rates.check(&shared, &caller, Effect::Destructive).await.is_err());
    assert!(rates.check(&shared, &caller, Effect::Read).await.is_ok());
}

#[tokio::test]
async fn without_a_quota_nothing_is_counted_or_told() {
    let (rates, shared, caller) = (Rates::default(), InProcess::default(), Fingerprint::anonymous());
    let mut headers = HeaderMap::new();
    for _ in 0..1_000 {
        rates.check(&shared, &caller, Effect::Write).await.unwrap().write(&mut headers);
    }
    assert!(headers.is_empty());
}
