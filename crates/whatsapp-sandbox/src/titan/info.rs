//! The server itself.

use axum::extract::State;
use axum::routing::on;
use serde_json::json;

use super::Titan;
use super::answer::{Answer, data};
use super::routes::Route;
use crate::network::session;

pub(super) const ROUTES: &[Route] =
    &[("info_version", |method| on(method, version)), ("info_status", |method| on(method, status))];

async fn version() -> Answer {
    Ok(data(json!({ "version": env!("CARGO_PKG_VERSION"), "simulated": true })))
}

async fn status(State(titan): State<Titan>) -> Answer {
    let mut sessions = titan.network.read(|view| session::list(view)).await?;
    sessions.retain(|it| !session::is_reserved(&it.name));
    let connected = sessions.iter().filter(|it| it.state == session::State::Connected).count();
    Ok(data(json!({
        "status": "ok",
        "uptimeSeconds": titan.network.now().since(titan.started).as_secs(),
        "sessions": { "total": sessions.len(), "connected": connected },
        "simulated": true,
    })))
}
