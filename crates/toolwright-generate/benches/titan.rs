//! How long it takes to make everything that follows from the Titan document. Prints the figure of
//! `docs/performance.md` and writes no file.

#![expect(clippy::print_stdout, reason = "the figure is what a bench is for")]

use std::path::Path;
use std::time::Instant;

use toolwright_generate::{GenerateError, Mode, Target, generate};

const RUNS: usize = 5;

const TITAN: Target<'static> = Target {
    api: "titan",
    document_folder: "openapi/titan",
    client_crate: "crates/titan-api-client",
    tools_crate: Some("crates/titan-mcp"),
    document_copy: Some("crates/whatsapp-sandbox/src/generated/titan.json"),
    docs_folder: "docs",
    command: "cargo xtask generate",
};

fn main() -> Result<(), GenerateError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut seconds = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        generate(&root, &TITAN, Mode::Check)?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    println!(
        "Generating the Titan API in check mode: median {:.2} s, worst {:.2} s of {RUNS}   target: at most 5 s",
        seconds[RUNS / 2],
        seconds[RUNS - 1]
    );
    Ok(())
}
