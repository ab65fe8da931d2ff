//! SIGHUP: who may call is read again.
#![cfg(unix)]

use super::server::{HttpServer, until, write_callers};

const ALICE: (&str, &str, &str) = ("alice", "token-of-alice-0123456789", "*");
const BOB: (&str, &str, &str) = ("bob", "token-of-bob-0123456789", "*");

#[tokio::test]
async fn callers_are_added_and_removed_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = write_callers(folder.path(), &[ALICE]);
    let server = HttpServer::start(&["--sandbox", &format!("--caller-tokens-file={}", file.display())]).await;
    assert!(server.read_as(ALICE.1).await.is_success());
    let refused = server.read_as(BOB.1).await;
    assert_eq!(refused.status, 401, "{refused:?}");
    assert!(refused.header("www-authenticate").starts_with("Bearer "), "{refused:?}");

    write_callers(folder.path(), &[BOB]);
    server.signal("-HUP").await;
    until(async || server.read_as(BOB.1).await.is_success()).await;
    assert_eq!(server.read_as(ALICE.1).await.status, 401);
}

#[tokio::test]
async fn a_caller_gets_other_scopes_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = write_callers(folder.path(), &[ALICE]);
    let server = HttpServer::start(&["--sandbox", &format!("--caller-tokens-file={}", file.display())]).await;
    let wrote = server.write_as(ALICE.1).await;
    assert!(wrote.is_success(), "{wrote:?}");
    write_callers(folder.path(), &[(ALICE.0, ALICE.1, "sessions:read")]);
    server.signal("-HUP").await;
    until(async || server.write_as(ALICE.1).await.status == 403).await;
    assert!(server.read_as(ALICE.1).await.is_success());
}

#[tokio::test]
async fn a_file_that_cannot_be_used_leaves_the_callers_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let file = write_callers(folder.path(), &[ALICE]);
    let server = HttpServer::start(&["--sandbox", &format!("--caller-tokens-file={}", file.display())]).await;
    let broken = ["[[caller]]\nname = \"bob\"\ntoken = \"token-of-bob-0123", "", "caller = 1"];
    for (count, text) in broken.into_iter().enumerate() {
        std::fs::write(&file, text).unwrap();
        server.signal("-HUP").await;
        until(async || server.log().matches("who may call stays as it was").count() == count + 1).await;
        assert!(server.read_as(ALICE.1).await.is_success());
        assert_eq!(server.read_as(BOB.1).await.status, 401);
    }
    std::fs::remove_file(&file).unwrap();
    server.signal("-HUP").await;
    until(async || server.log().contains("cannot be read")).await;
    assert!(server.read_as(ALICE.1).await.is_success());
    let log = server.log();
    assert!(log.contains("ERROR") && log.contains("callers.toml:"), "{log}");
    assert!(!log.contains("token-of-bob"), "{log}");

    write_callers(folder.path(), &[BOB]);
    server.signal("-HUP").await;
    until(async || server.read_as(BOB.1).await.is_success()).await;
}

#[tokio::test]
async fn a_hangup_does_not_end_a_server_that_has_nothing_to_read_again() {
    let server = HttpServer::start(&["--sandbox"]).await;
    // At once: whoever sees the line may send it.
    server.signal("-HUP").await;
    until(async || server.log().contains("was read again")).await;
    assert_eq!(server.get("/readyz").await.unwrap().status, 200);
}
