//! What a call costs over stdio: the CPU time of the server's process, beside that of a bare rmcp server.

use std::process::Command;

use crate::no_upstream::{Call, READ, WRITE};
use crate::peer::Peer;
use crate::servers::{BARE, TITAN};
use crate::statistics::median;

/// The servers take turns, so that a busy moment of the machine meets all of them.
const ROUNDS: usize = 5;
const IN_FLIGHT: u32 = 32;
const WARM_UP: u32 = 1_000;
const PIPELINED: u32 = 20_000;
const ONE_BY_ONE: u32 = 5_000;

/// What one server and tool took, round by round.
struct Series {
    server: &'static str,
    call: Call,
    pipelined_us: Vec<f64>,
    one_by_one_us: Vec<f64>,
    resident_mb: Vec<f64>,
}

impl Series {
    fn new(server: &'static str, call: Call) -> Self {
        let (pipelined_us, one_by_one_us, resident_mb) = Default::default();
        Self { server, call, pipelined_us, one_by_one_us, resident_mb }
    }

    fn measure(&mut self) -> anyhow::Result<()> {
        let mut peer = Peer::start(Command::new(std::env::current_exe()?).arg(self.server))?;
        peer.call(self.call, WARM_UP, IN_FLIGHT)?;
        self.pipelined_us.push(cpu_per_call(&mut peer, self.call, PIPELINED, IN_FLIGHT)?);
        self.resident_mb.push(peer.resident_mb()?);
        self.one_by_one_us.push(cpu_per_call(&mut peer, self.call, ONE_BY_ONE, 1)?);
        Ok(())
    }
}

fn cpu_per_call(peer: &mut Peer, call: Call, times: u32, in_flight: u32) -> anyhow::Result<f64> {
    let before = peer.cpu_us()?;
    peer.call(call, times, in_flight)?;
    Ok((peer.cpu_us()? - before) / f64::from(times))
}

pub(crate) fn print() -> anyhow::Result<()> {
    println!(
        "\nCPU of the server per tools/call over stdio, no-op upstream: median of {ROUNDS} rounds, {PIPELINED} calls \
         with {IN_FLIGHT} in flight, then {ONE_BY_ONE} one by one"
    );
    println!("{:32} {:>12} {:>8} {:>7} {:>12}", "", "pipelined", "over", "ratio", "one by one");
    for call in [READ, WRITE] {
        let mut bare = Series::new(BARE, call);
        let mut titan = Series::new(TITAN, call);
        for _ in 0..ROUNDS {
            bare.measure()?;
            titan.measure()?;
        }
        report(call.tool, bare, titan);
    }
    Ok(())
}

fn report(tool: &str, bare: Series, titan: Series) {
    let (floor, ours) = (median(bare.pipelined_us), median(titan.pipelined_us));
    println!(
        "{:32} {floor:9.1} µs {:16} {:9.1} µs",
        format!("bare rmcp, {tool}'s request"),
        "",
        median(bare.one_by_one_us)
    );
    println!(
        "{:32} {ours:9.1} µs {:5.1} µs {:7.2} {:9.1} µs   target: at most 20 µs over",
        format!("titan, {tool}"),
        ours - floor,
        ours / floor,
        median(titan.one_by_one_us)
    );
    println!(
        "  resident after {} calls: titan {:.1} MB, bare {:.1} MB   target: at most 20 MB",
        WARM_UP + PIPELINED,
        median(titan.resident_mb),
        median(bare.resident_mb)
    );
}
