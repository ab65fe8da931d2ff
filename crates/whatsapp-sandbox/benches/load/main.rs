//! The figures of `docs/performance.md` that concern the sandbox: sends stored durably, what a full store changes, memory
//! and start. Prints them beside their targets and judges nothing.
//!
//! The program runs itself again as the sandbox, on a folder of the temporary directory (set `TMPDIR` for another
//! disk). `TOOLWRIGHT_BENCH_SECONDS` is how long each load goes on: 10, if not set.

#![expect(clippy::print_stdout, reason = "the figures are what a bench is for")]

mod client;
mod fill;
mod server;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use client::{Outcome, Request};
use server::Server;

const CONNECTIONS: usize = 32;
/// One of the demo's people, who reads what reaches her and does not answer.
const READER: &str = "5511988880001";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [server::ROLE, folder] => server::serve(Path::new(folder)),
        _ => print_all(),
    }
}

fn print_all() -> anyhow::Result<()> {
    let seconds = std::env::var("TOOLWRIGHT_BENCH_SECONDS").ok().and_then(|text| text.parse().ok());
    let load = Duration::from_secs(seconds.unwrap_or(10));
    let folder = tempfile::tempdir()?;

    println!("sends on {CONNECTIONS} connections, {} s, an empty store", load.as_secs());
    let server = Server::start(folder.path())?;
    let empty = sends(&server, load)?;
    empty.print(load, "at least 5,000 a second, p99 under 20 ms");
    let (send_empty, page_empty) = (one_by_one(&server, &send())?, one_by_one(&server, &page())?);
    drop(server);

    let folder = tempfile::tempdir()?;
    drop(Server::start(folder.path())?);
    fill::with_messages(folder.path(), READER, 100_000)?;
    let (start, server) = (0..5)
        .map(|_| Server::timed(folder.path()))
        .min_by_key(|it| it.as_ref().map_or(Duration::MAX, |it| it.0))
        .context("no start")??;
    println!("\n100,000 messages in the store");
    println!("  start {:.0} ms   target: under 150 ms", start.as_secs_f64() * 1e3);
    one_by_one(&server, &page())?;
    println!(
        "  resident after {} chat pages {:.1} MB   target: at most 60 MB",
        client::ONE_BY_ONE,
        server.resident_mb()?
    );
    drop(server);

    fill::with_messages(folder.path(), READER, 900_000)?;
    let server = Server::start(folder.path())?;
    println!("\n1,000,000 messages in the store");
    let (send_full, page_full) = (one_by_one(&server, &send())?, one_by_one(&server, &page())?);
    for (what, empty, full) in [("send", send_empty, send_full), ("chat page", page_empty, page_full)] {
        let (before, after) = (empty.percentile(0.5), full.percentile(0.5));
        println!(
            "  {what} p50 {after:.0} µs against {before:.0} µs: {:+.0} %   target: at most +20 %",
            (after / before - 1.0) * 100.0
        );
    }
    let full = sends(&server, load)?;
    full.print(load, "as above");
    println!("  resident after it {:.1} MB", server.resident_mb()?);
    Ok(())
}

/// A text to somebody who reads it; the path that most messages take.
fn send() -> Request {
    Request::post(
        "/api/messages/send",
        &format!(r#"{{"session":"main","chatId":"{READER}","type":"text","text":"figures"}}"#),
    )
}

/// The newest messages of a chat that has all of the store's.
fn page() -> Request {
    Request::get(&format!("/_sandbox/sessions/main/chats/{READER}/messages"))
}

fn sends(server: &Server, load: Duration) -> anyhow::Result<Outcome> {
    client::together(&server.address, &send(), CONNECTIONS, load)
}

fn one_by_one(server: &Server, request: &Request) -> anyhow::Result<Outcome> {
    client::one_by_one(&server.address, request)
}
