//! What this program is when it is started again.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use titan_mcp::client::{ApiClient as _, CallContext, Client};
use titan_mcp::{Credential, Upstream};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::bare::Bare;
use crate::usage;

/// The argument for the API: it gives the same group to every request.
pub(crate) const API: &str = "serve-api";
/// The argument for a bare rmcp server, whose every tool says `ok`.
pub(crate) const BARE: &str = "serve-bare";
/// The argument for a client of the API, followed by its address and the number of calls.
pub(crate) const DIRECT: &str = "call-directly";

const GROUP: &str = r#"{"data":{"id":"120363041234567890@g.us","name":"Team","description":"Weekly plans","ownerLid":"271828182845904@lid","createdAt":1760000000,"participants":[{"phoneNumber":"5511999999999","lid":"271828182845904@lid","isAdmin":true,"isSuperAdmin":true},{"phoneNumber":"5511888888888","lid":"314159265358979@lid","isAdmin":false,"isSuperAdmin":false}]}}"#;

/// How many calls the direct client has in flight.
const IN_FLIGHT: usize = 16;

pub(crate) fn serve_api() -> anyhow::Result<()> {
    let group = || async { ([("content-type", "application/json")], GROUP) };
    serve(axum::Router::new().fallback(group))
}

pub(crate) fn serve_bare() -> anyhow::Result<()> {
    let config =
        StreamableHttpServerConfig::default().with_legacy_session_mode(false).with_json_response(true);
    let manager = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Bare), manager, config);
    serve(axum::Router::new().nest_service("/mcp", service))
}

fn serve(routes: axum::Router) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            // Without it every answer waits for the client's acknowledgement.
            stream.set_nodelay(true).ok();
        });
        Ok(axum::serve(listener, routes).await?)
    })
}

/// Calls the API through the typed client, and says what it cost: CPU in µs for each of many calls at once, and the
/// median time of one after another.
pub(crate) fn call_directly(url: &str, times: usize) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let upstream = Upstream::builder(url).build()?;
        let call = move || {
            let context = CallContext::new(upstream.clone(), Credential::bearer("a-key")?);
            Ok::<_, anyhow::Error>(async move {
                let client = Client::for_call(context);
                client.groups_get("main", "120363041234567890@g.us").await.map(|_| ())
            })
        };
        for _ in 0..500 {
            call()?.await.ok().context("the API answers")?;
        }
        let before = usage::cpu_us(std::process::id())?;
        let mut calls = JoinSet::new();
        for _ in 0..IN_FLIGHT {
            let call = call.clone();
            calls.spawn(async move {
                for _ in 0..times / IN_FLIGHT {
                    call()?.await.ok().context("the API answers")?;
                }
                Ok::<_, anyhow::Error>(())
            });
        }
        while let Some(done) = calls.join_next().await {
            done??;
        }
        #[expect(clippy::cast_precision_loss, reason = "a number of calls")]
        let cost = (usage::cpu_us(std::process::id())? - before) / times as f64;
        let mut took_us = Vec::new();
        for _ in 0..1_000 {
            let sent = Instant::now();
            call()?.await.ok().context("the API answers")?;
            took_us.push(sent.elapsed().as_secs_f64() * 1e6);
        }
        took_us.sort_by(f64::total_cmp);
        println!("{cost} {}", took_us[took_us.len() / 2]);
        Ok(())
    })
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}
