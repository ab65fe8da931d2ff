//! The HTTP clients, and how they resolve names.

use std::net::SocketAddr;
use std::time::Duration;

use object_store::ClientOptions;
use object_store::client::{HttpClient, HttpConnector};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, redirect};
use rustls::crypto::{CryptoProvider, ring};
use tokio::sync::OnceCell;
use url::Url;

use super::EgressError;
use super::error::NotPublic;
use super::policy::Policy;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection is kept for the next delivery. Its address was checked when it was made.
const IDLE: Duration = Duration::from_secs(30);

/// One client for `https`, and one for `http`, which reads no root certificates. Each is made when it is first needed,
/// for reading the certificates takes longer than a start may take.
#[derive(Debug)]
pub(super) struct Clients {
    policy: Policy,
    tls: OnceCell<Client>,
    plain: OnceCell<Client>,
}

impl Clients {
    pub(super) fn new(policy: Policy) -> Self {
        Self { policy, tls: OnceCell::new(), plain: OnceCell::new() }
    }

    pub(super) fn policy(&self) -> Policy {
        self.policy
    }

    /// The client for this address.
    pub(super) async fn get(&self, url: &Url) -> Result<&Client, EgressError> {
        let is_tls = url.scheme() == "https";
        let resolver = Resolver(self.policy);
        let cell = if is_tls { &self.tls } else { &self.plain };
        cell.get_or_try_init(|| build(builder(is_tls).dns_resolver(resolver))).await
    }
}

/// Connects to the S3-compatible store that whoever started the sandbox named: private addresses are theirs to choose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct S3Connector {
    /// Whether the store speaks `https`; if not, no root certificates are read.
    pub(crate) is_tls: bool,
}

impl HttpConnector for S3Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = builder(self.is_tls).timeout(Duration::from_secs(30)).build().map_err(|error| {
            object_store::Error::Generic { store: "S3", source: Box::new(error.without_url()) }
        })?;
        Ok(HttpClient::new(client))
    }
}

fn builder(is_tls: bool) -> ClientBuilder {
    if CryptoProvider::get_default().is_none() {
        // An error means that someone else was faster, which is as good.
        ring::default_provider().install_default().ok();
    }
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .tcp_nodelay(true)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(IDLE)
        .user_agent(concat!("whatsapp-sandbox/", env!("CARGO_PKG_VERSION")));
    if is_tls { builder } else { builder.tls_certs_only([]) }
}

/// Makes a client away from the runtime's threads: root certificates are read from files.
async fn build(builder: ClientBuilder) -> Result<Client, EgressError> {
    match tokio::task::spawn_blocking(|| builder.build()).await {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(EgressError::Client(error.to_string())),
        Err(error) => Err(EgressError::Client(error.to_string())),
    }
}

/// Resolves names of which every address may be called. The connection then goes to one of exactly these addresses, so
/// a name cannot change its mind between the check and the connection.
struct Resolver(Policy);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Policy { may_reach, .. } = self.0;
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !addresses.iter().all(|it| may_reach(it.ip())) {
                return Err(NotPublic.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
