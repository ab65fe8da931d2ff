//! Titan's REST API in front of the simulated network: its routes, JSON, keys and errors.
//!
//! The routes come from the client's table of operations, so paths and methods are those of the document. Handlers only
//! translate: what happens is decided in [`crate::network`].

use std::sync::Arc;

use axum::Router;
use tokio::sync::Notify;

use crate::access::keys::Keys;
use crate::access::rate::RateLimiter;
use crate::clock::Timestamp;
use crate::contract::ContractError;
use crate::network::id::AccountId;
use crate::network::{Change, Network, Refusal, View, session};
use crate::outside::Outside;
use crate::pictures;
use crate::rest::Surface;

mod account;
mod admin;
mod answer;
mod channels;
mod chats;
mod client_tokens;
mod commands;
mod contacts;
mod events;
mod gate;
mod groups;
mod info;
mod labels;
mod lids;
mod media;
mod messages;
mod pairing;
mod partial;
mod presence;
mod profile;
mod routes;
mod send;
mod sessions;
mod webhooks;
mod widget;

use answer::Problem;
pub(crate) use answer::fail;
pub(crate) use commands::Commands;
pub(crate) use events::DIALECT;

/// What the handlers share.
#[derive(Clone, Debug)]
struct Titan {
    network: Network,
    outside: Outside,
    limiter: Arc<RateLimiter>,
    /// How many requests a key may make in a minute while no setting says otherwise.
    rate_limit: u32,
    keys: Arc<Keys>,
    /// Wakes whoever carries out commands.
    commands: Arc<Notify>,
    /// The base URL of this sandbox.
    url: Arc<str>,
    started: Timestamp,
}

/// Titan's API on this network, at this base URL, and what carries out its commands.
pub(crate) fn open(
    network: Network,
    outside: Outside,
    url: &str,
    rate_limit: u32,
    keys: Arc<Keys>,
) -> Result<(Router, Commands), ContractError> {
    let started = network.now();
    let titan = Titan {
        network,
        outside,
        limiter: Arc::default(),
        rate_limit,
        keys,
        commands: Arc::default(),
        url: url.into(),
        started,
    };
    let operations = routes::operations(&titan)?;
    let router = routes::public(&titan, operations.clone());
    Ok((router, Commands { titan, operations }))
}

impl Surface for Titan {
    type Problem = Problem;
}

impl Titan {
    /// Looks at the network as the account of a connected session.
    async fn read_as<T: Send + 'static>(
        &self,
        session: String,
        work: impl FnOnce(&View<'_>, AccountId) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        Ok(self.network.read(move |view| work(view, session::acting(view, &session)?)).await?)
    }

    /// Changes the network as the account of a connected session.
    async fn change_as<T: Send + 'static>(
        &self,
        session: String,
        work: impl FnOnce(&Change<'_>, AccountId) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        Ok(self.network.change(move |change| work(change, session::acting(change, &session)?)).await?)
    }

    /// The address of a picture.
    fn picture_url(&self, id: Option<&str>) -> Option<String> {
        id.map(|id| pictures::url(&self.url, id))
    }
}

/// A phone number in E.164.
fn e164(digits: &str) -> String {
    format!("+{digits}")
}
