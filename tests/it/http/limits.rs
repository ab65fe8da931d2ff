//! Too much, from one caller or from all.

use std::num::NonZeroU32;
use std::time::Duration;

use futures_util::future::{Either, select};
use http::StatusCode;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use toolwright::client::Upstream;
use toolwright_http::HttpConfig;
use toolwright_http::access::Access;
use toolwright_http::shared::Quota;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Answer, Served, config};
use crate::world::{self, Era};

fn an_hour(calls: u32) -> Quota {
    Quota::new(NonZeroU32::new(calls).unwrap(), Duration::from_hours(1))
}

#[track_caller]
fn seconds(answer: &Answer, name: &str) -> u64 {
    let value = answer.header(name).unwrap_or_else(|| panic!("no {name}: {answer:?}"));
    value.parse().unwrap_or_else(|_| panic!("{name} is {value}"))
}

/// A call has these left of so many.
#[track_caller]
fn assert_left(answer: &Answer, left: u64, limit: u64) {
    assert_eq!(seconds(answer, "x-ratelimit-limit"), limit);
    assert_eq!(seconds(answer, "x-ratelimit-remaining"), left);
    assert!(seconds(answer, "x-ratelimit-reset") > 1_700_000_000, "a time, in seconds since 1970");
}

#[track_caller]
fn assert_refused(answer: &Answer, limit: u64) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{answer:?}");
    assert_left(answer, 0, limit);
    let after = seconds(answer, "retry-after");
    assert!((1..=3_600).contains(&after), "{after}");
    let message = answer.message();
    assert_eq!(message["id"], 1, "{message}");
    assert_eq!(message["error"]["code"], -32_006);
    assert_eq!(message["error"]["data"]["kind"], "rate_limited");
    assert_eq!(message["error"]["data"]["retry_after_s"], after);
}

#[tokio::test]
async fn reading_and_writing_calls_are_limited_apart() {
    // An API that says nothing about limits of its own, which would stand on the answers.
    let api = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "data": [] }));
    Mock::given(any()).respond_with(answer).mount(&api).await;
    for era in [Era::Stateless, Era::Handshake] {
        let mut config = config(&api.uri(), "key", "*");
        (config.rates.read, config.rates.write) = (Some(an_hour(2)), Some(an_hour(1)));
        let served = Served::start(config).await;
        let read = async || served.call(era, "sessions_list", json!({}), &[]).await;
        let presence = json!({ "session": "main", "presence": "available" });
        let write = async || served.call(era, "presence_set", presence.clone(), &[]).await;

        let first = read().await;
        assert_eq!(first.status, StatusCode::OK, "{first:?}");
        assert_left(&first, 1, 2);
        assert_left(&read().await, 0, 2);
        assert_refused(&read().await, 2);
        let changed = write().await;
        assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
        assert_refused(&write().await, 1);
        assert_refused(&served.stateless("tools/list", json!({}), &[]).await, 2);
    }
}

#[tokio::test]
async fn limits_that_the_api_tells_stand_in_place_of_the_servers_own() {
    let api = MockServer::start().await;
    let answer = ResponseTemplate::new(200)
        .set_body_json(json!({ "data": [] }))
        .insert_header("x-ratelimit-limit", "60")
        .insert_header("x-ratelimit-remaining", "59");
    Mock::given(any()).respond_with(answer).mount(&api).await;
    let mut config = config(&api.uri(), "key", "*");
    config.rates.read = Some(an_hour(2));
    let served = Served::start(config).await;
    let answer = served.call(Era::Stateless, "sessions_list", json!({}), &[]).await;
    assert_eq!((seconds(&answer, "x-ratelimit-limit"), seconds(&answer, "x-ratelimit-remaining")), (60, 59));
    assert_eq!(answer.header("x-ratelimit-reset"), None, "the two limits are not mixed: {answer:?}");
}

#[tokio::test]
async fn each_caller_has_a_limit_of_its_own() {
    let sandbox = world::sandbox().await;
    let upstream = Upstream::builder(sandbox.url()).build().unwrap();
    let mut config = HttpConfig::new(upstream, Access::forward(toolwright::Granted::all()));
    config.rates.read = Some(an_hour(1));
    let served = Served::start(config).await;
    let read = async |key: &str| {
        let key = format!("Bearer {key}");
        served.call(Era::Stateless, "sessions_list", json!({}), &[("authorization", &key)]).await
    };
    for key in [whatsapp_sandbox::FULL_KEY, whatsapp_sandbox::MESSAGES_KEY] {
        assert_eq!(read(key).await.status, StatusCode::OK);
        assert_refused(&read(key).await, 1);
    }
}

#[tokio::test]
async fn a_call_that_finds_the_queue_full_is_told_to_come_back() {
    let api = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", api.local_addr().unwrap());
    let mut config = config(&url, "key", "*");
    (config.concurrency, config.queue) = (1, 1);
    let served = Served::start(config).await;
    let call = || Box::pin(served.call(Era::Stateless, "sessions_list", json!({}), &[]));

    let running = call();
    let arrived = Box::pin(async {
        let (mut stream, _) = api.accept().await.unwrap();
        assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
        stream
    });
    let Either::Right((stream, running)) = select(running, arrived).await else { panic!("no API answered") };
    // One of these two waits, and the other is refused.
    let (refused, waiting) = select(call(), call()).await.factor_first();
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{refused:?}");
    assert!(seconds(&refused, "retry-after") >= 1);
    let message = refused.message();
    assert_eq!((&message["id"], &message["error"]["data"]["kind"]), (&json!(1), &json!("overloaded")));
    // What makes nobody work is served all the same.
    let listed = served.stateless("tools/list", json!({}), &[]).await;
    assert_eq!(listed.status, StatusCode::OK, "{listed:?}");

    drop((stream, api));
    for answer in [running.await, waiting.await] {
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(answer.message()["result"]["structuredContent"]["kind"], "upstream_unavailable");
    }
}
