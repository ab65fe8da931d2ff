//! What stands around the network: files and their copies, the way out, and deliveries.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::delivery::courier::Courier;
use crate::delivery::{Deliveries, Dialect};
use crate::egress::Egress;
use crate::media::{Copies, Files, Intake, MediaStore, housekeeper, relocation};
use crate::network::{Network, Refusal};

/// How the sandbox deals with the world outside.
#[derive(Clone, Debug)]
pub(crate) struct OutsideSettings {
    /// Whether webhooks and files may be at private addresses, and over plain HTTP.
    pub(crate) allow_private: bool,
    /// How long a webhook's target has for its answer.
    pub(crate) webhook_timeout: Duration,
    /// Where lasting copies of media go; in memory if `None`.
    pub(crate) media_store: Option<MediaStore>,
}

impl Default for OutsideSettings {
    fn default() -> Self {
        Self { allow_private: false, webhook_timeout: Duration::from_secs(10), media_store: None }
    }
}

/// Handles to all of it; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    pub(crate) files: Files,
    pub(crate) intake: Intake,
    pub(crate) copies: Copies,
    pub(crate) egress: Egress,
    pub(crate) deliveries: Deliveries,
    network: Network,
    bell: Arc<Notify>,
    webhook_timeout: Duration,
}

impl Outside {
    /// Puts it around a network, and the files in order. Nobody may take in a file before that.
    pub(crate) async fn open(
        network: &Network,
        files: Files,
        settings: OutsideSettings,
    ) -> Result<Self, Refusal> {
        relocation::run(network, &files).await?;
        housekeeper::sweep(network, &files).await?;
        let egress = Egress::new(settings.allow_private);
        let copies = Copies::new(settings.media_store);
        let bell = Arc::<Notify>::default();
        Ok(Self {
            intake: Intake::new(network.clone(), files.clone(), copies.clone(), egress.clone()),
            files,
            copies,
            egress,
            deliveries: Deliveries::new(network.clone(), Arc::clone(&bell)),
            network: network.clone(),
            bell,
            webhook_timeout: settings.webhook_timeout,
        })
    }

    /// Delivers to webhooks and removes stray files until the sandbox is stopped.
    pub(crate) async fn live(self, dialects: &'static [Dialect], stopped: watch::Receiver<bool>) {
        let courier =
            Courier::new(self.network.clone(), self.egress, dialects, self.webhook_timeout, self.bell);
        let house = housekeeper::keep_house(self.network, self.files);
        let deliver = courier.run(stopped);
        tokio::pin!(house, deliver);
        tokio::select! {
            () = &mut deliver => {}
            () = &mut house => deliver.await,
        }
    }
}
