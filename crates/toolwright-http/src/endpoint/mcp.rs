//! The MCP server of `rmcp`, with or without sessions, and what its answers need before they go out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio_util::sync::CancellationToken;
use toolwright::Server;

use super::parking::ParkingSessions;
use crate::shared::{SessionStoreAdapter, SharedState};

/// One of the two ways to serve clients of the handshake era. Those of the stateless era are served alike by both.
pub(super) enum Mcp {
    Stateless(StreamableHttpService<Server, NeverSessionManager>),
    Sessions { service: StreamableHttpService<Server, ParkingSessions>, sessions: Arc<ParkingSessions> },
}

impl Mcp {
    pub(super) fn stateless(server: Server, max_body_bytes: usize) -> Self {
        let config = config(max_body_bytes).with_legacy_session_mode(false);
        let manager = Arc::new(NeverSessionManager::default());
        Self::Stateless(StreamableHttpService::new(move || Ok(server.clone()), manager, config))
    }

    pub(super) fn sessions(
        server: Server,
        shared: Arc<dyn SharedState>,
        max_body_bytes: usize,
        park_after: Duration,
    ) -> Self {
        let mut config = config(max_body_bytes).with_legacy_session_mode(true);
        config.session_store = Some(Arc::new(SessionStoreAdapter::new(Arc::clone(&shared))));
        let sessions = ParkingSessions::new(shared, park_after);
        let service = StreamableHttpService::new(move || Ok(server.clone()), Arc::clone(&sessions), config);
        Self::Sessions { service, sessions }
    }

    /// How many sessions are in memory here.
    pub(super) async fn open_sessions(&self) -> usize {
        match self {
            Self::Stateless(_) => 0,
            Self::Sessions { sessions, .. } => sessions.count().await,
        }
    }

    /// Lets the server answer. The request is given in two parts because its body has been read.
    pub(super) async fn answer(&self, mut parts: Parts, body: Bytes) -> Response<Body> {
        if parts.method == Method::POST {
            // It has been read as JSON. The server compares the type as it is written.
            parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if parts.method == Method::POST && accepts_json(&parts.headers) {
            // A client that takes JSON is served; the server asks for both types, and answers with JSON where it can.
            parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        }
        let request = Request::from_parts(parts, Full::new(body));
        let response = match self {
            Self::Stateless(service) => service.handle(request).await,
            Self::Sessions { service, .. } => service.handle(request).await,
        };
        response.map(Body::new)
    }
}

/// What both ways have in common. `Host` and `Origin` have been looked at before. The token that ends everything at once
/// stays unused: calls in flight would end without an answer.
fn config(max_body_bytes: usize) -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default()
        .with_json_response(true)
        .with_max_request_body_bytes(max_body_bytes)
        .disable_allowed_hosts()
        .disable_allowed_origins()
}

/// The method whose answer is a stream that goes on for as long as the client likes, as does that of a GET.
pub(super) const LISTEN: &str = "subscriptions/listen";

/// Ends a stream of events when the server stops.
pub(super) fn until_stopped(response: Response<Body>, stop: &CancellationToken) -> Response<Body> {
    if response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind != "text/event-stream") {
        return response;
    }
    let stopped = stop.clone().cancelled_owned();
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(stopped)))
}

/// Whether the client takes an answer in JSON: it says so, or says nothing.
pub(super) fn accepts_json(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter().peekable();
    accepted.peek().is_none()
        || accepted.any(|value| {
            value.to_str().is_ok_and(|text| {
                ["*/*", "application/*", "application/json"].iter().any(|kind| text.contains(kind))
            })
        })
}

/// Whether the client can be sent a stream of events.
pub(super) fn accepts_events(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    accepted.any(|value| value.to_str().is_ok_and(|text| text.contains("text/event-stream")))
}

/// JSON that the server could not read as a message: it answers with the status for a wrong content type, which it is
/// not.
pub(super) fn is_unread_message(response: &Response<Body>) -> bool {
    response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE
}
