//! The sandbox inside the program: where it answers, and what it may reach.

use std::net::TcpListener;

use crate::commands::run;
use crate::http::server::client;
use crate::process::Process;

#[tokio::test]
async fn a_person_finds_the_page_of_the_sandbox_where_stderr_says() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Process::with_session(&["--sandbox", &format!("--sandbox-port={}", free.port())]).await;
    let page = format!("http://{free}/_sandbox/page");
    let answer = client().build().unwrap().get(&page).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().starts_with("<!doctype html>"));
    let end = server.leave().await;
    assert!(end.is_clean() && end.stderr.contains(&page), "{}", end.stderr);
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let ran =
        run(&["--sandbox", &format!("--sandbox-port={}", address.port()), "call", "info_version"]).await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains(&address.to_string()), "{}", ran.stderr);
}

#[tokio::test]
async fn webhooks_reach_this_machine_only_where_that_is_allowed() {
    let arguments = r#"--json={"url":"http://127.0.0.1:9/hook","events":["message.received"]}"#;
    let refused = run(&["--sandbox", "call", "webhooks_create", arguments]).await;
    assert_eq!(refused.code, Some(1), "{}", refused.stdout);
    assert!(refused.stderr.contains("private addresses"), "{}", refused.stderr);
    let allowed = run(&["--sandbox", "--sandbox-allow-private", "call", "webhooks_create", arguments]).await;
    assert_eq!(allowed.code, Some(0), "{}", allowed.stderr);
}
