//! `call`: one call of one tool.

mod arguments;
mod show;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use toolwright::{CallError, ToolError};

use crate::connection::Connection;
use crate::settings::{Settings, UsageError};
use crate::{App, terminal};

/// What to call.
#[derive(Debug)]
pub(crate) struct Request {
    tool: String,
    /// `key=value` each.
    pairs: Vec<String>,
    /// A JSON object, or `-`.
    json: Option<String>,
    output: PathBuf,
}

impl Request {
    /// The request that the command line makes.
    pub(crate) fn of(matches: &ArgMatches) -> Result<Self, UsageError> {
        let tool = matches.get_one::<String>("tool").cloned();
        Ok(Self {
            tool: tool.ok_or_else(|| UsageError::new("which tool is to be called? Give its name"))?,
            pairs: matches.get_many("argument").unwrap_or_default().cloned().collect(),
            json: matches.get_one("arguments").cloned(),
            output: matches.get_one::<PathBuf>("output").cloned().unwrap_or_default(),
        })
    }
}

/// Calls the tool and prints its result.
pub(crate) async fn run(app: &App, settings: &Settings, request: Request) -> anyhow::Result<ExitCode> {
    let toolset = settings
        .choose_unasked((app.toolset)())
        .build()
        .map_err(|error| UsageError::new(error.to_string()))?;
    let schema = toolset.tool(&request.tool).map(|tool| tool.input_schema.clone()).unwrap_or_default();
    let arguments = arguments::read(&schema, request.json.as_deref(), &request.pairs)?;
    let connection = Connection::open(app, settings).await?;
    for warning in connection.warnings(app, settings) {
        terminal::note(&format!("{}: warning: {warning}", app.name));
    }
    let mut caller = connection.caller(settings.granted());
    if let Some(product) = app.product {
        caller = caller.with_request_id((product.request_id)());
    }
    let result = toolset.call(&request.tool, arguments, &caller).await;
    connection.close().await;
    match result {
        Ok(output) => show::output(app, &request.tool, &output, &request.output),
        Err(CallError::Tool(error)) => failed(app, &error),
        Err(error @ CallError::UnknownTool { .. }) => {
            let hint = format!("{error}\n`{} tools` lists all of them", app.name);
            Err(UsageError::new(hint).into())
        }
    }
}

fn failed(app: &App, error: &ToolError) -> anyhow::Result<ExitCode> {
    terminal::note(&serde_json::to_string_pretty(error)?);
    terminal::note(&format!("{}: {}: {error}", app.name, error.kind.as_str()));
    Ok(ExitCode::FAILURE)
}
