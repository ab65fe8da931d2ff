//! `serve`: the tools over stdio or HTTP.

pub(crate) mod http;
mod stdio;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use toolwright::Observer;
use toolwright_http::audit::AuditLog;

use crate::connection::Connection;
use crate::settings::{Settings, UsageError};
use crate::{App, terminal};

/// Serves until the client leaves, over stdio, or the process is told to stop.
pub(crate) async fn run(app: &App, settings: &Settings) -> anyhow::Result<ExitCode> {
    let stopped = stopped();
    let toolset =
        settings.choose((app.toolset)()).build().map_err(|error| UsageError::new(error.to_string()))?;
    let connection = Connection::open(app, settings).await?;
    for warning in connection.warnings(app, settings) {
        terminal::note(&format!("{}: warning: {warning}", app.name));
    }
    if let Some(page) = connection.page() {
        terminal::note(&format!("{}: look into the sandbox at {page}", app.name));
    }
    let result = match settings.text("transport") {
        Some("http") => http::run(app, settings, toolset, &connection, stopped).await,
        _ => stdio::run(app, settings, toolset, &connection, stopped).await,
    };
    connection.close().await;
    result?;
    Ok(ExitCode::SUCCESS)
}

/// Who watches the calls, as the settings and the environment ask.
fn observers(app: &App, settings: &Settings) -> anyhow::Result<Vec<Arc<dyn Observer>>> {
    let mut observers = spans(app)?;
    if let Some(path) = settings.path("audit_log") {
        let log = AuditLog::append_to(path).with_context(|| {
            format!("{}: {} cannot be opened", settings.place("audit_log"), path.display())
        })?;
        observers.push(Arc::new(log.with_arguments(settings.flag("audit_arguments"))));
    }
    Ok(observers)
}

/// Spans for OpenTelemetry, where its own variables say where they go.
#[cfg(feature = "otel")]
fn spans(app: &App) -> anyhow::Result<Vec<Arc<dyn Observer>>> {
    const PLACES: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    if PLACES.iter().all(|place| std::env::var_os(place).is_none()) {
        return Ok(Vec::new());
    }
    let spans = toolwright_http::otel::Spans::from_env(app.name, app.version);
    Ok(vec![Arc::new(
        spans.with_context(|| format!("spans cannot be sent as {} says", PLACES.join(" or ")))?,
    )])
}

#[cfg(not(feature = "otel"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature `otel` it can fail")]
fn spans(_: &App) -> anyhow::Result<Vec<Arc<dyn Observer>>> {
    Ok(Vec::new())
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
