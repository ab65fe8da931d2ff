//! A running sandbox.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum::serve::ListenerExt as _;
use http::HeaderValue;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::access::rate::RateLimiter;
use crate::network::{Network, pulse};
use crate::{FULL_KEY, SandboxBuilder, SandboxError, control, pictures, titan};

/// How long requests under way may take to finish when the sandbox is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// A simulated `WhatsApp` network that lives in this process, with its REST API on a local port.
///
/// Dropping it ends it as well, without waiting for requests under way.
#[derive(Debug)]
pub struct Sandbox {
    network: Network,
    router: Router,
    address: SocketAddr,
    url: String,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    pulse: JoinHandle<()>,
}

impl Sandbox {
    /// Settings for a sandbox; [`SandboxBuilder::start`] starts it.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    pub(crate) async fn serve(
        network: Network,
        address: SocketAddr,
        rate_limit: u32,
    ) -> Result<Self, SandboxError> {
        let listen = |source| SandboxError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let url = format!("http://{address}");
        let router = router(&network, &url, rate_limit, address.ip().is_loopback());
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(serve(listener, router.clone(), stopped.clone()));
        let pulse = tokio::spawn(beat(network.clone(), stopped));
        Ok(Self { network, router, address, url, stop, server, pulse })
    }

    /// The base URL of the REST API, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address that the sandbox listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// An API key that opens everything: [`FULL_KEY`].
    pub fn full_key(&self) -> &'static str {
        FULL_KEY
    }

    /// All routes as an axum router on the same network, to be called in process or served elsewhere. They answer
    /// until the sandbox is stopped.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Finishes the requests under way, for five seconds at most, closes the store and gives the data folder free.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        for mut task in [self.server, self.pulse] {
            if timeout(GRACE, &mut task).await.is_err() {
                tracing::warn!("a client of the sandbox did not finish its request in time");
                task.abort();
            }
        }
        self.network.close().await;
    }
}

fn router(network: &Network, url: &str, rate_limit: u32, local: bool) -> Router {
    let titan = titan::router(network.clone(), url, RateLimiter::new(rate_limit));
    let router = titan.merge(pictures::router(network.clone()));
    let router = if local { router.merge(control::router(network.clone())) } else { router };
    router.layer(map_response(mark))
}

/// Every answer says that nothing of it is real.
async fn mark(mut response: Response) -> Response {
    response.headers_mut().insert("x-sandbox", HeaderValue::from_static("simulated"));
    response
}

async fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    // An error means that the sandbox was dropped, which stops it as well.
    let end = async move {
        let _ = stopped.changed().await;
    };
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(end).await {
        tracing::error!(%error, "the sandbox stopped serving");
    }
}

async fn beat(network: Network, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = pulse::beat(network) => {}
        _ = stopped.changed() => {}
    }
}
