//! `serve`: the tools on stdin and stdout.

use std::process::ExitCode;

use toolwright::Server;

use crate::connection::Connection;
use crate::settings::{Settings, UsageError};
use crate::{App, terminal};

/// Serves until the client leaves or the process is told to stop.
pub(crate) async fn run(app: &App, settings: &Settings) -> anyhow::Result<ExitCode> {
    if settings.text("transport") == Some("http") {
        let place = settings.place("transport");
        let message = format!("{place}: this version does not serve http; use stdio, which is the default");
        return Err(UsageError::new(message).into());
    }
    let toolset =
        settings.choose((app.toolset)()).build().map_err(|error| UsageError::new(error.to_string()))?;
    let connection = Connection::open(app, settings).await?;
    for warning in connection.warnings(app) {
        terminal::note(&format!("{}: warning: {warning}", app.name));
    }
    if terminal::reads_from_person() {
        terminal::note(&waiting(app, &connection));
    }
    let mut server =
        Server::new(toolset, connection.caller(settings.granted())).with_identity(app.name, app.version);
    if let Some(entries) = settings.size("page_size") {
        server = server.with_page_size(entries);
    }
    let result = toolwright_stdio::serve(server, stopped()).await;
    connection.close().await;
    result?;
    Ok(ExitCode::SUCCESS)
}

fn waiting(app: &App, connection: &Connection) -> String {
    let name = app.name;
    let hint = if connection.is_sandbox() || app.sandbox.is_none() {
        format!("`{name} config CLIENT` prints what a client needs, `{name} call` calls a tool by hand")
    } else {
        format!("to try it by hand: `{name} --sandbox tools`, `{name} --sandbox call NAME`")
    };
    format!("{name}: waiting for an MCP client on stdin; {hint}; Ctrl-C ends it")
}

/// Ends when the process is asked to stop.
async fn stopped() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without the signal only the client can end the session.
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}
