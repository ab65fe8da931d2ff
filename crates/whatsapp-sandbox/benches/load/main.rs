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
use std::time::{Duration, Instant};

use anyhow::Context as _;
use client::{Outcome, Request};
use server::Server;

const CONNECTIONS: usize = 32;
/// The demo's own account.
const OWN: &str = "5511999990001";
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
    let folder = folder.path();
    drop(Server::start(folder)?);

    fill::with_messages(folder, READER, 1_000)?;
    println!("1,000 messages in the store");
    let server = Server::start(folder)?;
    let few = Costs::of(&server)?;
    print_load(&server, folder, load)?;
    drop(server);

    fill::with_messages(folder, READER, 100_000)?;
    println!("\n100,000 messages in the store, and those that were just sent");
    print_start(folder)?;
    let server = Server::start(folder)?;
    one_by_one(&server, &page())?;
    let pages = client::ONE_BY_ONE;
    println!("  resident after {pages} chat pages {:.1} MB", server.resident_mb()?);
    print_load(&server, folder, load)?;
    println!("  resident after it {:.1} MB   target: at most 60 MB", server.resident_mb()?);
    drop(server);

    fill::with_messages(folder, READER, 900_000)?;
    println!("\n1,000,000 messages in the store, and those that were just sent");
    let server = Server::start(folder)?;
    Costs::of(&server)?.print_against(&few);
    print_load(&server, folder, load)
}

/// What a request costs when nothing else is asked.
struct Costs {
    send_us: f64,
    page_us: f64,
}

impl Costs {
    fn of(server: &Server) -> anyhow::Result<Self> {
        let page_us = one_by_one(server, &page())?.percentile(0.5);
        Ok(Self { send_us: one_by_one(server, &send())?.percentile(0.5), page_us })
    }

    fn print_against(&self, few: &Self) {
        for (what, before, after) in
            [("send", few.send_us, self.send_us), ("chat page", few.page_us, self.page_us)]
        {
            println!(
                "  {what} p50 {after:.0} µs against {before:.0} µs: {:+.0} %   target: at most +20 %",
                (after / before - 1.0) * 100.0
            );
        }
    }
}

fn print_load(server: &Server, folder: &Path, load: Duration) -> anyhow::Result<()> {
    let sent = client::together(&server.address, &send(), CONNECTIONS, load)?;
    let title = format!("sends on {CONNECTIONS} connections for {} s", load.as_secs());
    sent.print(&title, load, "at least 5,000 a second, p99 under 20 ms");
    let before = Instant::now();
    fill::wait_until_settled(folder)?;
    println!("  all of them read {:.1} s later", before.elapsed().as_secs_f64());
    Ok(())
}

fn print_start(folder: &Path) -> anyhow::Result<()> {
    let starts: Vec<Duration> =
        (0..5).map(|_| Ok(Server::timed(folder)?.0)).collect::<anyhow::Result<_>>()?;
    let start = starts.into_iter().min().context("no start")?;
    println!("  start {:.0} ms   target: under 150 ms", start.as_secs_f64() * 1e3);
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
    Request::get(&format!("/_sandbox/accounts/{OWN}/chats/{READER}/messages"))
}

fn one_by_one(server: &Server, request: &Request) -> anyhow::Result<Outcome> {
    client::one_by_one(&server.address, request)
}
