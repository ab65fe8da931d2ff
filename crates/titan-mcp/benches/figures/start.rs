//! The program itself: how long a client waits for it, and how large it is then.

use std::process::Command;
use std::time::Instant;

use crate::peer::Peer;
use crate::statistics::{median, worst};

const RUNS: usize = 20;

pub(crate) fn print() -> anyhow::Result<()> {
    let mut waits_ms = Vec::with_capacity(RUNS);
    let mut resident_mb = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        let mut peer = Peer::start(&mut titan_mcp())?;
        waits_ms.push(start.elapsed().as_secs_f64() * 1e3);
        peer.ask("tools/list", "{}")?;
        resident_mb.push(peer.resident_mb()?);
    }
    println!("\ntitan-mcp, {RUNS} starts");
    println!(
        "exec to `initialize` answered    median {:.1} ms, worst {:.1} ms   target: at most 20 ms",
        median(waits_ms.clone()),
        worst(&waits_ms)
    );
    println!("resident after tools/list        median {:.1} MB   target: at most 20 MB", median(resident_mb));
    Ok(())
}

/// The program of this build, without settings from outside, and with an API that is not there.
fn titan_mcp() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_titan-mcp"));
    command.args(["--base-url", "http://127.0.0.1:9"]).env_clear();
    command
}
