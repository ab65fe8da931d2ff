//! Sessions of the handshake era: what an idle one takes, and that no answer of a stream waits for an acknowledgement.

use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::Builder;

use crate::load::{self, Connection, Until};
use crate::process::Server;
use crate::requests::{self, Era};
use crate::roles;

const SESSIONS: u32 = 2_000;
/// Sessions are parked after 60 s, which is looked for every 5 s; memory goes back to the system within 10 s more.
const PARKED: Duration = Duration::from_secs(90);

pub(crate) fn print() -> anyhow::Result<()> {
    let api = Server::role(roles::API)?;
    let titan = Server::titan(&api.address, &["--sessions"])?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let session = open(&titan, 1).await?;
        let request = requests::call(Era::Handshake, Some(&session));
        let done = load::run(&titan.address, &request, 1, Until::Count(1_000)).await?;
        println!("\nsessions");
        println!("  a call in a session, answered on a stream   p50 {:.0} µs, p99 {:.0} µs   target: no stall of 40 ms", done.percentile(0.5), done.percentile(0.99));
        let before = titan.resident_mb()?;
        open(&titan, SESSIONS).await?;
        let each = |now: f64| (now - before) * 1e3 / f64::from(SESSIONS);
        println!("  memory for each of {SESSIONS} sessions, just opened   {:.1} kB", each(titan.resident_mb()?));
        tokio::time::sleep(PARKED).await;
        println!("  the same, idle for {} s   {:.1} kB   target: at most 30 kB", PARKED.as_secs(), each(titan.resident_mb()?));
        Ok(())
    })
}

/// Opens sessions, and gives the id of the last.
async fn open(titan: &Server, count: u32) -> anyhow::Result<String> {
    let mut connection = Connection::open(&titan.address).await?;
    let mut session = None;
    for _ in 0..count {
        let answer = connection.ask(&requests::initialize()).await?;
        let header =
            |line: &str| line.to_ascii_lowercase().strip_prefix("mcp-session-id: ").map(str::to_owned);
        session = answer.lines().find_map(header);
    }
    session.context("no session was opened")
}
