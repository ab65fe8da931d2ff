//! `cargo xtask generate`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use toolwright_generate::{Mode, Report, Target, generate};

use crate::terminal::{complain, say};

const COMMAND: &str = "cargo xtask generate";

/// The APIs of this workspace.
const APIS: &[Target<'static>] = &[
    Target {
        api: "titan",
        document_folder: "openapi/titan",
        client_crate: "crates/titan-api-client",
        tools_crate: Some("crates/titan-mcp"),
        document_copy: Some("crates/whatsapp-sandbox/src/generated/titan.json"),
        docs_folder: "docs",
        command: COMMAND,
    },
    Target {
        api: "kirim",
        document_folder: "openapi/kirim",
        client_crate: "crates/kirim-client",
        tools_crate: Some("crates/kirim-mcp"),
        document_copy: Some("crates/whatsapp-sandbox/src/generated/kirim.json"),
        docs_folder: "docs",
        command: COMMAND,
    },
    Target {
        api: "whatsapp-web",
        document_folder: "openapi/whatsapp-web",
        client_crate: "crates/whatsapp-web-client",
        tools_crate: Some("crates/whatsapp-mcp-api"),
        document_copy: Some("crates/whatsapp-sandbox/src/generated/whatsapp-web.json"),
        docs_folder: "docs",
        command: COMMAND,
    },
    // Plays the people whom an agent writes to: for developers and their tests, not for agents.
    Target {
        api: "sandbox",
        document_folder: "openapi/sandbox",
        client_crate: "crates/whatsapp-sandbox-client",
        tools_crate: None,
        document_copy: Some("crates/whatsapp-sandbox/src/generated/sandbox.json"),
        docs_folder: "docs",
        command: COMMAND,
    },
];

#[derive(Args)]
pub(crate) struct Arguments {
    /// Write nothing; say what is not up to date, and fail if anything is not.
    #[arg(long)]
    check: bool,
    /// The APIs to generate. Without any, all of them.
    #[arg(value_name = "API")]
    apis: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let root = root()?;
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let targets = chosen(&arguments.apis)?;
    let mut failed = 0;
    for target in &targets {
        let start = Instant::now();
        match generate(&root, target, mode) {
            Ok(report) => say(&summary(target, &report, start)),
            Err(error) => {
                complain(&format!("{error}"));
                failed += 1;
            }
        }
    }
    if failed > 0 {
        bail!("{failed} of {} APIs failed", targets.len());
    }
    Ok(())
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<Target<'static>>> {
    for name in names {
        if APIS.iter().all(|target| target.api != name) {
            let known: Vec<&str> = APIS.iter().map(|target| target.api).collect();
            bail!("there is no API `{name}`; this workspace has {}", known.join(", "));
        }
    }
    Ok(APIS
        .iter()
        .filter(|target| names.is_empty() || names.iter().any(|name| name == target.api))
        .copied()
        .collect())
}

fn summary(target: &Target<'_>, report: &Report, start: Instant) -> String {
    let Report { files, tools, generic, untooled, methods, changes, notes } = report;
    let mut lines = vec![format!(
        "{}: {tools} tools ({generic} through the generic executor), {untooled} operations without a tool, {methods} \
         client methods",
        target.api
    )];
    lines.extend(files.written.iter().map(|path| format!("  wrote {path}")));
    lines.extend(files.removed.iter().map(|path| format!("  removed {path}")));
    lines.push(format!("  {} files were up to date", files.unchanged.len()));
    if !changes.is_empty() {
        let rules: Vec<String> = changes.iter().map(|(rule, count)| format!("{rule} {count}")).collect();
        lines.push(format!("  changes in the client document: {}", rules.join(", ")));
    }
    lines.extend(notes.iter().map(|note| format!("  note: {note}")));
    lines.push(format!("  took {:.1} s", start.elapsed().as_secs_f32()));
    lines.join("\n")
}

/// The root of this workspace.
fn root() -> anyhow::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this crate has no folder above it")?;
    Ok(root.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_files_are_up_to_date() {
        for target in APIS {
            if let Err(error) = generate(&root().unwrap(), target, Mode::Check) {
                panic!("{error}");
            }
        }
    }
}
