//! One route for each operation of the document.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::{Method, StatusCode};
use titan_api_client::OPERATIONS;

use super::answer::Problem;
use super::{
    Titan, channels, chats, contacts, gate, groups, info, labels, lids, media, messages, pairing, presence,
    profile, sessions, webhooks,
};
use crate::rest;

#[cfg(test)]
mod tests;

/// What the gate has to know of an operation of the document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub(super) id: &'static str,
    pub(super) method: &'static str,
}

/// The id of an operation, and what makes a route of its handler.
pub(super) type Route = (&'static str, fn(MethodFilter) -> MethodRouter<Titan>);

/// The handlers that there are, by domain.
const DOMAINS: [&[Route]; 14] = [
    sessions::ROUTES,
    pairing::ROUTES,
    messages::ROUTES,
    chats::ROUTES,
    groups::ROUTES,
    contacts::ROUTES,
    channels::ROUTES,
    presence::ROUTES,
    profile::ROUTES,
    labels::ROUTES,
    webhooks::ROUTES,
    media::ROUTES,
    lids::ROUTES,
    info::ROUTES,
];

/// Every operation of the document behind the gate; what is not simulated yet says so.
pub(super) fn router(titan: Titan) -> Router {
    let routes = OPERATIONS.iter().fold(Router::new(), |router, spec| {
        let operation = Operation { id: spec.id, method: spec.method };
        match route(operation) {
            Some(route) => {
                let gated = route.route_layer(from_fn_with_state(operation, gate::authorize));
                router.route(spec.template, gated)
            }
            None => router,
        }
    });
    routes
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "there is no such route"))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this route does not take this method")
        })
        .layer(DefaultBodyLimit::max(rest::MAX_BODY))
        .layer(from_fn_with_state(titan.clone(), gate::meter))
        .with_state(titan)
}

/// `None` only for a method that HTTP servers do not route, which the document's checks exclude.
fn route(operation: Operation) -> Option<MethodRouter<Titan>> {
    let method = Method::from_bytes(operation.method.as_bytes()).ok()?;
    let filter = MethodFilter::try_from(method).ok()?;
    let known = DOMAINS.into_iter().flatten().find(|(id, _)| *id == operation.id);
    Some(match known {
        Some((_, route)) => route(filter),
        None => on(filter, async move || {
            let sentence = format!("This operation is not simulated yet: {}", operation.id);
            Problem::new(StatusCode::NOT_IMPLEMENTED, sentence)
        }),
    })
}
