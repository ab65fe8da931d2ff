//! The sandbox inside the program: where it answers.

use std::net::TcpListener;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::server::{http, program, soon};

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
