//! `serve`: the tools over stdio or HTTP.

mod http;
mod stdio;

use std::process::ExitCode;
use std::sync::Arc;

use toolwright::Observer;

use crate::connection::Connection;
use crate::settings::{Settings, UsageError};
use crate::{App, terminal};

/// Serves until the client leaves, over stdio, or the process is told to stop.
pub(crate) async fn run(app: &App, settings: &Settings) -> anyhow::Result<ExitCode> {
    let stopped = stopped();
    let toolset =
        settings.choose((app.toolset)()).build().map_err(|error| UsageError::new(error.to_string()))?;
    let connection = Connection::open(app, settings).await?;
    for warning in connection.warnings(app) {
        terminal::note(&format!("{}: warning: {warning}", app.name));
    }
    let result = match settings.text("transport") {
        Some("http") => http::run(app, settings, toolset, &connection, stopped).await,
        _ => stdio::run(app, settings, toolset, &connection, stopped).await,
    };
    connection.close().await;
    result?;
    Ok(ExitCode::SUCCESS)
}

fn audit_log(_: &Settings) -> anyhow::Result<Option<Arc<dyn Observer>>> {
    Ok(None)
}

/// Ends when the process is asked to stop, from now on: the signals are taken before the future is first polled.
fn stopped() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let (interrupt, terminate) = {
        use tokio::signal::unix::{SignalKind, signal};
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    };
    #[cfg(windows)]
    let (interrupt, terminate) = (tokio::signal::windows::ctrl_c(), tokio::signal::windows::ctrl_close());
    async move {
        tokio::select! {
            Some(()) = async { interrupt.ok()?.recv().await } => {}
            Some(()) = async { terminate.ok()?.recv().await } => {}
            // Without signals only the client can end the session.
            else => std::future::pending().await,
        }
    }
}
