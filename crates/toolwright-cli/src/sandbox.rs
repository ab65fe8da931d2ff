//! The sandbox as the command line sees it: something that starts, has an address and a key, and stops.

use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;

/// Why a sandbox did not start.
pub type SandboxError = Box<dyn std::error::Error + Send + Sync>;

/// A sandbox that is starting.
pub type Starting = Pin<Box<dyn Future<Output = Result<RunningSandbox, SandboxError>> + Send>>;

/// Starts a sandbox.
pub type StartSandbox = fn(SandboxOptions) -> Starting;

/// How a sandbox is started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SandboxOptions {
    /// Where it keeps its state; in memory if `None`.
    pub data_dir: Option<PathBuf>,
    /// The port of this machine on which it answers; a free one if `None`.
    pub port: Option<u16>,
    /// Whether it may fetch media from, and deliver webhooks to, this machine and private networks.
    pub allow_private: bool,
}

/// A sandbox that runs. It ends when it is dropped.
pub struct RunningSandbox {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) page: Option<String>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl RunningSandbox {
    /// A sandbox at this base URL, which this key opens; an empty one where it needs none. The future keeps it alive, and
    /// stops it when it is awaited.
    pub fn new(
        url: impl Into<String>,
        key: impl Into<String>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self { url: url.into(), key: key.into(), page: None, stop: Box::pin(stop) }
    }

    /// It has a page for people, which is at this address.
    #[must_use]
    pub fn with_page(mut self, url: impl Into<String>) -> Self {
        self.page = Some(url.into());
        self
    }

    pub(crate) async fn stop(self) {
        self.stop.await;
    }
}

impl fmt::Debug for RunningSandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RunningSandbox").field("url", &self.url).finish_non_exhaustive()
    }
}
