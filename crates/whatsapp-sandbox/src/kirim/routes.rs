//! One route for each operation of the document.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use http::request::Parts;
use kirim_client::OPERATIONS;

use super::answer::Problem;
use super::{
    Kirim, accounts, contacts, conversations, deliveries, files, gate, labels, messages, meta, subscriptions,
    templates,
};
use crate::contract::{Contract, ContractError};
use crate::control::{Misbehaviour, misbehave};
use crate::rest::{self, Served};

#[cfg(test)]
mod tests;

/// The document, as it is enforced.
const DOCUMENT: &str = include_str!("../generated/kirim.json");

/// The id of an operation, and what makes a route of its handler.
pub(super) type Route = rest::Route<Kirim>;

/// The handlers by tag of the document.
const TAGS: [&[Route]; 9] = [
    meta::ROUTES,
    accounts::ROUTES,
    messages::ROUTES,
    templates::ROUTES,
    conversations::ROUTES,
    contacts::ROUTES,
    labels::ROUTES,
    subscriptions::ROUTES,
    deliveries::ROUTES,
];

/// The document, as it is served and enforced. Where plain HTTP is allowed, addresses need no TLS.
pub(super) fn document(allow_plain: bool) -> String {
    if allow_plain { DOCUMENT.replace("^https://", "^https?://") } else { DOCUMENT.to_owned() }
}

/// Every operation of the document behind its gate, and the files of messages.
pub(super) fn router(kirim: &Kirim, faults: Option<&Misbehaviour>) -> Result<Router, ContractError> {
    let mut contract = Contract::read(&document(kirim.allow_plain))?;
    let mut router = Router::new();
    for Served { spec, rule, handler } in rest::join(&mut contract, OPERATIONS, &TAGS)? {
        let state = (kirim.clone(), Arc::new(rule));
        let mut route = handler.route_layer(from_fn_with_state(state, gate::enter));
        if let Some(faults) = faults {
            route = route.route_layer(from_fn_with_state(faults.clone(), misbehave));
        }
        router = router.route(spec.template, route);
    }
    Ok(router
        .route("/files/{id}", get(files::show))
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(from_fn_with_state(kirim.clone(), gate::frame))
        .with_state(kirim.clone()))
}

async fn no_route(State(kirim): State<Kirim>, request: Parts) -> Response {
    let problem = Problem::new(StatusCode::NOT_FOUND, "resource_not_found", "there is no such route");
    gate::astray(&kirim, &request, problem).await
}

async fn no_method(State(kirim): State<Kirim>, request: Parts) -> Response {
    let why = "this route does not take this method";
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", why);
    gate::astray(&kirim, &request, problem).await
}
