//! What two replicas share through a real Redis, and how they go on without it.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use rmcp::transport::streamable_http_server::session::store::SessionStore as _;
use tokio::time::timeout;
use toolwright_http::shared::{Health, Quota, RedisState, SessionStoreAdapter, SharedError, SharedState};

use crate::redis_server::RedisServer;
use crate::serving::{LONG, until};
use crate::shared::session;

fn an_hour(calls: u32) -> Quota {
    Quota::new(NonZeroU32::new(calls).unwrap(), Duration::from_hours(1))
}

async fn replica(redis: &RedisServer) -> RedisState {
    RedisState::connect(&redis.url(), "test").await.unwrap()
}

/// How many calls the replicas allow, asked in turn until all refuse.
async fn allowed(replicas: &[&RedisState], bucket: &str, quota: Quota) -> u32 {
    let mut allowed = 0;
    loop {
        let before = allowed;
        for replica in replicas {
            allowed += u32::from(replica.take(bucket, quota).await.allowed);
        }
        if allowed == before {
            return allowed;
        }
    }
}

async fn healthy(replica: &RedisState) {
    until("the replica does not recover", async || replica.health() == Health::Whole).await;
}

async fn degraded(replica: &RedisState) {
    until("the replica does not notice", async || replica.health() != Health::Whole).await;
}

#[tokio::test]
async fn a_limit_holds_across_two_replicas() {
    let Some(redis) = RedisServer::start().await else { return };
    let (a, b) = (replica(&redis).await, replica(&redis).await);
    let first = a.take("read:alice", an_hour(10)).await;
    assert!(first.allowed);
    assert_eq!((first.limit, first.remaining, first.retry_after), (10, 9, Duration::ZERO));
    assert_eq!(first.reset_after, Duration::from_mins(6));
    assert_eq!(b.take("read:alice", an_hour(10)).await.remaining, 8);
    assert_eq!(allowed(&[&a, &b], "read:alice", an_hour(10)).await, 8);

    let refused = b.take("read:alice", an_hour(10)).await;
    assert!(!refused.allowed && refused.remaining == 0);
    let six_minutes = Duration::from_mins(6);
    assert!(refused.retry_after <= six_minutes && refused.retry_after > six_minutes / 2, "{refused:?}");
    assert!(refused.reset_after > 9 * six_minutes && refused.reset_after <= 10 * six_minutes, "{refused:?}");
    assert_eq!(allowed(&[&a, &b], "read:bob", an_hour(10)).await, 10);
    assert_eq!((a.health(), b.health()), (Health::Whole, Health::Whole));
}

#[tokio::test]
async fn calls_come_back_with_time() {
    let Some(redis) = RedisServer::start().await else { return };
    let a = replica(&redis).await;
    let quota = Quota::new(NonZeroU32::new(2).unwrap(), Duration::from_secs(1));
    assert!(allowed(&[&a], "read:alice", quota).await >= 2);
    until("no call comes back", async || a.take("read:alice", quota).await.allowed).await;
}

#[tokio::test]
async fn a_session_opened_on_one_replica_continues_on_the_other() {
    let Some(redis) = RedisServer::start().await else { return };
    let (a, b) = (replica(&redis).await, replica(&redis).await);
    let key = a.secret("session").await.unwrap();
    assert_eq!(b.secret("session").await.unwrap(), key);
    assert_ne!(b.secret("request-state").await.unwrap(), key);

    let (a, b) = (SessionStoreAdapter::new(Arc::new(a)), SessionStoreAdapter::new(Arc::new(b)));
    a.store("one", &session("editor")).await.unwrap();
    let loaded = b.load("one").await.unwrap().unwrap();
    assert_eq!(loaded.initialize_params.client_info.name, "editor");
    b.delete("one").await.unwrap();
    assert!(a.load("one").await.unwrap().is_none());
}

#[tokio::test]
async fn servers_with_different_prefixes_share_nothing() {
    let Some(redis) = RedisServer::start().await else { return };
    let a = RedisState::connect(&redis.url(), "a").await.unwrap();
    let b = RedisState::connect(&redis.url(), "b").await.unwrap();
    assert_ne!(a.secret("session").await.unwrap(), b.secret("session").await.unwrap());
    assert_eq!(allowed(&[&a], "read:alice", an_hour(3)).await, 3);
    assert_eq!(allowed(&[&b], "read:alice", an_hour(3)).await, 3);
}

#[tokio::test]
async fn replicas_go_on_without_redis_and_share_again_when_it_is_back() {
    let Some(mut redis) = RedisServer::start().await else { return };
    let (a, b) = (replica(&redis).await, replica(&redis).await);
    let key = a.secret("session").await.unwrap();
    assert_eq!(b.secret("session").await.unwrap(), key);
    a.store_session("before", b"1".to_vec()).await.unwrap();

    redis.kill();
    assert_eq!(allowed(&[&a, &b], "read:alice", an_hour(5)).await, 10);
    degraded(&a).await;
    degraded(&b).await;
    assert_eq!(a.load_session("before").await.unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(b.load_session("before").await, Ok(None));
    a.store_session("meanwhile", b"2".to_vec()).await.unwrap();
    assert_eq!(a.load_session("meanwhile").await.unwrap().as_deref(), Some(&b"2"[..]));
    assert_eq!(a.secret("session").await.unwrap(), key);
    assert!(matches!(a.secret("another").await, Err(SharedError::Unreachable { .. })));

    redis.restart().await;
    healthy(&a).await;
    healthy(&b).await;
    assert_eq!(allowed(&[&a, &b], "read:alice", an_hour(5)).await, 5);
    a.store_session("after", b"3".to_vec()).await.unwrap();
    assert_eq!(b.load_session("after").await.unwrap().as_deref(), Some(&b"3"[..]));
    assert_eq!(replica(&redis).await.secret("session").await.unwrap(), key);
}

#[tokio::test]
async fn a_redis_that_does_not_answer_is_away_until_it_does() {
    let Some(redis) = RedisServer::start().await else { return };
    let a = replica(&redis).await;
    redis.signal("-STOP");
    let taken = timeout(LONG, a.take("read:alice", an_hour(1))).await.expect("a call waits for Redis");
    assert!(taken.allowed);
    assert!(matches!(a.health(), Health::Degraded(why) if why.contains("127.0.0.1")));
    redis.signal("-CONT");
    healthy(&a).await;
}

#[tokio::test]
async fn a_server_that_is_told_to_share_does_not_start_without_redis() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("redis://user:hunter2@127.0.0.1:{port}/");
    let error = RedisState::connect(&url, "test").await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains(&format!("127.0.0.1:{port}")) && !text.contains("hunter2"), "{text}");

    let error = RedisState::connect("https://user:hunter2@example.com", "test").await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains("write it as `redis://") && !text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn keys_that_redis_forgets_are_put_back() {
    let Some(redis) = RedisServer::start().await else { return };
    let a = replica(&redis).await;
    let key = a.secret("session").await.unwrap();
    let client = redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let () = redis::cmd("FLUSHALL").query_async(&mut connection).await.unwrap();
    until("the key is not put back", async || {
        redis::cmd("EXISTS").arg("test:secret:session").query_async(&mut connection).await.unwrap()
    })
    .await;
    assert_eq!(replica(&redis).await.secret("session").await.unwrap(), key);
}

#[tokio::test]
async fn a_redis_without_tls_is_not_taken_for_one_with_it() {
    let Some(redis) = RedisServer::start().await else { return };
    let url = redis.url().replace("redis://", "rediss://");
    let refused = RedisState::connect(&url, "test").await;
    assert!(matches!(refused, Err(SharedError::Unreachable { .. })), "{refused:?}");
}

#[tokio::test]
async fn nothing_secret_is_printed() {
    let Some(redis) = RedisServer::start().await else { return };
    let a = replica(&redis).await;
    let key = a.secret("session").await.unwrap();
    let text = format!("{a:?}");
    assert!(text.contains("secrets"), "{text}");
    assert!(!text.contains(&format!("{}, {}", key[0], key[1])), "{text}");
}
