//! The tools over HTTP.

mod access;
mod limits;
mod shared;
mod signals;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use toolwright::{Server, Toolset};
use toolwright_http::metrics::Metrics;
use toolwright_http::plain::PlainClients;
use toolwright_http::run::{Readiness, RunOptions, listen as open, run as run_connections};
use toolwright_http::tls::Tls;
use toolwright_http::{CurrentAccess, HttpConfig, health_routes, router};

use crate::config::remote::{DEFAULT_LISTEN, DEFAULT_PATH};
use crate::connection::Connection;
use crate::settings::{Settings, UsageError};
use crate::{App, terminal};

/// Serves until the process is told to stop, and then until the calls in flight have ended.
pub(super) async fn run(
    app: &App,
    settings: &Settings,
    toolset: Toolset,
    connection: &Connection,
    stopped: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let listen = address(settings, "listen")?.unwrap_or(DEFAULT_LISTEN);
    let scopes = scopes(&toolset);
    let access = access::of(settings, connection, &scopes)?;
    if !access.authenticates() && !listen.ip().is_loopback() {
        return Err(UsageError::new(open_to_all(settings, listen)).into());
    }
    let access = CurrentAccess::from(access);
    let tls = tls(settings)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let metrics = address(settings, "metrics_listen")?.map(|address| (address, Metrics::new()));
    let config = config(app, settings, connection, access.clone(), metrics.as_ref()).await?;
    let (path, state) = (config.path.clone(), Arc::clone(&config.shared));
    let mut server = Server::for_each_caller(toolset)
        .with_identity(app.name, app.told_version())
        .with_closed_schemas(app.drop_in.is_some())
        .with_request_state_key(state.secret("request-state").await?);
    if let Some(entries) = settings.size("page_size") {
        server = server.with_page_size(entries);
    }

    let (readiness, stop) = (Readiness::default(), CancellationToken::new());
    let routes = router(server, config, stop.clone()).map_err(|error| UsageError::new(error.to_string()))?;
    let routes = routes.merge(health_routes(readiness.clone(), state));
    let listener = bind(settings, "listen", listen)?;
    let (url, stopping) = (format!("{scheme}://{}{path}", listener.local_addr()?), stop.clone());
    let options = options(settings, tls, readiness, stop);
    let metrics = match metrics {
        Some((address, metrics)) => {
            let listener = bind(settings, "metrics_listen", address)?;
            terminal::note(&format!("{}: metrics at http://{}/metrics", app.name, listener.local_addr()?));
            let stop = stopping.clone().cancelled_owned();
            Some(tokio::spawn(run_connections(listener, metrics.router(), RunOptions::default(), stop)))
        }
        None => None,
    };
    let reload = signals::reload_on_hangup(|| access::of(settings, connection, &scopes), access);
    terminal::note(&format!("{}: serving MCP at {url}; Ctrl-C ends it", app.name));
    tokio::select! {
        () = run_connections(listener, routes, options, stopped) => {}
        () = reload => {}
    }
    if let Some(metrics) = metrics {
        metrics.await.context("the metrics could not be served to the end")?;
    }
    Ok(())
}

/// All scopes that the tools need.
fn scopes(toolset: &Toolset) -> Vec<String> {
    let all: BTreeSet<&String> = toolset.tools().flat_map(|tool| &tool.scopes).collect();
    all.into_iter().cloned().collect()
}

async fn config(
    app: &App,
    settings: &Settings,
    connection: &Connection,
    access: CurrentAccess,
    metrics: Option<&(SocketAddr, Metrics)>,
) -> anyhow::Result<HttpConfig> {
    let mut config = HttpConfig::new(connection.upstream.clone(), access);
    settings.text("http_path").unwrap_or(DEFAULT_PATH).clone_into(&mut config.path);
    config.sessions = settings.flag("sessions");
    config.cors = settings.flag("cors");
    config.plain = settings.flag("plain_clients").then(|| plain(app));
    config.passed = app.drop_in.map_or_else(Vec::new, |it| it.routes.to_vec());
    config.scheme = if settings.path("tls_certificate").is_some() { "https" } else { "http" };
    config.allowed_hosts = settings.list("allowed_hosts").unwrap_or_default().to_vec();
    config.allowed_origins = settings.list("allowed_origins").unwrap_or_default().to_vec();
    limits::apply(settings, &mut config);
    config.shared = shared::open(app, settings).await?;
    config.metrics = metrics.map(|(_, metrics)| metrics.clone());
    config.product = app.product.filter(|_| settings.text("credentials") == Some("forward"));
    config.observers = super::observers(app, settings)?;
    Ok(config)
}

/// How plain clients are served: as by the server that this one stands in for, if it does.
fn plain(app: &App) -> PlainClients {
    let plain = PlainClients::new(app.name, app.told_version());
    match app.drop_in {
        Some(drop_in) => plain.with_arguments(drop_in.arguments),
        None => plain,
    }
}

fn options(
    settings: &Settings,
    tls: Option<Tls>,
    readiness: Readiness,
    stop: CancellationToken,
) -> RunOptions {
    let mut options = RunOptions { tls, readiness, stop, ..RunOptions::default() };
    if let Some(connections) = settings.size("max_connections") {
        options.max_connections = connections;
    }
    if let Some(seconds) = settings.number("ready_grace") {
        options.grace = Duration::from_secs(seconds);
    }
    if let Some(seconds) = settings.number("drain_timeout") {
        options.drain = Duration::from_secs(seconds);
    }
    options
}

fn tls(settings: &Settings) -> anyhow::Result<Option<Tls>> {
    match (settings.path("tls_certificate"), settings.path("tls_key")) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => {
            let place = settings.place("tls_certificate");
            let tls = Tls::load(certificate, key);
            // With the cause, as the error of a file that cannot be read has it there.
            tls.map(Some)
                .map_err(|error| UsageError::new(format!("{place}: {:#}", anyhow::Error::from(error))).into())
        }
        (Some(_), None) => {
            Err(UsageError::new("there is a certificate for TLS and no key: set `tls_key` too").into())
        }
        (None, Some(_)) => {
            Err(UsageError::new("there is a key for TLS and no certificate: set `tls_certificate` too")
                .into())
        }
    }
}

/// The address that a setting names.
pub(crate) fn address(settings: &Settings, key: &str) -> Result<Option<SocketAddr>, UsageError> {
    let Some(text) = settings.text(key) else { return Ok(None) };
    let text = text.replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map(Some).map_err(|_| {
        let place = settings.place(key);
        UsageError::new(format!(
            "{place} is no address: write an IP address and a port, such as 127.0.0.1:3100, 0.0.0.0:3100 or [::1]:3100"
        ))
    })
}

fn bind(settings: &Settings, key: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    let place = settings.place(key);
    open(address).with_context(|| format!("{place}: the server cannot listen on {address}"))
}

fn open_to_all(settings: &Settings, listen: SocketAddr) -> String {
    format!(
        "{}: on {listen} anyone who reaches this machine could use the API with its key. Listen on 127.0.0.1, or say who may call: \
         `client_key_file`, `caller_tokens_file`, or `credentials` other than `static`",
        settings.place("listen")
    )
}
