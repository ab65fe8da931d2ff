//! Whether the server runs, and whether it takes requests: for whoever starts it and distributes requests to it.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};

use crate::run::Readiness;
use crate::shared::{Health, SharedState};

/// `GET /healthz`, which answers as long as the server runs, and `GET /readyz`, which says why it takes no requests.
/// Neither needs a credential, nor a `Host` that is allowed: probes call by address.
///
/// A server that cannot reach what it shares goes on without, so that it stays ready and only says so.
pub fn health_routes(readiness: Readiness, shared: Arc<dyn SharedState>) -> Router {
    let ready = |State((readiness, shared)): State<(Readiness, Arc<dyn SharedState>)>| async move {
        answer(&readiness, &*shared)
    };
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state((readiness, shared))
}

fn answer(readiness: &Readiness, shared: &dyn SharedState) -> (StatusCode, Json<Value>) {
    let sharing = match shared.health() {
        Health::Whole => "ok".to_owned(),
        // Why is in the log: whoever asks here need not know what stands behind the server.
        Health::Degraded(_) => "degraded".to_owned(),
    };
    let because = readiness.check().err();
    let status = if because.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "ready": because.is_none(), "because": because, "sharing": sharing })))
}
