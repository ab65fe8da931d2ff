//! What strangers do to a server, and what it makes of it.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::routing::get;
use futures_util::{StreamExt as _, stream};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use toolwright_http::run::RunOptions;

use crate::serving::{Flag, LONG, hello, hello_again, rest, serve};

const SHORT: Duration = Duration::from_millis(200);

fn impatient() -> RunOptions {
    RunOptions { header_timeout: SHORT, idle_timeout: SHORT, ..RunOptions::default() }
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let server = serve(hello(), impatient());
    assert_eq!(rest(server.connect().await).await, "");
    // Too little to tell which version of HTTP it is.
    assert_eq!(rest(server.send("PRI * HT").await).await, "");
}

#[tokio::test]
async fn headers_that_trickle_in_do_not_keep_a_connection() {
    let server = serve(hello(), impatient());
    let mut stream = server.send("GET / HTTP/1.1\r\nHost: localhost\r\n").await;
    let trickle = async {
        let mut answer = [0];
        loop {
            let more = stream.write_all(b"X-More: a\r\n").await;
            let end = timeout(Duration::from_millis(20), stream.read(&mut answer)).await;
            if more.is_err() || matches!(end, Ok(Ok(0) | Err(_))) {
                return;
            }
        }
    };
    timeout(LONG, trickle).await.expect("the connection is kept");
}

#[tokio::test]
async fn an_opened_stream_of_http2_without_a_request_does_not_keep_a_connection() {
    let server = serve(hello(), impatient());
    // The preface and empty settings, and no more.
    let mut opening = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    opening.extend([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    rest(server.send(opening).await).await;
}

#[tokio::test]
async fn a_kept_connection_serves_another_request_and_ends_when_it_is_idle() {
    let server = serve(hello(), RunOptions { idle_timeout: SHORT, ..RunOptions::default() });
    let mut stream = server.connect().await;
    for _ in 0..2 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        hello_again(&mut stream).await;
    }
    assert_eq!(rest(stream).await, "");
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_does_not_keep_a_connection() {
    let sent = Flag::default();
    let body = sent.clone();
    let large = async move || Body::from(Bytes::from_owner(body.raised_on_drop()));
    let server = serve(Router::new().route("/", get(large)), impatient());
    let stream = server.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    sent.raised("the answer is kept for a client that does not read it").await;
    drop(stream);
}

#[tokio::test]
async fn a_client_that_reads_its_answer_slowly_gets_all_of_it() {
    let sent = Flag::default();
    let body = sent.raised_on_drop();
    let length = body.as_ref().len();
    let body = Bytes::from_owner(body);
    let large = async move || Body::from(body);
    let server = serve(Router::new().route("/", get(large)), impatient());
    let mut stream = server.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let (mut read, mut chunk) = (0, vec![0; 256 << 10]);
    while read < length {
        let more = timeout(LONG, stream.read(&mut chunk)).await.unwrap().unwrap();
        assert!(more > 0, "the answer ends after {read} bytes");
        read += more;
        // Longer in all than an idle connection would live.
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

#[tokio::test]
async fn an_answer_that_goes_on_keeps_its_connection() {
    let events = async || {
        Body::from_stream(stream::iter(["first", "last"]).then(async |event| {
            // Longer than an idle connection would live.
            tokio::time::sleep(Duration::from_secs(if event == "last" { 7 } else { 0 })).await;
            Ok::<_, std::io::Error>(event)
        }))
    };
    let server = serve(Router::new().route("/", get(events)), impatient());
    let answer = server.get("/").await;
    assert!(answer.contains("first") && answer.contains("last"), "{answer}");
}

#[tokio::test]
async fn oversized_headers_are_refused_with_431() {
    let server = serve(hello(), RunOptions::default());
    let fits = format!("GET / HTTP/1.1\r\nConnection: close\r\nX-Large: {}\r\n\r\n", "a".repeat(16 << 10));
    assert!(rest(server.send(fits).await).await.starts_with("HTTP/1.1 200 "));
    let large = format!("GET / HTTP/1.1\r\nX-Large: {}", "a".repeat(32 << 10));
    assert!(rest(server.send(large).await).await.starts_with("HTTP/1.1 431 "));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X-One: more\r\n".repeat(101));
    assert!(rest(server.send(many).await).await.starts_with("HTTP/1.1 431 "));
    assert!(server.get("/").await.ends_with("served"));
}

#[tokio::test]
async fn malformed_requests_are_refused_with_400() {
    let server = serve(hello(), RunOptions::default());
    let malformed: [&[u8]; 6] = [
        b"hello\r\n\r\n",
        b"GET /\r\nHost\r\n\r\n",
        b"GET / HTTP/1.1\r\nNo colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \x00\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: minus one\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a client of TLS\r\n\r\n",
    ];
    for request in malformed {
        let answer = rest(server.send(request).await).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{}: {answer}", request.escape_ascii());
    }
    assert!(server.get("/").await.ends_with("served"));
}

#[tokio::test]
async fn more_connections_than_allowed_wait_until_others_end() {
    let server = serve(hello(), RunOptions { max_connections: 2, ..impatient() });
    let idle = [server.connect().await, server.connect().await];
    assert!(server.get("/").await.ends_with("served"));
    for stream in idle {
        assert_eq!(rest(stream).await, "");
    }
}

#[tokio::test]
async fn ten_thousand_idle_connections_do_not_keep_others_out() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let files = limit.maximum.map_or(usize::MAX, |files| usize::try_from(files).unwrap());
    let count = 10_000.min(files / 4 * 3);
    if count < 10_000 {
        eprintln!("note: {count} connections only, since {files} files may be open");
    }
    let options = RunOptions { header_timeout: 10 * LONG, ..RunOptions::default() };
    let server = serve(hello(), options);
    // The other ends are in a process of their own, which has as many files again.
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "run_faults::holds_connections", "--ignored", "--nocapture"])
        .env("HOLD", format!("{count} {}", server.address))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let held = tokio::task::spawn_blocking(move || {
        let held = lines.any(|line| line.unwrap().contains("connections are held"));
        (held, lines)
    });
    // What else it prints is left in the pipe, which must not break.
    let (held, _lines) = timeout(10 * LONG, held).await.unwrap().unwrap();
    assert!(held, "the connections could not be opened");
    assert!(server.get("/").await.ends_with("served"));
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    assert!(server.get("/").await.ends_with("served"));
}

#[test]
#[ignore = "the other process of the test above"]
fn holds_connections() {
    let Ok(order) = std::env::var("HOLD") else { return };
    let (count, address) = order.split_once(' ').unwrap();
    let address: SocketAddr = address.parse().unwrap();
    let count: usize = count.parse().unwrap();
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let held: Vec<_> = (0..count).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
    println!("\n{} connections are held", held.len());
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

fn never_ending(begun: &Flag, given_up: &Flag) -> Router {
    let (begun, given_up) = (begun.clone(), given_up.clone());
    let endless = async move || {
        let _given_up = given_up.raised_on_drop();
        begun.raise();
        std::future::pending::<()>().await;
    };
    Router::new().route("/", get(endless))
}

#[tokio::test]
async fn a_client_that_goes_away_takes_its_request_along() {
    let (begun, given_up) = (Flag::default(), Flag::default());
    let server = serve(never_ending(&begun, &given_up), RunOptions::default());
    let stream = server.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    begun.raised("the request does not arrive").await;
    assert!(!given_up.is_raised());
    drop(stream);
    given_up.raised("the request goes on without its client").await;
}

#[tokio::test]
async fn a_client_of_http2_that_goes_away_takes_its_request_along() {
    let (begun, given_up) = (Flag::default(), Flag::default());
    let server = serve(never_ending(&begun, &given_up), RunOptions::default());
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let request = tokio::spawn(client.get(format!("http://{}/", server.address)).send());
    begun.raised("the request does not arrive").await;
    assert!(!given_up.is_raised());
    request.abort();
    given_up.raised("the request goes on without its client").await;
}

#[tokio::test]
async fn a_request_carries_the_address_of_its_client() {
    let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
    let server = serve(Router::new().route("/", get(peer)), RunOptions::default());
    let stream = server.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
    let own = stream.local_addr().unwrap().to_string();
    assert!(rest(stream).await.ends_with(&own));
}
