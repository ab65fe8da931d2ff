//! Whether the API is up, its document, and what a key may do.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::on;
use http::header::CONTENT_TYPE;
use serde_json::json;

use super::Kirim;
use super::answer::{Answer, data};
use super::api_key::Caller;
use super::routes::{self, Route};

pub(super) const ROUTES: &[Route] = &[
    ("health_get", |method| on(method, health)),
    ("document_get", |method| on(method, document)),
    ("me_get", |method| on(method, me)),
];

async fn health() -> Answer {
    Ok(data(json!({ "status": "ok" })))
}

async fn document(State(kirim): State<Kirim>) -> Response {
    let document = routes::document(kirim.allow_plain);
    ([(CONTENT_TYPE, "application/json")], document).into_response()
}

async fn me(State(kirim): State<Kirim>, Extension(caller): Extension<Caller>) -> Answer {
    Ok(data(caller.render(kirim.limit)))
}
