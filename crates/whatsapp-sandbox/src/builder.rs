//! How a sandbox is set up.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::network::{Network, Pace};
use crate::sandbox::Sandbox;
use crate::store::Store;
use crate::{SandboxError, StoreError, seed};

/// Settings of a [`Sandbox`]; each has a default that suits a first try.
#[derive(Clone, Debug)]
pub struct SandboxBuilder {
    data_dir: Option<PathBuf>,
    address: SocketAddr,
    allow_public: bool,
    seed: bool,
    rate_limit: u32,
    pace: Pace,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            data_dir: None,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            allow_public: false,
            seed: true,
            rate_limit: 6_000,
            pace: Pace {
                auto_pair: Some(Duration::from_secs(2)),
                qr_lifetime: Duration::from_secs(20),
                receipt_delay: Duration::from_millis(300),
                echo_delay: Duration::from_secs(1),
                connect_delay: Duration::from_millis(500),
            },
        }
    }
}

impl SandboxBuilder {
    /// The folder in which the network is kept, so that it survives a restart; it is made if it is not there. In memory
    /// if `None`, which is the default.
    #[must_use]
    pub fn data_dir(mut self, folder: Option<PathBuf>) -> Self {
        self.data_dir = folder;
        self
    }

    /// The address to listen on. By default a free port of 127.0.0.1.
    #[must_use]
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Allows an address that other machines can reach. The routes that play the phone need no key, so they are off at
    /// such an address.
    #[must_use]
    pub fn allow_public(mut self, allow: bool) -> Self {
        self.allow_public = allow;
        self
    }

    /// How long after a QR code or pairing code has been shown the simulated phone uses it. Two seconds by default;
    /// `None` waits for the control route instead.
    #[must_use]
    pub fn auto_pair(mut self, moment: Option<Duration>) -> Self {
        self.pace.auto_pair = moment;
        self
    }

    /// How long one QR code lives before the next takes its place; six make one attempt. 20 seconds by default.
    #[must_use]
    pub fn qr_lifetime(mut self, lifetime: Duration) -> Self {
        self.pace.qr_lifetime = lifetime;
        self
    }

    /// How long each step of a message takes: accepted, delivered, read. 300 milliseconds by default.
    #[must_use]
    pub fn receipt_delay(mut self, delay: Duration) -> Self {
        self.pace.receipt_delay = delay;
        self
    }

    /// How long the echo contact writes at its answer, after it has read the message. One second by default.
    #[must_use]
    pub fn echo_delay(mut self, delay: Duration) -> Self {
        self.pace.echo_delay = delay;
        self
    }

    /// How long a paired session takes to connect after it has been started. 500 milliseconds by default.
    #[must_use]
    pub fn connect_delay(mut self, delay: Duration) -> Self {
        self.pace.connect_delay = delay;
        self
    }

    /// Whether a new store gets the demo accounts, contacts, groups and history. It does by default. The keys are
    /// there either way.
    #[must_use]
    pub fn seed(mut self, seed: bool) -> Self {
        self.seed = seed;
        self
    }

    /// How many requests one key may make in a minute. 6,000 by default.
    #[must_use]
    pub fn rate_limit(mut self, requests_per_minute: u32) -> Self {
        self.rate_limit = requests_per_minute;
        self
    }

    /// Opens the store, listens, and lets the network live.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        if !self.allow_public && !self.address.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(self.address));
        }
        let network = Network::new(open(self.data_dir).await?, self.pace);
        let demo = self.seed;
        network.change(move |change| seed::plant(change, demo)).await.map_err(|refusal| match refusal {
            crate::network::Refusal::Store(error) => SandboxError::Store(error),
            other => SandboxError::Seed(other.to_string()),
        })?;
        Sandbox::serve(network, self.address, self.rate_limit).await
    }
}

async fn open(folder: Option<PathBuf>) -> Result<Store, StoreError> {
    tokio::task::spawn_blocking(move || match folder {
        Some(folder) => Store::open(&folder),
        None => Store::in_memory(),
    })
    .await
    .unwrap_or(Err(StoreError::Closed))
}
