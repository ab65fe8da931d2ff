//! `tools`: what is served with these settings.

use std::process::ExitCode;

use toolwright::server::published_tools;

use crate::settings::{Settings, UsageError};
use crate::{App, terminal};

/// Prints the tools as a table, or as clients are sent them.
pub(crate) fn print(app: &App, settings: &Settings, as_json: bool) -> anyhow::Result<ExitCode> {
    let toolset =
        settings.choose((app.toolset)()).build().map_err(|error| UsageError::new(error.to_string()))?;
    if as_json {
        let tools = published_tools(&toolset, settings.granted());
        terminal::print(&serde_json::to_string_pretty(&tools)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let tools = toolset.list(settings.granted());
    let mut rows = vec![["NAME", "SCOPES", "EFFECT", "TITLE"].map(str::to_owned)];
    rows.extend(tools.iter().map(|tool| {
        let scopes = if tool.scopes.is_empty() { "-".to_owned() } else { tool.scopes.join(" ") };
        [tool.name.clone(), scopes, tool.effect.as_str().to_owned(), tool.title.clone()]
    }));
    terminal::print(&terminal::columns(&rows))?;
    terminal::note(&format!("{} tools", tools.len()));
    Ok(ExitCode::SUCCESS)
}
