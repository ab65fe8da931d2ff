//! One route for each operation of the document.

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use titan_api_client::OPERATIONS;

use super::answer::Problem;
use super::gate::pages;
use super::{
    Titan, account, admin, channels, chats, client_tokens, contacts, gate, groups, info, labels, lids, media,
    messages, pairing, presence, profile, sessions, webhooks, widget,
};
use crate::contract::{Contract, ContractError, Operation};
use crate::rest::{self, Served};

#[cfg(test)]
mod tests;

/// The document, as it is served and enforced.
const DOCUMENT: &str = include_str!("../generated/titan.json");

/// An operation of the document.
#[derive(Debug)]
pub(super) struct Entry {
    /// The name of its handler and its tool.
    pub(super) id: &'static str,
    pub(super) rule: Operation,
}

/// The id of an operation, and what makes a route of its handler.
pub(super) type Route = rest::Route<Titan>;

/// The handlers, by domain.
const DOMAINS: [&[Route]; 18] = [
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
    client_tokens::ROUTES,
    account::ROUTES,
    admin::ROUTES,
    widget::ROUTES,
];

/// Every operation of the document behind its gate, for callers who are known.
pub(super) fn operations(titan: &Titan) -> Result<Router, ContractError> {
    let mut contract = Contract::read(DOCUMENT)?;
    let mut router = Router::new();
    let mut for_pages = HashSet::new();
    for Served { spec, rule, handler } in rest::join(&mut contract, OPERATIONS, &DOMAINS)? {
        if rule.client_action.is_some() {
            for_pages.insert(spec.template);
        }
        let state = (titan.clone(), Arc::new(Entry { id: spec.id, rule }));
        let route = handler.route_layer(from_fn_with_state(state, gate::enter));
        router = router.route(spec.template, route);
    }
    Ok(router
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "there is no such route"))
        .method_not_allowed_fallback(async move |request: Request| {
            pages::asking(&request, &for_pages).ok_or_else(|| {
                Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this route does not take this method")
            })
        })
        .with_state(titan.clone()))
}

/// The operations for whoever calls, and the document for everyone.
pub(super) fn public(titan: &Titan, operations: Router) -> Router {
    let document = get(async || ([(CONTENT_TYPE, "application/json")], DOCUMENT));
    operations.layer(from_fn_with_state(titan.clone(), gate::meter)).route("/openapi.json", document)
}
