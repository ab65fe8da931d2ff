//! What a call costs and how long it takes, beside a bare rmcp echo and the direct call.

use std::process::Command;

use anyhow::Context as _;
use tokio::runtime::Builder;

use crate::load::{self, Until};
use crate::process::Server;
use crate::requests::{self, Era};
use crate::roles;

const CALLS: usize = 16_000;
const CONNECTIONS: usize = 16;

/// What one server takes for a request.
struct Cost {
    cpu_us: f64,
    p50_us: f64,
}

pub(crate) fn print() -> anyhow::Result<()> {
    let api = Server::role(roles::API)?;
    let (direct_cpu, direct_p50) = direct(&api)?;
    println!("\nHTTP, {CALLS} calls of {} on {CONNECTIONS} connections, then one by one", requests::TOOL);
    println!("direct call through the typed client     {direct_cpu:6.1} µs CPU   p50 {direct_p50:6.0} µs");
    for era in Era::BOTH {
        let request = requests::call(era, None);
        let bare = cost(&Server::role(roles::BARE)?, &request)?;
        let titan = cost(&Server::titan(&api.address, &[])?, &request)?;
        let over = titan.cpu_us - bare.cpu_us - direct_cpu;
        println!("{}", era.name());
        println!(
            "  bare rmcp echo                         {:6.1} µs CPU   p50 {:6.0} µs",
            bare.cpu_us, bare.p50_us
        );
        println!(
            "  titan-mcp                              {:6.1} µs CPU   p50 {:6.0} µs",
            titan.cpu_us, titan.p50_us
        );
        println!(
            "  over echo and direct call together     {over:6.1} µs CPU   target: at most 40 µs, 120 µs in all"
        );
        println!(
            "  p50 over the direct call               {:6.0} µs       target: at most 350 µs",
            titan.p50_us - direct_p50
        );
        let list = cost(&Server::titan(&api.address, &[])?, &requests::list(era))?;
        println!(
            "  tools/list, all tools                  {:6.1} µs CPU   target: at most 60 µs",
            list.cpu_us
        );
    }
    Ok(())
}

/// CPU for each of many requests at once, and the median time of one after another.
fn cost(server: &Server, request: &[u8]) -> anyhow::Result<Cost> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        load::run(&server.address, request, CONNECTIONS, Until::Count(50)).await?;
        let before = server.cpu_us()?;
        let done =
            load::run(&server.address, request, CONNECTIONS, Until::Count(CALLS / CONNECTIONS)).await?;
        anyhow::ensure!(done.failed == 0, "{} connections failed", done.failed);
        #[expect(clippy::cast_precision_loss, reason = "a number of calls")]
        let cpu_us = (server.cpu_us()? - before) / done.took_us.len() as f64;
        let alone = load::run(&server.address, request, 1, Until::Count(1_000)).await?;
        Ok(Cost { cpu_us, p50_us: alone.percentile(0.5) })
    })
}

/// What the direct client says about itself.
fn direct(api: &Server) -> anyhow::Result<(f64, f64)> {
    let mut command = Command::new(std::env::current_exe()?);
    let url = format!("http://{}", api.address);
    let output = command.args([roles::DIRECT, &url, &CALLS.to_string()]).output()?;
    let text = String::from_utf8(output.stdout)?;
    let (cpu, p50) = text.trim().split_once(' ').context("the direct client failed")?;
    Ok((cpu.parse()?, p50.parse()?))
}
