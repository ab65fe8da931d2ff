//! The routes of a server.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::any;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use tokio_util::sync::CancellationToken;
use toolwright::Server;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::config::{ConfigError, HttpConfig};
use crate::endpoint::Endpoint;
use crate::guard::Guard;

/// The endpoint of a toolset, as a router that can stand beside others.
///
/// `server` is a [`Toolset`](toolwright::Toolset), or a [`Server`] made by [`Server::for_each_caller`]. Streams that
/// clients keep open end when `stop` is cancelled; calls in flight end by themselves.
///
/// # Errors
/// The path is no path, or an entry of the hosts or origins is none.
pub fn router(
    server: impl Into<Server>,
    config: HttpConfig,
    stop: CancellationToken,
) -> Result<Router, ConfigError> {
    let path = config.path.clone();
    if !path.starts_with('/') || path.contains(['?', '#', '{', '}', '*']) {
        return Err(ConfigError::Path(path));
    }
    let guard = Arc::new(Guard::new(&config.allowed_hosts, &config.allowed_origins)?);
    let access = config.access.get();
    let cors = config.cors.then(|| cors(Arc::clone(&guard), access.credential_headers()));
    let metadata = access.metadata_routes();
    let endpoint = Arc::new(Endpoint::new(server.into(), config, guard, stop));
    let mut routes = Router::new().route(&path, any(serve)).with_state(endpoint);
    if let Some(cors) = cors {
        routes = routes.layer(cors);
    }
    if let Some(metadata) = metadata {
        routes = routes.merge(metadata);
    }
    Ok(routes)
}

async fn serve(State(endpoint): State<Arc<Endpoint>>, request: Request<Body>) -> Response<Body> {
    endpoint.serve(request).await
}

/// Tells browsers that pages of the allowed origins may call, with these headers for credentials, and may read what the
/// protocol says in headers.
fn cors(guard: Arc<Guard>, credentials: Vec<HeaderName>) -> CorsLayer {
    let allowed = move |origin: &HeaderValue, _: &_| origin.to_str().is_ok_and(|it| guard.serves_origin(it));
    let sent = [
        CONTENT_TYPE,
        HeaderName::from_static("mcp-session-id"),
        HeaderName::from_static("mcp-protocol-version"),
        HeaderName::from_static("mcp-method"),
        HeaderName::from_static("mcp-name"),
        HeaderName::from_static("last-event-id"),
        HeaderName::from_static("x-request-id"),
    ];
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_methods([Method::POST, Method::GET, Method::DELETE])
        .allow_headers(sent.into_iter().chain(credentials).collect::<Vec<_>>())
        .expose_headers([
            WWW_AUTHENTICATE,
            RETRY_AFTER,
            HeaderName::from_static("mcp-session-id"),
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-ratelimit-limit"),
            HeaderName::from_static("x-ratelimit-remaining"),
            HeaderName::from_static("x-ratelimit-reset"),
        ])
        .max_age(std::time::Duration::from_hours(1))
}
