//! How requests reach the API.

use std::{error::Error as _, fmt, sync::Once, time::Duration};

use futures_util::future::BoxFuture;
use reqwest::{Client, ClientBuilder, Request, Response, redirect};
use rustls::crypto::{CryptoProvider, ring};
use tokio::sync::OnceCell;
use url::Url;

use crate::{Failure, upstream::is_loopback};

/// How requests reach the API.
///
/// The usual one is HTTP over the network. Another one stands in for it in tests and benches. A transport sends a
/// request once, as it is: deadlines, retries and limits are not its business.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends one request and waits for the head of the answer. Dropping the future ends the request.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Failure>>;
}

/// HTTP over the network: no redirects, no cookies, proxies from the environment except to this machine.
///
/// The client is made at the first call, because reading the system's root certificates takes longer than a server may
/// take to start.
#[derive(Debug)]
pub(crate) struct HttpTransport {
    kind: Kind,
    client: OnceCell<Client>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// `https`.
    Tls,
    /// `http`. Works where there are no root certificates, at the price of proxies that speak TLS themselves.
    Plain,
    /// Either, to this machine.
    Loopback { tls: bool },
}

impl HttpTransport {
    /// For an API at `base_url`.
    pub(crate) fn new(base_url: &Url) -> Self {
        let tls = base_url.scheme() == "https";
        let kind = match (is_loopback(base_url), tls) {
            (true, tls) => Kind::Loopback { tls },
            (false, true) => Kind::Tls,
            (false, false) => Kind::Plain,
        };
        Self { kind, client: OnceCell::new() }
    }

    async fn client(&self) -> Result<&Client, Failure> {
        let kind = self.kind;
        self.client.get_or_try_init(|| build(move || kind.builder())).await
    }
}

impl Kind {
    fn builder(self) -> ClientBuilder {
        match self {
            Self::Tls => tls_client(),
            Self::Plain => plain_client(),
            Self::Loopback { tls: true } => tls_client().no_proxy(),
            Self::Loopback { tls: false } => plain_client().no_proxy(),
        }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Failure>> {
        Box::pin(async move {
            let place = place(request.url());
            let client = self.client().await?;
            client.execute(request).await.map_err(|error| failure(&error, &place))
        })
    }
}

/// Makes a client away from the runtime's threads: root certificates are read from files.
pub(crate) async fn build(
    builder: impl FnOnce() -> ClientBuilder + Send + 'static,
) -> Result<Client, Failure> {
    let built = tokio::task::spawn_blocking(|| builder().build()).await;
    let built =
        built.map_err(|error| Failure::Connect(format!("the HTTP client cannot be made: {error}")))?;
    built.map_err(|error| {
        let cause = innermost(&error);
        Failure::Connect(format!(
            "the HTTP client cannot be made, perhaps for want of root certificates: {cause}"
        ))
    })
}

/// How long a connection to the API is kept for the next call. After a burst there are as many as there were calls at
/// once, each with its buffers.
const IDLE: Duration = Duration::from_secs(15);

/// A client that trusts the system's root certificates.
pub(crate) fn tls_client() -> ClientBuilder {
    install_tls_provider();
    Client::builder().redirect(redirect::Policy::none()).tcp_nodelay(true).pool_idle_timeout(IDLE)
}

/// A client that trusts no certificate at all, and so need not read any.
pub(crate) fn plain_client() -> ClientBuilder {
    tls_client().tls_certs_only([])
}

fn install_tls_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if CryptoProvider::get_default().is_none() {
            // An error means that someone else was faster, which is as good.
            ring::default_provider().install_default().ok();
        }
    });
}

/// Host and port, which is all that a message says of a URL.
pub(crate) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Says what went wrong between here and `place`.
pub(crate) fn failure(error: &reqwest::Error, place: &str) -> Failure {
    let cause = innermost(error);
    if error.is_builder() {
        Failure::InvalidRequest(cause)
    } else if error.is_connect() {
        Failure::Connect(format!("no connection to {place}: {cause}"))
    } else {
        Failure::Transport(format!(
            "the connection to {place} failed before the whole answer had come: {cause}"
        ))
    }
}

/// The text of the error at the bottom, which knows the reason and, unlike those above it, no URL.
fn innermost(error: &reqwest::Error) -> String {
    let Some(mut cause) = error.source() else { return "no reason given".to_owned() };
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
