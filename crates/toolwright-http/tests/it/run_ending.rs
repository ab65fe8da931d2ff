//! How a server ends.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use toolwright_http::run::RunOptions;

use crate::serving::{Flag, LONG, hello, hello_again, rest, serve, until};

/// Longer than a test waits for the end.
const NEVER: Duration = Duration::from_hours(1);

/// A request that ends when it is told to.
fn held(begun: &Flag, go_on: &Arc<Notify>, given_up: &Flag) -> Router {
    let (begun, go_on, given_up) = (begun.clone(), Arc::clone(go_on), given_up.clone());
    let held = async move || {
        let _given_up = given_up.raised_on_drop();
        begun.raise();
        go_on.notified().await;
        "finished"
    };
    Router::new().route("/", get(held))
}

#[tokio::test]
async fn what_is_in_flight_finishes_and_nothing_new_begins() {
    let (begun, go_on) = (Flag::default(), Arc::new(Notify::new()));
    let options = RunOptions { drain: NEVER, ..RunOptions::default() };
    let stop = options.stop.clone();
    let server = serve(held(&begun, &go_on, &Flag::default()), options);
    let stream = server.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    begun.raised("the request does not arrive").await;
    assert_eq!(server.readiness.check(), Ok(()));

    server.stop();
    let address = server.address;
    until("connections are still accepted", async || TcpStream::connect(address).await.is_err()).await;
    assert_eq!(server.readiness.check(), Err("the server is stopping"));
    until("streams are not told to end", async || stop.is_cancelled()).await;

    go_on.notify_one();
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("finished"), "{answer}");
    server.ended().await;
}

#[tokio::test]
async fn what_does_not_end_in_time_is_cut_off() {
    let (begun, given_up) = (Flag::default(), Flag::default());
    let options = RunOptions { drain: Duration::from_millis(100), ..RunOptions::default() };
    let server = serve(held(&begun, &Arc::default(), &given_up), options);
    let stream = server.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    begun.raised("the request does not arrive").await;
    server.stop();
    server.ended().await;
    assert!(given_up.is_raised());
    assert_eq!(rest(stream).await, "");
}

#[tokio::test]
async fn connections_without_a_request_do_not_hold_up_the_end() {
    let options = RunOptions { drain: NEVER, ..RunOptions::default() };
    let server = serve(hello(), options);
    let silent = server.connect().await;
    let half = server.send("GET / HTT").await;
    let mut kept = server.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    hello_again(&mut kept).await;
    server.stop();
    for stream in [silent, half, kept] {
        rest(stream).await;
    }
    server.ended().await;
}

#[tokio::test]
async fn during_the_grace_requests_are_served_while_readiness_is_off() {
    let server = serve(hello(), RunOptions { grace: 10 * LONG, ..RunOptions::default() });
    server.stop();
    until("the server is still ready", async || server.readiness.check().is_err()).await;
    assert!(server.get("/").await.ends_with("served"));
}

#[test]
fn a_server_is_not_ready_before_it_runs() {
    assert_eq!(RunOptions::default().readiness.check(), Err("the server is starting"));
}
