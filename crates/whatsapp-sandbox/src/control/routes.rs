//! One route for each operation of the document, behind the guard and the document's own rules.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use http::StatusCode;
use whatsapp_sandbox_client::OPERATIONS;

use super::answer::Problem;
use super::{
    Control, accounts, calls, channels, chats, clock, contacts, deliveries, events, fault, groups, guard,
    kirim, media, messages, overview, replies, sessions, state,
};
use crate::contract::{Contract, ContractError, Operation};
use crate::rest::{self, Served};

#[cfg(test)]
mod tests;

/// The document, as it is enforced.
const DOCUMENT: &str = include_str!("../generated/sandbox.json");
/// Not in the client's table: an answer without end is no typed method.
const EVENTS: &str = "/_sandbox/events";

/// The id of an operation, and what makes a route of its handler.
pub(super) type Route = rest::Route<Control>;

/// The handlers by tag of the document.
const TAGS: [&[Route]; 16] = [
    overview::ROUTES,
    accounts::ROUTES,
    contacts::ROUTES,
    chats::ROUTES,
    messages::ROUTES,
    media::ROUTES,
    groups::ROUTES,
    channels::ROUTES,
    calls::ROUTES,
    sessions::ROUTES,
    replies::ROUTES,
    fault::ROUTES,
    clock::ROUTES,
    state::ROUTES,
    deliveries::ROUTES,
    kirim::ROUTES,
];

/// Every operation of the document.
pub(super) fn router(control: Control) -> Result<Router, ContractError> {
    let mut contract = Contract::read(DOCUMENT)?;
    let mut router = Router::new();
    for Served { spec, rule, handler } in rest::join(&mut contract, OPERATIONS, &TAGS)? {
        router = router.route(spec.template, ruled(handler, rule));
    }
    let events = contract.take("GET", EVENTS)?;
    Ok(router
        .route(EVENTS, ruled(get(events::stream), events))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this route does not take this method")
        })
        .layer(from_fn(guard::check))
        .with_state(control))
}

/// Lets only requests pass that the document describes.
fn ruled(route: MethodRouter<Control>, rule: Operation) -> MethodRouter<Control> {
    route.route_layer(from_fn_with_state(Arc::new(rule), check))
}

async fn check(State(rule): State<Arc<Operation>>, request: Request, next: Next) -> Response {
    match rule.check(request).await {
        Ok(request) => next.run(request).await,
        Err(misfit) => Problem::from(misfit).into_response(),
    }
}
