//! Kirim's REST API in front of the simulated network: organisations with keys of their own, their numbers, and the
//! records that the API keeps of people, chats and messages.
//!
//! A number of an organisation is an account of the network. What happens to it there is written into the API's own
//! records in the same transaction ([`record`]); a message is sent through the network's own sending path ([`send`]).
//! Handlers only translate.

use std::sync::Arc;

use axum::Router;

use crate::access::bucket::Buckets;
use crate::access::keys::Keys;
use crate::contract::ContractError;
use crate::control::{HttpFaults, Misbehaviour};
use crate::network::{Change, Companion, Network, Refusal, View};
use crate::outside::Outside;
use crate::rest::Surface;

mod accounts;
mod answer;
mod api_key;
mod contacts;
mod conversations;
mod deliveries;
mod events;
mod failure;
mod files;
mod gate;
mod labels;
mod messages;
mod meta;
mod number;
mod organization;
mod page;
mod record;
mod routes;
mod seed;
mod send;
mod subscriptions;
mod template;
mod templates;

use answer::Problem;
use api_key::Caller;
pub(crate) use api_key::{KeyProblem, NewKey, add as add_key, list as list_keys, revoke as revoke_key};
pub(crate) use events::DIALECT;
pub(crate) use failure::{Failure, force as force_failure};
use number::Number;
pub(crate) use number::{claim as claim_number, list as list_numbers, of_account as number_of};
pub(crate) use organization::{
    NewOrganization, Organization, create as create_organization, get as organization_with,
    list as list_organizations,
};
pub(crate) use seed::plant;

/// Where the API is below the address of the sandbox.
pub(crate) const PREFIX: &str = "/kirim";

/// Keeps the API's records.
pub(crate) const COMPANION: Companion =
    Companion { name: record::NAME, hear: record::hear, perform: record::perform };

/// What the handlers share.
#[derive(Clone, Debug)]
struct Kirim {
    network: Network,
    outside: Outside,
    buckets: Arc<Buckets>,
    under_way: Arc<gate::UnderWay>,
    /// Requests a minute that every organisation may make, whatever its plan; as the plan says if `None`.
    limit: Option<u32>,
    keys: Arc<Keys>,
    /// Whether webhooks and files may be at addresses without TLS.
    allow_plain: bool,
    /// The base URL of the API.
    url: Arc<str>,
}

impl Surface for Kirim {
    type Problem = Problem;
}

impl Kirim {
    /// Looks at the network and the records of the caller's number with this id.
    async fn read_of<T: Send + 'static>(
        &self,
        caller: Caller,
        number: String,
        work: impl FnOnce(&View<'_>, &Number) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let read = self.network.read(move |view| {
            let number = number::of(view, &caller.organization.id, &number)?;
            work(view, &number)
        });
        Ok(read.await?)
    }

    /// Changes the network and the records of the caller's number with this id.
    async fn change_of<T: Send + 'static>(
        &self,
        caller: Caller,
        number: String,
        work: impl FnOnce(&Change<'_>, &Number) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let changed = self.network.change(move |change| {
            let number = number::of(change, &caller.organization.id, &number)?;
            work(change, &number)
        });
        Ok(changed.await?)
    }
}

/// What the API is opened with.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The base URL of the sandbox.
    pub(crate) url: String,
    pub(crate) limit: Option<u32>,
    pub(crate) keys: Arc<Keys>,
    /// Whether webhooks and files may be at addresses without TLS.
    pub(crate) allow_plain: bool,
    /// The faults of HTTP on demand, where the control routes are served.
    pub(crate) faults: Option<HttpFaults>,
}

/// The API on this network, with paths as in its document.
pub(crate) fn open(network: Network, outside: Outside, settings: &Settings) -> Result<Router, ContractError> {
    let kirim = Kirim {
        network,
        outside,
        buckets: Arc::default(),
        under_way: Arc::default(),
        limit: settings.limit,
        keys: Arc::clone(&settings.keys),
        allow_plain: settings.allow_plain,
        url: format!("{}{PREFIX}", settings.url).into(),
    };
    let faults = settings.faults.as_ref().map(misbehaviour);
    let api = routes::router(&kirim, faults.as_ref())?;
    Ok(Router::new().nest(PREFIX, api))
}

fn misbehaviour(faults: &HttpFaults) -> Misbehaviour {
    let operations = kirim_client::OPERATIONS.iter().map(|it| (it.id, it.method, it.template));
    faults.of(PREFIX, operations.collect(), answer::fail)
}

/// A phone number in E.164.
fn e164(digits: &str) -> String {
    format!("+{digits}")
}
