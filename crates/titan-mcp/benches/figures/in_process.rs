//! Without a protocol: what an embedder waits for.

use std::time::Instant;

use tokio::runtime::Builder;

use crate::no_upstream::{READ, WRITE, context};
use crate::statistics::median;

const BUILDS: usize = 200;
const WARM_UP: usize = 1_000;
const CALLS: usize = 20_000;

pub(crate) fn print() -> anyhow::Result<()> {
    println!("\nIn process, no-op upstream, wall time");
    let mut builds_ms = Vec::with_capacity(BUILDS);
    for _ in 0..BUILDS {
        let start = Instant::now();
        let toolset = titan_mcp::toolset()?;
        builds_ms.push(start.elapsed().as_secs_f64() * 1e3);
        drop(toolset);
    }
    println!("building the toolset             p50 {:6.2} ms   target: at most 2 ms", median(builds_ms));

    let (toolset, context) = (titan_mcp::toolset()?, context()?);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    for call in [READ, WRITE] {
        let arguments: serde_json::Map<_, _> = serde_json::from_str(call.arguments)?;
        let mut calls_us = Vec::with_capacity(CALLS);
        runtime.block_on(async {
            for index in 0..WARM_UP + CALLS {
                let arguments = arguments.clone();
                let start = Instant::now();
                let output = toolset.call(call.tool, arguments, &context).await?;
                let elapsed = start.elapsed();
                drop(output);
                if index >= WARM_UP {
                    calls_us.push(elapsed.as_secs_f64() * 1e6);
                }
            }
            anyhow::Ok(())
        })?;
        println!(
            "{:32} p50 {:6.2} µs   target: at most 10 µs",
            format!("calling {}", call.tool),
            median(calls_us)
        );
    }
    Ok(())
}
