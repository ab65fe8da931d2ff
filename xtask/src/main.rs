//! This workspace's own commands: `cargo xtask <command>`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod generate;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "This workspace's own commands")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the generated files of the APIs from their documents.
    Generate(generate::Arguments),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The one place that prints.
mod terminal {
    #![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for people")]

    pub(crate) fn say(text: &str) {
        println!("{text}");
    }

    pub(crate) fn complain(text: &str) {
        eprintln!("{text}");
    }
}
