//! An API that is down, slow, or answers garbage, while many call at once.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use toolwright::client::Upstream;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Served, config};
use crate::world::Era;

async fn answering(template: ResponseTemplate) -> MockServer {
    let api = MockServer::start().await;
    Mock::given(any()).respond_with(template).mount(&api).await;
    api
}

/// Calls 64 times at once and gives the kinds of what came.
async fn storm(served: &Served) -> Vec<String> {
    let calls = (0..64).map(|n| async move {
        let era = if n % 2 == 0 { Era::Stateless } else { Era::Handshake };
        let answer = served.call(era, "sessions_list", json!({}), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let message = answer.message();
        let kind = &message["result"]["structuredContent"]["kind"];
        kind.as_str().unwrap_or("ok").to_owned()
    });
    let mut kinds = futures_util::future::join_all(calls).await;
    kinds.dedup();
    kinds
}

#[tokio::test]
async fn an_api_that_is_down_is_told_to_each_of_many_callers() {
    let served = Served::start(config("http://127.0.0.1:9", "key", "*")).await;
    assert_eq!(storm(&served).await, ["upstream_unavailable"]);
}

#[tokio::test]
async fn an_api_that_answers_garbage_is_told_to_each_of_many_callers() {
    let api = answering(ResponseTemplate::new(200).set_body_raw("<html>", "text/html")).await;
    let served = Served::start(config(&api.uri(), "key", "*")).await;
    assert_eq!(storm(&served).await, ["upstream_error"]);
    let api = answering(ResponseTemplate::new(500).set_body_raw("\u{0}\u{1}", "application/json")).await;
    let served = Served::start(config(&api.uri(), "key", "*")).await;
    assert_eq!(storm(&served).await, ["upstream_error"]);
}

#[tokio::test]
async fn an_api_that_is_slow_ends_in_a_time_out_for_each_of_many_callers() {
    let api = answering(ResponseTemplate::new(200).set_delay(Duration::from_mins(1))).await;
    let mut config = config(&api.uri(), "key", "*");
    config.call_timeout = Duration::from_millis(300);
    config.upstream = Upstream::builder(&api.uri()).build().unwrap();
    let served = Served::start(config).await;
    assert_eq!(storm(&served).await, ["timeout"]);
}

#[tokio::test]
async fn what_the_api_says_about_its_limits_is_on_the_answer() {
    let template = ResponseTemplate::new(429)
        .insert_header("x-ratelimit-limit", "60")
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", "17")
        .insert_header("retry-after", "17")
        .set_body_json(json!({ "error": "slow down" }));
    let api = answering(template).await;
    let served = Served::start(config(&api.uri(), "key", "*")).await;
    for era in [Era::Stateless, Era::Handshake] {
        let answer = served.call(era, "sessions_list", json!({}), &[]).await;
        assert_eq!(answer.message()["result"]["structuredContent"]["kind"], "rate_limited");
        for (name, value) in [
            ("x-ratelimit-limit", "60"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "17"),
            ("retry-after", "17"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
    }
}

#[tokio::test]
async fn a_client_that_leaves_takes_its_call_back() {
    let api = answering(ResponseTemplate::new(200).set_delay(Duration::from_mins(1))).await;
    let mut config = config(&api.uri(), "key", "*");
    // One call at a time: the second can only run when the first has really ended.
    (config.concurrency, config.queue) = (1, 4);
    let served = Served::start(config).await;
    let abandoned = served.call(Era::Stateless, "sessions_list", json!({}), &[]);
    assert!(tokio::time::timeout(Duration::from_millis(300), abandoned).await.is_err());
    api.reset().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!([]))).mount(&api).await;
    let next = served.call(Era::Stateless, "sessions_list", json!({}), &[]);
    let answer = tokio::time::timeout(Duration::from_secs(20), next).await.expect("the first call has ended");
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}
