//! The routes that play the other side: the phone that links a session, the people who write and react, the faults, the
//! clock, and the whole state at once.
//!
//! They belong to the sandbox and to no product. The routes come from the table of operations of the client that is
//! generated from `openapi/sandbox`, and handlers take and give that client's types, so that both are those of the
//! document. Handlers only translate: what happens is decided in [`crate::network`].

use std::sync::Arc;

use axum::Router;
use tokio::sync::watch;

use crate::contract::ContractError;
use crate::network::id::AccountId;
use crate::network::{Change, Network, Refusal, View, phone};
use crate::outside::Outside;
use crate::pictures;
use crate::rest::Surface;

mod account;
mod accounts;
mod answer;
mod calls;
mod channels;
mod chats;
mod clock;
mod contacts;
mod deliveries;
mod draft;
mod events;
mod fault;
mod groups;
mod guard;
mod kirim;
mod media;
mod messages;
mod overview;
mod replies;
mod routes;
mod sessions;
mod state;

use answer::Problem;
pub(crate) use fault::{HttpFaults, Misbehaviour, misbehave};
pub(crate) use guard::check as only_from_here;

/// What the handlers share.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    pub(crate) network: Network,
    pub(crate) outside: Outside,
    pub(crate) faults: HttpFaults,
    /// The base URL of this sandbox.
    pub(crate) url: Arc<str>,
    /// Changes when the sandbox is to stop; streams end then.
    pub(crate) stopped: watch::Receiver<bool>,
}

/// The control routes, all below `/_sandbox`, for requests that come from no other website.
pub(crate) fn router(control: Control) -> Result<Router, ContractError> {
    routes::router(control)
}

impl Surface for Control {
    type Problem = Problem;
}

impl Control {
    /// Looks at the network as the account with this number, JID or LID.
    async fn read_as<T: Send + 'static>(
        &self,
        account: String,
        work: impl FnOnce(&View<'_>, AccountId) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        Ok(self.network.read(move |view| work(view, account::find(view, &account)?.id)).await?)
    }

    /// Changes the network as the account with this number, JID or LID, whose phone must be on.
    async fn change_as<T: Send + 'static>(
        &self,
        account: String,
        work: impl FnOnce(&Change<'_>, AccountId) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let changed = self.network.change(move |change| {
            let me = account::find(change, &account)?.id;
            phone::expect_on(change, me)?;
            work(change, me)
        });
        Ok(changed.await?)
    }

    /// The address of a picture.
    fn picture_url(&self, id: Option<&str>) -> Option<String> {
        id.map(|id| pictures::url(&self.url, id))
    }
}
