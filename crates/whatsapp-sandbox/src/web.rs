//! The REST API of whatsapp-mcp-api in front of the simulated network: one account, linked as one device.
//!
//! It answers as that server does, quirks included: errors are JSON-RPC errors with status 500, an empty body counts as
//! `{}`, members that are not known are ignored, and every website may call. So requests are read here by its own rules
//! ([`rules`]), not held against the document. Answers are the generated client's types, so that they are the document's.
//!
//! The device is a session of the network whose name nobody else can give, so no other API shows it.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::{Method, StatusCode};
use whatsapp_web_client::OPERATIONS;

use crate::control::{HttpFaults, misbehave};
use crate::network::Network;

mod answer;
mod auth;
mod chats;
mod device;
mod messages;
mod order;
mod pages;
mod render;
mod rules;

/// Below which path the API is.
pub(crate) const PREFIX: &str = "/whatsapp-web";
/// The session that is the linked device. The underscore keeps it out of reach of those who name sessions.
pub(crate) const SESSION: &str = "_whatsapp-web";

/// What the handlers share.
#[derive(Clone, Debug)]
struct Web {
    network: Network,
    /// The base URL of this API.
    url: Arc<str>,
}

/// The API on this network; `url` is where it is mounted, below [`PREFIX`].
pub(crate) fn router(network: Network, url: &str, faults: &HttpFaults) -> Router {
    let operations = OPERATIONS.iter().map(|it| (it.id, it.method, it.template));
    let faults = faults.of(PREFIX, operations.collect(), answer::fail);
    Router::new()
        .route("/", get(pages::overview))
        .route("/health", get(pages::overview))
        .route("/qr", get(pages::qr))
        .route("/api/status", get(auth::status))
        .route("/api/auth/start", post(auth::start))
        .route("/api/pairing-code", post(auth::pairing_code))
        .route("/api/logout", post(auth::log_out))
        .route("/api/send", post(messages::send))
        .route("/api/messages", get(messages::read).post(messages::read_by_body))
        .route("/api/chats", get(chats::list))
        .fallback(answer::not_found)
        .method_not_allowed_fallback(answer::not_found)
        .layer(from_fn_with_state(faults, misbehave))
        .layer(from_fn(for_every_website))
        .with_state(Web { network, url: url.into() })
}

/// Answers preflights, and tells browsers that any page may read the answer; but for the page with the QR code.
async fn for_every_website(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        next.run(request).await
    };
    answer::open(&mut response);
    response
}
