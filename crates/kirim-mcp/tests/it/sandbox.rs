//! The sandbox inside the program: where it answers, and what it may reach.

use std::net::TcpListener;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::program::{http, program, soon};

#[tokio::test]
async fn a_person_finds_the_page_of_the_sandbox_where_stderr_says() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let page = format!("http://{free}/_sandbox/page");
    let flags =
        ["--transport=http", "--listen=127.0.0.1:0", "--sandbox", &format!("--sandbox-port={}", free.port())];
    let mut child = program(&flags).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    soon(async { while !lines.next_line().await.unwrap().expect("the page is named").contains(&page) {} })
        .await;
    let answer = soon(http().get(&page).send()).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(soon(answer.text()).await.unwrap().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn webhooks_reach_this_machine_only_where_that_is_allowed() {
    let create = |flags: &[&str]| {
        let arguments = r#"--json={"url":"https://127.0.0.1:9/hook","events":["message.received"]}"#;
        let call = ["--sandbox", "--toolset=full", "call", "create_webhook_subscription", arguments];
        program(&[flags, &call].concat()).output()
    };
    let refused = soon(create(&[])).await.unwrap();
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("private or local address"), "{told}");
    let allowed = soon(create(&["--sandbox-allow-private"])).await.unwrap();
    assert_eq!(allowed.status.code(), Some(0), "{allowed:?}");
}
