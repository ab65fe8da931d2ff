//! What keeps a server from starting, and what it says then.

use serde_json::json;

use super::server::{HttpServer, free_port, write_callers};
use crate::commands::{Ran, run};

const HTTP: &[&str] = &["--sandbox", "--transport=http"];

/// Asserts that these flags end the program with this code, and gives the reason.
async fn refused(code: i32, flags: &[&str]) -> String {
    let Ran { code: came, stdout, stderr } = run(&[HTTP, flags].concat()).await;
    assert_eq!((came, stdout.as_str()), (Some(code), ""), "{flags:?}: {stderr}");
    stderr
}

#[tokio::test]
async fn a_key_is_not_served_to_a_whole_network() {
    for listen in ["--listen=0.0.0.0:0", "--listen=[::]:0"] {
        let reason = refused(2, &[listen]).await;
        assert!(reason.contains("--listen") && reason.contains("anyone who reaches"), "{reason}");
        assert!(reason.contains("Listen on 127.0.0.1") && reason.contains("caller_tokens_file"), "{reason}");
    }
}

#[tokio::test]
async fn a_server_that_knows_its_callers_may_listen_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let callers = write_callers(folder.path(), &[("one", "token-of-one-0123456789", "*")]);
    let callers = format!("--caller-tokens-file={}", callers.display());
    for choice in ["--credentials=forward", "--credentials=header", &callers] {
        let server = HttpServer::start_at("0.0.0.0:0", &["--sandbox", choice]).await;
        assert!(server.url.starts_with("http://0.0.0.0:"), "{}", server.url);
    }
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let reason = refused(1, &["--listen", &address]).await;
    assert!(reason.contains(&format!("--listen: the server cannot listen on {address}")), "{reason}");
    let reason = refused(1, &["--listen=127.0.0.1:0", "--metrics-listen", &address]).await;
    assert!(reason.contains(&format!("--metrics-listen: the server cannot listen on {address}")), "{reason}");
}

#[tokio::test]
async fn what_is_no_address_is_refused_with_an_example() {
    for flag in ["--listen=3100", "--listen=example.com:80", "--metrics-listen=:9"] {
        let reason = refused(2, &[flag]).await;
        assert!(reason.contains("write an IP address and a port, such as 127.0.0.1:3100"), "{reason}");
    }
}

#[tokio::test]
async fn a_file_of_callers_that_cannot_be_used_keeps_the_server_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("callers.toml");
    let flag = format!("--caller-tokens-file={}", path.display());
    assert!(refused(2, &[&flag]).await.contains("cannot be read"));
    std::fs::write(&path, "[[caller]]\nname = \"a\"\ntoken = \"hunter2\"\nscopes = []\n").unwrap();
    let reason = refused(2, &[&flag]).await;
    assert!(reason.contains("callers.toml:1") && reason.contains("fewer than 16"), "{reason}");
    assert!(!reason.contains("hunter2"), "{reason}");
    std::fs::write(&path, "").unwrap();
    assert!(refused(2, &[&flag]).await.contains("no callers"));
}

#[tokio::test]
async fn a_client_without_a_token_is_told_what_to_ask_for_first() {
    let server = HttpServer::start(&[
        "--sandbox",
        "--credentials=oauth",
        "--oauth-issuer=https://login.example.com",
        "--oauth-resource=https://mcp.example.com/mcp",
        "--oauth-audiences=api://titan",
        "--oauth-initial-scopes=chats:read,groups:read",
    ])
    .await;
    let refused = server.call("sessions_list", &json!({}), &[]).await;
    assert_eq!(refused.status, 401, "{refused:?}");
    let challenge = refused.header("www-authenticate");
    assert!(challenge.contains(r#"scope="chats:read groups:read""#), "{challenge}");
}

#[tokio::test]
async fn settings_that_contradict_each_other_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let callers = write_callers(folder.path(), &[("one", "token-of-one-0123456789", "*")]);
    let callers = format!("--caller-tokens-file={}", callers.display());
    let authorization = "--upstream-header=Authorization";
    for (flags, words) in [
        (&["--credentials=forward", &callers][..], "`Authorization` carries the API's key"),
        (&["--credentials=header", authorization, &callers], "X-Upstream-Authorization"),
        (&["--credentials=header", "--upstream-header=a b"], "--upstream-header"),
        (&["--credentials=oauth"], "needs `oauth_issuer` too"),
        (&["--http-path=mcp"], "must begin with `/`"),
        (&["--allowed-hosts=https://a.example"], "is no host"),
        (&["--allowed-origins=a.example"], "is no origin"),
        (&["--redis-url=redis://127.0.0.1", "--redis-url-file=x"], "remove one"),
    ] {
        let reason = refused(2, flags).await;
        assert!(reason.contains(words), "{flags:?}: {reason}");
    }
}

#[tokio::test]
async fn a_redis_that_cannot_be_reached_is_named_without_its_password() {
    let port = free_port();
    let reason = refused(1, &[&format!("--redis-url=redis://user:hunter2@127.0.0.1:{port}/")]).await;
    assert!(reason.contains(&format!("127.0.0.1:{port}")) && !reason.contains("hunter2"), "{reason}");
}

#[tokio::test]
async fn an_audit_log_that_cannot_be_written_keeps_the_server_from_starting() {
    let reason = refused(1, &["--audit-log=/no/such/folder/audit.jsonl"]).await;
    assert!(reason.contains("--audit-log: /no/such/folder/audit.jsonl cannot be opened"), "{reason}");
}
