//! Serves the pictures that the REST APIs refer to.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};

use crate::network::Network;
use crate::network::picture::{self, Picture};

/// The address of a picture on the sandbox at `base`.
pub(crate) fn url(base: &str, id: &str) -> String {
    format!("{base}/_sandbox/pictures/{id}")
}

/// The route behind those addresses. Like `WhatsApp`'s own, they need no key: the id is the secret.
pub(crate) fn router(network: Network) -> Router {
    Router::new().route("/_sandbox/pictures/{id}", get(show)).with_state(network)
}

async fn show(State(network): State<Network>, Path(id): Path<String>) -> Response {
    match network.read(move |view| picture::get(view, &id)).await {
        Ok(Picture::Bytes { mime_type, bytes }) => ([(CONTENT_TYPE, mime_type)], bytes).into_response(),
        Ok(Picture::Url(url)) => (StatusCode::FOUND, [(LOCATION, url)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
