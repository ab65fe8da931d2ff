//! How a sandbox is set up.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::clock::{Clock, Timestamp};
use crate::entropy::Entropy;
use crate::kirim;
use crate::media::{Files, MediaStore};
use crate::network::{Companion, Network, Pace, Refusal};
use crate::outside::{Outside, OutsideSettings};
use crate::sandbox::Sandbox;
use crate::store::Store;
use crate::{SandboxError, StoreError, seed};

/// Those who keep records beside the network.
static COMPANIONS: [Companion; 1] = [kirim::COMPANION];

/// Settings of a [`Sandbox`]; each has a default that suits a first try.
#[derive(Clone, Debug)]
pub struct SandboxBuilder {
    data_dir: Option<PathBuf>,
    address: SocketAddr,
    allow_public: bool,
    seed: bool,
    rate_limit: Option<u32>,
    pace: Pace,
    outside: OutsideSettings,
    control: Option<bool>,
    clock: Option<SystemTime>,
    entropy: Option<u64>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            data_dir: None,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            allow_public: false,
            seed: true,
            rate_limit: None,
            pace: Pace {
                auto_pair: Some(Duration::from_secs(2)),
                qr_lifetime: Duration::from_secs(20),
                receipt_delay: Duration::from_millis(300),
                echo_delay: Duration::from_secs(1),
                connect_delay: Duration::from_millis(500),
                sync_delay: Duration::from_millis(250),
            },
            outside: OutsideSettings::default(),
            control: None,
            clock: None,
            entropy: None,
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

    /// Allows an address that other machines can reach. The control routes and the API of whatsapp-mcp-api need no key, so
    /// they are off at such an address unless [`SandboxBuilder::control`] asks for them; and the published keys open
    /// nothing there: [`Sandbox::full_key`] and its like give others.
    #[must_use]
    pub fn allow_public(mut self, allow: bool) -> Self {
        self.allow_public = allow;
        self
    }

    /// Whether the control routes below `/_sandbox` are served, which play the people, the faults and the clock. By
    /// default they are on loopback addresses only: they need no key, so whoever can reach the address can do with the
    /// sandbox what they like.
    #[must_use]
    pub fn control(mut self, serve: bool) -> Self {
        self.control = Some(serve);
        self
    }

    /// A clock that stands at this instant until it is advanced, by [`Sandbox::advance`] or the control routes. By
    /// default the clock is the one that the data folder was left with, and the system's where there is none.
    #[must_use]
    pub fn clock(mut self, at: SystemTime) -> Self {
        self.clock = Some(at);
        self
    }

    /// Where all chance comes from: with the same seed, the same calls in the same order give the same identifiers and
    /// codes. By default the seed is the one that the data folder was left with; where there is none, the operating
    /// system gives another one each time. In a folder that has a history, what is drawn depends on that as well.
    #[must_use]
    pub fn random_seed(mut self, seed: u64) -> Self {
        self.entropy = Some(seed);
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

    /// How long each quarter of an account's history takes to come after a session has been linked to it; until all of
    /// it is there, lists are partial. 250 milliseconds by default.
    #[must_use]
    pub fn sync_delay(mut self, delay: Duration) -> Self {
        self.pace.sync_delay = delay;
        self
    }

    /// Whether a new store gets the demo accounts, contacts, groups and history. It does by default. The keys are
    /// there either way.
    #[must_use]
    pub fn seed(mut self, seed: bool) -> Self {
        self.seed = seed;
        self
    }

    /// How many requests one key may make in a minute. By default 6,000 with Titan's API, and what the plan of its
    /// organisation says with Kirim's, where it then stands for those that read and those that write alike.
    #[must_use]
    pub fn rate_limit(mut self, requests_per_minute: u32) -> Self {
        self.rate_limit = Some(requests_per_minute);
        self
    }

    /// Lets webhooks and the URLs of files lead to this machine and its network, and use plain `http`. Off by default,
    /// for whoever may call the API chooses these addresses: allow it where all callers are trusted.
    #[must_use]
    pub fn allow_private(mut self, allow: bool) -> Self {
        self.outside.allow_private = allow;
        self
    }

    /// How long a webhook's target has for its answer before the delivery counts as failed. Ten seconds by default.
    #[must_use]
    pub fn webhook_timeout(mut self, timeout: Duration) -> Self {
        self.outside.webhook_timeout = timeout;
        self
    }

    /// Where media go that are persisted. By default the folder `copies` in the data folder, or memory without one.
    #[must_use]
    pub fn media_store(mut self, store: MediaStore) -> Self {
        self.outside.media_store = Some(store);
        self
    }

    /// Opens the store, listens, and lets the network live.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        if !self.allow_public && !self.address.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(self.address));
        }
        let mut outside = self.outside;
        if let Some(folder) = &self.data_dir {
            outside.media_store.get_or_insert_with(|| MediaStore::Folder(folder.join("copies")));
        }
        let (store, files) = open(self.data_dir).await?;
        let network = Network::new(store, self.pace, Clock::system(), Entropy::from_system(), &COMPANIONS);
        network.resume(self.clock.map(Timestamp::from), self.entropy).await.map_err(not_ready)?;
        let demo = self.seed;
        network.change(move |change| seed::plant(change, demo)).await.map_err(not_ready)?;
        let outside = Outside::open(&network, files, outside).await.map_err(not_ready)?;
        Sandbox::serve(network, outside, self.address, self.rate_limit, self.control).await
    }
}

fn not_ready(refusal: Refusal) -> SandboxError {
    match refusal {
        Refusal::Store(error) => SandboxError::Store(error),
        other => SandboxError::Seed(other.to_string()),
    }
}

async fn open(folder: Option<PathBuf>) -> Result<(Store, Files), StoreError> {
    tokio::task::spawn_blocking(move || match folder {
        Some(folder) => {
            let store = Store::open(&folder)?;
            let media = folder.join("media");
            let files = Files::in_folder(&media)
                .map_err(|source| StoreError::Folder { folder: media.display().to_string(), source })?;
            Ok((store, files))
        }
        None => Ok((Store::in_memory()?, Files::in_memory())),
    })
    .await
    .unwrap_or(Err(StoreError::Closed))
}
