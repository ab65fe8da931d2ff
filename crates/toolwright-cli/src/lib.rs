//! The command line that every Toolwright server shares: serve, tools, call, config, doctor.
//!
//! A server's `main` is one call of [`run`] with an [`App`]: its names, its tools and, where it has one, the sandbox
//! that stands in for the API. Every setting is a flag, an environment variable and a key of a TOML file; the flag wins
//! over the variable, and the variable over the file.
//!
//! stdout belongs to the protocol, or to the result of a command. Whatever else there is to say goes to stderr.

mod args;
mod call;
mod config;
mod connection;
mod doctor;
mod drop_in;
mod health;
mod logs;
mod sandbox;
mod serve;
mod settings;
mod terminal;
mod tools;

use std::process::ExitCode;

use clap::ArgMatches;
use tokio::runtime::{Builder, Runtime};
use toolwright::ToolsetBuilder;
use toolwright::api::Api;

pub use drop_in::DropIn;
/// Routes and plain clients, as [`DropIn`] names them.
pub use toolwright_http::{passed, plain};

pub use sandbox::{RunningSandbox, SandboxError, SandboxOptions, StartSandbox, Starting};
use settings::{Names, Settings, UsageError};
pub use toolwright_http::product::{KeyProblem, Product};

/// One server: what differs between the command lines of two APIs.
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// The name of the program, such as `titan-mcp`. It is also the folder of the configuration file.
    pub name: &'static str,
    /// The version of the program.
    pub version: &'static str,
    /// What it is, in one sentence.
    pub about: &'static str,
    /// What the environment variables begin with, such as `TITAN` for `TITAN_BASE_URL`.
    pub env_prefix: &'static str,
    /// The address of a page that says more.
    pub docs: &'static str,
    /// The API behind the tools.
    pub api: &'static Api,
    /// The tools, before the settings choose among them.
    pub toolset: fn() -> ToolsetBuilder,
    /// The product's own values of settings, by key, in place of the general defaults. Flag, variable and file win over
    /// them.
    pub defaults: &'static [(&'static str, &'static str)],
    /// The product whose MCP endpoint the server stands in for over HTTP, where it has one. It takes effect where callers
    /// bring a key of the API: `credentials` is `forward`.
    pub product: Option<Product>,
    /// Starts the API's sandbox, where this build has one.
    pub sandbox: Option<StartSandbox>,
    /// What it does as the server does that it stands in for, if it does.
    pub drop_in: Option<DropIn>,
}

impl App {
    /// The version that clients are told: where it stands in for another server, that one's.
    fn told_version(&self) -> &'static str {
        self.drop_in.map_or(self.version, |it| it.version)
    }

    fn names(&self) -> Names {
        Names { app: self.name, env_prefix: self.env_prefix, defaults: self.defaults, drop_in: self.drop_in }
    }
}

/// Runs the command line of this process.
///
/// The exit code is 0 for success, 1 where what was asked for failed, and 2 where it was asked for in a wrong way: an
/// unknown flag, a broken setting, a tool that does not exist.
pub fn run(app: App) -> ExitCode {
    let matches = match args::command(&app).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // Where even stderr is closed there is nobody to tell.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match dispatch(&app, &matches) {
        Ok(code) => code,
        Err(error) => {
            terminal::note(&format!("{}: {error:#}", app.name));
            ExitCode::from(if error.is::<UsageError>() { 2 } else { 1 })
        }
    }
}

/// The settings as a Markdown table: flag, environment variable, key in the file, default and meaning.
pub fn settings_table(app: &App) -> String {
    settings::table::to_markdown(&app.names(), args::settings(app))
}

fn dispatch(app: &App, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let (command, matches) = matches.subcommand().unwrap_or(("serve", matches));
    let settings = Settings::read(&app.names(), matches, &|name| std::env::var_os(name))?;
    logs::start(&settings)?;
    match command {
        "tools" => tools::print(app, &settings, matches.get_flag("as-json")),
        "config" => config::print(app, &settings, config::Client::of(matches)?),
        "call" => {
            let request = call::Request::of(matches)?;
            finish(runtime(&settings)?, call::run(app, &settings, request))
        }
        "health" => finish(runtime(&settings)?, health::run(app, &settings)),
        "doctor" => finish(runtime(&settings)?, doctor::run(app, &settings)),
        _ => finish(runtime(&settings)?, serve::run(app, &settings)),
    }
}

/// One thread serves a session well and starts soonest; the sandbox has work of its own.
fn runtime(settings: &Settings) -> anyhow::Result<Runtime> {
    let mut builder = if settings.flag("sandbox") {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(2);
        builder
    } else {
        Builder::new_current_thread()
    };
    Ok(builder.enable_all().build()?)
}

fn finish(
    runtime: Runtime,
    work: impl Future<Output = anyhow::Result<ExitCode>>,
) -> anyhow::Result<ExitCode> {
    let result = runtime.block_on(work);
    // A read of stdin under way never ends by itself.
    runtime.shutdown_background();
    result
}
