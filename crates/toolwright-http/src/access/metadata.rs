//! What clients read about this resource (RFC 9728).

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use http::Method;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::json;
use tower_http::cors::{Any, CorsLayer};
use url::{Position, Url};

use super::oauth::Resource;

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The path of the metadata of a resource: the path of the resource stands below the well-known place.
fn path(resource: &Url) -> String {
    format!("{WELL_KNOWN}{}", resource.path().trim_end_matches('/'))
}

/// Where the metadata of a resource is.
pub(super) fn url(resource: &Url) -> String {
    format!("{}{}", &resource[..Position::BeforePath], path(resource))
}

/// The metadata at both places. Pages of any origin may read it: there is nothing secret in it, and a client in a browser
/// needs it before it can send anything else.
pub(super) fn routes(resource: &Resource) -> Router {
    let mut metadata = json!({
        "resource": resource.name,
        "authorization_servers": [resource.issuer],
        "bearer_methods_supported": ["header"],
    });
    if !resource.scopes.is_empty() {
        metadata["scopes_supported"] = json!(resource.scopes);
    }
    let body = Bytes::from(metadata.to_string());
    let answer = move || async move {
        ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=3600")], body)
    };
    let specific = path(&resource.url);
    let mut routes = Router::new().route(WELL_KNOWN, get(answer.clone()));
    if specific != WELL_KNOWN {
        routes = routes.route(&specific, get(answer));
    }
    let cors = CorsLayer::new().allow_origin(Any).allow_methods([Method::GET]).allow_headers(Any);
    routes.layer(cors.max_age(std::time::Duration::from_hours(1)))
}
