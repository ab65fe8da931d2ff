//! The routes of a server.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{MethodFilter, any, on};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use tokio_util::sync::CancellationToken;
use toolwright::Server;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::config::{ConfigError, HttpConfig};
use crate::endpoint::Endpoint;
use crate::guard::Guard;
use crate::passed::Passed;
use crate::plain::{allow_every_page, not_served};

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
    let is_plain = config.plain.is_some();
    let cors = (config.cors && !is_plain).then(|| cors(Arc::clone(&guard), access.credential_headers()));
    let metadata = access.metadata_routes();
    let passed = config.passed.clone();
    let endpoint = Arc::new(Endpoint::new(server.into(), config, guard, stop));
    let mut routes = Router::new().route(&path, any(serve));
    for route in passed {
        routes = pass_on(routes, route)?;
    }
    let mut routes = routes.with_state(endpoint);
    if is_plain {
        let others = Arc::new(sent().into_iter().chain(access.credential_headers()).collect());
        routes = routes
            .fallback(not_served)
            .method_not_allowed_fallback(not_served)
            .layer(from_fn_with_state(others, every_page));
    }
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

/// Adds a route that the API answers.
fn pass_on(routes: Router<Arc<Endpoint>>, route: Passed) -> Result<Router<Arc<Endpoint>>, ConfigError> {
    let path = route.path;
    let method =
        Method::from_bytes(route.method.as_bytes()).ok().and_then(|it| MethodFilter::try_from(it).ok());
    let method = method.ok_or_else(|| ConfigError::Path(path.to_owned()))?;
    let handler = async move |State(endpoint): State<Arc<Endpoint>>, request: Request<Body>| {
        endpoint.pass_on(&route, request).await
    };
    Ok(routes.route(path, on(method, handler)))
}

async fn every_page(
    State(others): State<Arc<HashSet<HeaderName>>>,
    request: Request<Body>,
    next: Next,
) -> Response<Body> {
    allow_every_page(request, next, &others).await
}

/// Tells browsers that pages of the allowed origins may call, with these headers for credentials, and may read what the
/// protocol says in headers.
fn cors(guard: Arc<Guard>, credentials: Vec<HeaderName>) -> CorsLayer {
    let allowed = move |origin: &HeaderValue, _: &_| origin.to_str().is_ok_and(|it| guard.serves_origin(it));
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_methods([Method::POST, Method::GET, Method::DELETE])
        .allow_headers(sent().into_iter().chain(credentials).collect::<Vec<_>>())
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

/// The headers that clients of the standard send.
fn sent() -> [HeaderName; 7] {
    [
        CONTENT_TYPE,
        HeaderName::from_static("mcp-session-id"),
        HeaderName::from_static("mcp-protocol-version"),
        HeaderName::from_static("mcp-method"),
        HeaderName::from_static("mcp-name"),
        HeaderName::from_static("last-event-id"),
        HeaderName::from_static("x-request-id"),
    ]
}
