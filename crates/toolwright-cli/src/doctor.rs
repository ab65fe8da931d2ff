//! `doctor`: what works, what does not, and what to do about it.

mod probe;

use std::collections::BTreeMap;
use std::process::ExitCode;

use toolwright::catalog::Effect;
use toolwright::{CallError, Granted, Policy, Tool, Toolset};

use crate::connection::Connection;
use crate::settings::Settings;
use crate::{App, terminal};
use probe::{Probe, Verdict};

/// What is known of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Scope {
    Granted { tool: String },
    Missing { tool: String },
    Unclear { tool: String, message: String },
    NotProbed,
}

/// Whether a check may stop.
enum Next {
    Go,
    Stop,
}

#[derive(Debug, Default)]
struct Report {
    problems: usize,
}

impl Report {
    fn say(&mut self, mark: &str, text: &str) -> std::io::Result<()> {
        if mark == "PROBLEM" {
            self.problems += 1;
        }
        terminal::print(&format!("{mark:<8} {text}"))
    }
}

/// Checks everything that can be checked without changing anything. Exit code 1 where something is wrong.
pub(crate) async fn run(app: &App, settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    match settings.file() {
        Some(path) => report.say("ok", &format!("configuration file {}", path.display()))?,
        None => report.say("ok", "no configuration file; flags and environment only")?,
    }
    let toolset = match settings.choose_unasked((app.toolset)()).build() {
        Ok(toolset) => toolset,
        Err(error) => {
            report.say("PROBLEM", &format!("choice of tools: {error}"))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let served = toolset.list(settings.granted()).len();
    report.say("ok", &format!("{served} tools are served with these settings"))?;
    match Connection::open(app, settings).await {
        Err(error) => report.say("PROBLEM", &format!("{error:#}"))?,
        Ok(connection) => {
            let checked = check(app, settings, &toolset, &connection, &mut report).await;
            connection.close().await;
            checked?;
        }
    }
    let verdict = match report.problems {
        0 => "nothing is wrong".to_owned(),
        1 => "1 problem".to_owned(),
        several => format!("{several} problems"),
    };
    terminal::print(&verdict)?;
    Ok(if report.problems == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn check(
    app: &App,
    settings: &Settings,
    toolset: &Toolset,
    connection: &Connection,
    report: &mut Report,
) -> anyhow::Result<()> {
    let url = connection.upstream.base_url();
    let kind = if connection.is_sandbox() { "sandbox" } else { "base URL" };
    report.say("ok", &format!("{kind} {url}"))?;
    for warning in connection.warnings(app, settings) {
        report.say(if connection.has_key() { "warning" } else { "PROBLEM" }, &warning)?;
    }
    // What the policy leaves out may still tell whether the key is good.
    let everything = (app.toolset)().policy(Policy::everything()).build()?;
    let caller = connection.caller(&Granted::all());
    let mut scopes = needed(toolset, settings.granted());
    let mut probe = Probe::new(&everything, &caller);
    let mut answered = false;
    for tool in probe.candidates() {
        let undecided = tool.scopes.iter().any(|scope| scopes.get(scope) == Some(&Scope::NotProbed));
        if answered && !undecided {
            continue;
        }
        let Some(verdict) = probe.call(tool).await else { continue };
        if let Next::Stop = reached(app, &verdict, &mut answered, report)? {
            return Ok(());
        }
        record(&tool.name, &tool.scopes, verdict, &mut scopes);
    }
    if !answered {
        report.say("unknown", "no tool can be called without arguments, so the API was not contacted")?;
    }
    for (scope, state) in &scopes {
        tell(toolset, scope, state, report)?;
    }
    suggest(&scopes)?;
    Ok(())
}

/// The scopes that the served tools need.
fn needed(toolset: &Toolset, granted: &Granted) -> BTreeMap<String, Scope> {
    let tools = toolset.list(granted);
    tools.iter().flat_map(|tool| &tool.scopes).map(|scope| (scope.clone(), Scope::NotProbed)).collect()
}

/// Whether the API answers and knows the key; reported once.
fn reached(app: &App, verdict: &Verdict, answered: &mut bool, report: &mut Report) -> anyhow::Result<Next> {
    match verdict {
        Verdict::Unreachable(message) => {
            report.say("PROBLEM", &format!("the API does not answer: {message}"))?;
            return Ok(Next::Stop);
        }
        Verdict::Unauthenticated(message) => {
            report.say("PROBLEM", &format!("the API does not accept the key: {message}"))?;
            let prefix = app.env_prefix;
            report.say("", &format!("make a new key and set {prefix}_API_KEY, or check --api-key-file"))?;
            return Ok(Next::Stop);
        }
        Verdict::NotThere(message) => {
            let remedy = "check the host and the path of the base URL";
            report.say("PROBLEM", &format!("this does not look like the API: {message}; {remedy}"))?;
            return Ok(Next::Stop);
        }
        Verdict::Allowed | Verdict::Refused | Verdict::Unclear(_) => {}
    }
    if !*answered {
        report.say("ok", "the API answers")?;
        *answered = true;
    }
    Ok(Next::Go)
}

fn record(tool: &str, needs: &[String], verdict: Verdict, scopes: &mut BTreeMap<String, Scope>) {
    let tool = tool.to_owned();
    let state = match verdict {
        Verdict::Allowed => Scope::Granted { tool },
        Verdict::Refused => Scope::Missing { tool },
        Verdict::Unclear(message) => Scope::Unclear { tool, message },
        Verdict::Unreachable(_) | Verdict::Unauthenticated(_) | Verdict::NotThere(_) => return,
    };
    for scope in needs {
        if let Some(known) = scopes.get_mut(scope)
            && !matches!(known, Scope::Granted { .. })
        {
            known.clone_from(&state);
        }
    }
}

fn tell(toolset: &Toolset, scope: &str, state: &Scope, report: &mut Report) -> std::io::Result<()> {
    match state {
        Scope::Granted { tool } => report.say("ok", &format!("scope {scope} ({tool})")),
        Scope::Missing { tool } => {
            let needing =
                toolset.tools().filter(|tool| tool.scopes.iter().any(|needed| needed == scope)).count();
            let effect = format!("{needing} tools need it");
            report.say("PROBLEM", &format!("scope {scope} is missing ({tool} was refused); {effect}"))
        }
        Scope::Unclear { tool, message } => {
            report.say("unknown", &format!("scope {scope}: {tool} failed otherwise: {message}"))
        }
        Scope::NotProbed => {
            let needs = |tool: &&Tool| tool.scopes.iter().any(|needed| needed == scope);
            let reads = toolset.tools().filter(needs).any(|tool| tool.effect == Effect::Read);
            let why = if reads { "its reading tools want arguments" } else { "it needs a change to test" };
            report.say("unknown", &format!("scope {scope}: not probed, {why}"))
        }
    }
}

/// What to do about missing scopes.
fn suggest(scopes: &BTreeMap<String, Scope>) -> std::io::Result<()> {
    let missing = |state: &Scope| matches!(state, Scope::Missing { .. });
    if !scopes.values().any(missing) {
        return Ok(());
    }
    let rest: Vec<&str> =
        scopes.iter().filter(|(_, state)| !missing(state)).map(|(scope, _)| scope.as_str()).collect();
    terminal::print(&format!(
        "To mend it, give the key the missing scopes, or leave their tools out with --scopes={}",
        rest.join(",")
    ))
}

impl From<CallError> for Verdict {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Tool(error) => Self::of(&error),
            other @ CallError::UnknownTool { .. } => Self::Unclear(other.to_string()),
        }
    }
}
