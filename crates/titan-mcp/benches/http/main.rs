//! The figures of `docs/performance.md` that concern HTTP: what a call costs beside a bare rmcp echo and the direct call
//! of the API, how long it takes, what many connections and sessions do. Prints them beside their targets and judges
//! nothing.
//!
//! The program runs itself again as the API, the bare server and the direct client: see [`roles`]. What is measured as
//! Titan's server is `titan-mcp` itself.
//!
//! `TOOLWRIGHT_BENCH_SECONDS` is how long the many connections go on: 10, if not set.

#![expect(clippy::print_stdout, reason = "the figures are what a bench is for")]

#[path = "../shared/bare.rs"]
mod bare;
#[path = "../shared/usage.rs"]
mod usage;

mod calls;
mod crowd;
mod load;
mod process;
mod requests;
mod roles;
mod sessions;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [roles::API] => roles::serve_api(),
        [roles::BARE] => roles::serve_bare(),
        [roles::DIRECT, url, times] => roles::call_directly(url, times.parse()?),
        _ => print_all(),
    }
}

fn print_all() -> anyhow::Result<()> {
    calls::print()?;
    sessions::print()?;
    crowd::print()
}
