//! Two replicas of a server, as processes that share a Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::redis::RedisServer;
use super::server::{Answer, HttpServer, call, client, post, send, until, write_callers};
use crate::process::soon;

const ALICE: &str = "token-of-alice-0123456789";
const BOB: &str = "token-of-bob-0123456789";
const CAROL: &str = "token-of-carol-0123456789";

/// Two replicas with these flags that share a Redis.
async fn two(redis: &RedisServer, flags: &[&str]) -> (HttpServer, HttpServer) {
    let folder = tempfile::tempdir().unwrap();
    let callers = [("alice", ALICE, "*"), ("bob", BOB, "*"), ("carol", CAROL, "*")];
    let callers = format!("--caller-tokens-file={}", write_callers(folder.path(), &callers).display());
    let redis = redis.flag();
    let flags = [&["--sandbox", callers.as_str(), redis.as_str()], flags].concat();
    (HttpServer::start(&flags).await, HttpServer::start(&flags).await)
}

/// Whether a replica says that it shares.
async fn sharing(replica: &HttpServer) -> String {
    let ready = replica.get("/readyz").await.expect("the replica runs");
    assert_eq!(ready.status, 200, "a replica that shares nothing serves on: {ready:?}");
    ready.message()["sharing"].as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn assert_limited(answer: &Answer) {
    assert_eq!(answer.status, 429, "{answer:?}");
    let message = answer.message();
    assert_eq!((&message["id"], &message["error"]["data"]["kind"]), (&json!(7), &json!("rate_limited")));
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0), "{answer:?}");
}

#[tokio::test]
async fn a_limit_of_writing_calls_holds_across_replicas() {
    let Some(redis) = RedisServer::start().await else { return };
    let (a, b) = two(&redis, &["--write-rate=1"]).await;
    assert!(a.write_as(ALICE).await.is_success());
    assert_limited(&b.write_as(ALICE).await);
    assert_limited(&a.write_as(ALICE).await);
    assert!(b.read_as(ALICE).await.is_success(), "only writing is limited");
    assert!(b.write_as(BOB).await.is_success(), "another caller has calls of its own");
    assert_limited(&a.write_as(BOB).await);
}

/// A message in a session, as the caller with this token.
async fn in_session(server: &HttpServer, token: &str, session: &str, message: &Value) -> Answer {
    let mut request = post(server.http(), &server.url, message).bearer_auth(token);
    request = request.header("mcp-protocol-version", "2025-11-25");
    if !session.is_empty() {
        request = request.header("mcp-session-id", session);
    }
    send(request).await.expect("the server answers")
}

#[tokio::test]
async fn a_session_opened_on_one_replica_continues_on_the_other_for_its_caller_only() {
    let Some(redis) = RedisServer::start().await else { return };
    let (a, b) = two(&redis, &["--sessions"]).await;
    let client_info = json!({ "name": "tests", "version": "1" });
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client_info });
    let initialize = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
    let opened = in_session(&a, ALICE, "", &initialize).await;
    let session = opened.header("mcp-session-id");
    assert!(!session.is_empty(), "{opened:?}");
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    assert_eq!(in_session(&a, ALICE, session, &initialized).await.status, 202);

    let params = json!({ "name": "sessions_list", "arguments": {} });
    let call = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params });
    for replica in [&b, &a, &b] {
        let answer = in_session(replica, ALICE, session, &call).await;
        assert!(answer.is_success(), "{answer:?}");
    }
    for (replica, token, session) in [(&a, BOB, session), (&b, BOB, session), (&b, ALICE, "another")] {
        let answer = in_session(replica, token, session, &call).await;
        assert_eq!(answer.status, 404, "{answer:?}");
    }

    let end = b.http().delete(&b.url).bearer_auth(ALICE).header("mcp-session-id", session);
    assert!(matches!(send(end).await.unwrap().status, 200..300));
    let answer = in_session(&b, ALICE, session, &call).await;
    assert_eq!(answer.status, 404, "{answer:?}");
    // The other replica, which has the session open, learns of it within seconds.
    until(async || in_session(&a, ALICE, session, &call).await.status == 404).await;
}

#[tokio::test]
async fn replicas_serve_on_without_redis_and_share_again_when_it_is_back() {
    let Some(mut redis) = RedisServer::start().await else { return };
    let (a, b) = two(&redis, &["--write-rate=1"]).await;
    assert!(a.write_as(ALICE).await.is_success());
    assert_limited(&b.write_as(ALICE).await);
    assert_eq!((sharing(&a).await, sharing(&b).await), ("ok".to_owned(), "ok".to_owned()));

    redis.kill();
    for replica in [&a, &b] {
        assert!(replica.read_as(ALICE).await.is_success());
        assert!(replica.write_as(BOB).await.is_success(), "each replica goes by what it knows itself");
        assert_limited(&replica.write_as(BOB).await);
        until(async || sharing(replica).await == "degraded").await;
    }

    redis.restart().await;
    for replica in [&a, &b] {
        until(async || sharing(replica).await == "ok").await;
    }
    assert!(b.write_as(CAROL).await.is_success());
    assert_limited(&a.write_as(CAROL).await);
}

/// Gives each connection to the next of these addresses. Where nobody listens, it is closed.
async fn round_robin(addresses: [String; 2]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/mcp", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for address in addresses.iter().cycle() {
            let (mut from, _) = listener.accept().await.unwrap();
            let address = address.clone();
            tokio::spawn(async move {
                let mut to = TcpStream::connect(address).await?;
                tokio::io::copy_bidirectional(&mut from, &mut to).await
            });
        }
    });
    url
}

/// An API that counts its requests, and answers none of them before it is opened.
async fn gated_api() -> (String, Arc<AtomicUsize>, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (open, opened) = watch::channel(false);
    let count = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&count);
    let answer = move || {
        let mut opened = opened.clone();
        counting.fetch_add(1, Ordering::SeqCst);
        async move {
            opened.wait_for(|is_open| *is_open).await.expect("the test goes on");
            Json(json!({ "data": [] }))
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (url, count, open)
}

#[tokio::test]
async fn callers_who_try_again_do_not_lose_a_call_when_a_replica_is_killed() {
    const CALLS: usize = 64;

    let (api, arrived, open) = gated_api().await;
    let flags = [&format!("--base-url={api}"), "--api-key=k"];
    let (a, b) = (HttpServer::start(&flags).await, HttpServer::start(&flags).await);
    let url = round_robin([a.address().to_owned(), b.address().to_owned()]).await;
    let calls = (0..CALLS).map(|_| {
        let (http, url) = (client().build().unwrap(), url.clone());
        tokio::spawn(async move {
            let mut failures = 0;
            loop {
                match send(call(&http, &url, "sessions_list", &json!({}))).await {
                    Ok(answer) => return (answer, failures),
                    Err(_) => failures += 1,
                }
            }
        })
    });
    let calls: Vec<_> = calls.collect();
    until(async || arrived.load(Ordering::SeqCst) == CALLS).await;
    a.signal("-KILL").await;
    let killed = a.ended().await;
    assert_eq!(killed.code, None, "{killed:?}");
    open.send(true).unwrap();

    let mut failures = 0;
    for call in calls {
        let (answer, failed) = soon(call).await.unwrap();
        assert!(answer.is_success(), "{answer:?}");
        failures += failed;
    }
    assert!(failures >= CALLS / 2, "half of the calls were with the replica that was killed: {failures}");
    assert!(b.call("sessions_list", &json!({}), &[]).await.is_success());
    let end = b.stop().await;
    assert_eq!(end.code, Some(0), "{end:?}");
}
