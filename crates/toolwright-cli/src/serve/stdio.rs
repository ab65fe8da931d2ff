//! The tools on stdin and stdout.

use toolwright::{Context, Server, Toolset};

use crate::connection::Connection;
use crate::settings::Settings;
use crate::{App, terminal};

/// Serves until the client leaves or the process is told to stop.
pub(super) async fn run(
    app: &App,
    settings: &Settings,
    toolset: Toolset,
    connection: &Connection,
    stopped: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    if terminal::reads_from_person() {
        terminal::note(&waiting(app, connection));
    }
    let caller = connection.caller(settings.granted()).with_caller("local");
    let caller = super::observers(app, settings)?.into_iter().fold(caller, Context::with_observer);
    let mut server = Server::new(toolset, caller)
        .with_identity(app.name, app.told_version())
        .with_closed_schemas(app.drop_in.is_some());
    if let Some(product) = app.product {
        server = server.with_request_ids(product.request_id);
    }
    if let Some(entries) = settings.size("page_size") {
        server = server.with_page_size(entries);
    }
    toolwright_stdio::serve(server, stopped).await?;
    Ok(())
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
