//! The figures of `docs/performance.md` that concern the server: what a call costs, how long a start takes, how much
//! memory and context are used. Prints them beside their targets and judges nothing.
//!
//! The program runs itself again as the servers that it measures: see [`servers`].

#![expect(clippy::print_stdout, reason = "the figures are what a bench is for")]

#[path = "../shared/bare.rs"]
mod bare;
#[path = "../shared/usage.rs"]
mod usage;

mod calls;
mod in_process;
mod no_upstream;
mod peer;
mod servers;
mod start;
mod statistics;
mod surface;

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some(servers::BARE) => servers::serve_bare(),
        Some(servers::TITAN) => servers::serve_titan(),
        _ => print_all(),
    }
}

fn print_all() -> anyhow::Result<()> {
    surface::print()?;
    in_process::print()?;
    start::print()?;
    calls::print()
}
