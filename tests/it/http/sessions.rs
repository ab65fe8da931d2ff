//! Sessions that nobody uses leave the memory and come back. How many are in memory shows in whether another may be
//! opened where there may be only one.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::{Answer, HANDSHAKE, Served, config, request};
use crate::world;

/// A server that keeps one session in memory and parks it as soon as it may.
async fn room_for_one() -> (whatsapp_sandbox::Sandbox, Served) {
    let sandbox = world::sandbox().await;
    let mut config = config(sandbox.url(), sandbox.full_key(), "*");
    (config.sessions, config.max_sessions) = (true, 1);
    (config.park_after, config.call_timeout) = (Duration::ZERO, Duration::from_millis(500));
    (sandbox, Served::start(config).await)
}

async fn open(served: &Served) -> Answer {
    let client_info = json!({ "name": "tests", "version": "1" });
    let params = json!({ "protocolVersion": HANDSHAKE, "capabilities": {}, "clientInfo": client_info });
    served.post(&request("initialize", params), &[]).await
}

/// The id of a session that is opened as soon as there is room for one.
async fn opened(served: &Served) -> String {
    for _ in 0..300 {
        let answer = open(served).await;
        if answer.status == StatusCode::OK {
            return answer.header("mcp-session-id").expect("a session").to_owned();
        }
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no session was ever parked")
}

async fn ask(served: &Served, session: &str, method: &str, params: Value) -> Answer {
    served.handshake(method, params, &[("mcp-session-id", session)]).await
}

async fn works(served: &Served, session: &str) {
    let call = json!({ "name": "sessions_list", "arguments": {} });
    let answer = ask(served, session, "tools/call", call).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.message()["result"]["isError"], false, "{answer:?}");
}

#[tokio::test]
async fn a_session_without_a_use_makes_room_and_goes_on_when_it_is_used_again() {
    let (_sandbox, served) = room_for_one().await;
    let first = opened(&served).await;
    works(&served, &first).await;
    assert_eq!(open(&served).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let second = opened(&served).await;
    works(&served, &first).await;
    works(&served, &second).await;
}

#[tokio::test]
async fn a_parked_session_can_be_ended() {
    let (_sandbox, served) = room_for_one().await;
    let first = opened(&served).await;
    opened(&served).await;
    let end = served.send(http::Method::DELETE, "", &[("mcp-session-id", &first)]).await;
    assert!(end.status.is_success(), "{end:?}");
    let answer = ask(&served, &first, "tools/list", json!({})).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
}

#[tokio::test]
async fn a_session_with_an_open_stream_is_in_use() {
    let (_sandbox, served) = room_for_one().await;
    let session = opened(&served).await;
    let stream = reqwest::Client::builder().no_proxy().build().unwrap().get(&served.url);
    let stream = stream.header("accept", "text/event-stream").header("mcp-session-id", &session);
    let stream = stream.header("mcp-protocol-version", HANDSHAKE).send().await.unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    // Twice as long as sessions without a use are kept here, and looked for.
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(open(&served).await.status, StatusCode::SERVICE_UNAVAILABLE);
    drop(stream);
    opened(&served).await;
}

#[tokio::test]
async fn a_session_keeps_the_level_of_logging_that_it_asked_for() {
    let (_sandbox, served) = room_for_one().await;
    let session = opened(&served).await;
    let answer = ask(&served, &session, "logging/setLevel", json!({ "level": "error" })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    tokio::time::sleep(Duration::from_secs(7)).await;
    assert_eq!(open(&served).await.status, StatusCode::SERVICE_UNAVAILABLE, "it would be lost by parking");
}
