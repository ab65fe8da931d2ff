//! What the kernel says about a process.

use std::fs;

use anyhow::Context as _;

/// `USER_HZ`, which is 100 on every Linux: `/proc` counts CPU time in these.
const TICK_US: f64 = 10_000.0;

/// The CPU time that a process has used so far, its own and the kernel's for it, in µs.
pub(crate) fn cpu_us(process: u32) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The fields after the name, which is in parentheses and may hold spaces, begin with the third.
    let fields: Vec<&str> = stat.rsplit_once(')').context("no name")?.1.split_ascii_whitespace().collect();
    let ticks = |field: usize| -> anyhow::Result<f64> {
        Ok(fields.get(field - 3).context("a field is missing")?.parse()?)
    };
    Ok((ticks(14)? + ticks(15)?) * TICK_US)
}

/// How much of a process is in memory, in MB.
pub(crate) fn resident_mb(process: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0 / 1e6)
}
