//! Works through the agenda as time passes.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Network, Refusal, agenda};

/// How long the pulse rests after the database has failed.
const REST: Duration = Duration::from_secs(1);

/// Does what is due until the network is closed. Dropping the future between two transactions is safe.
pub(crate) async fn beat(network: Network) {
    let world = &network.0;
    loop {
        // Whatever is put on the agenda from here on wakes the pulse again.
        world.awaited.store(i64::MAX, Ordering::SeqCst);
        let rest = match network.change(agenda::run_due).await {
            Ok(Some(next)) => {
                world.awaited.store(next.unix_millis(), Ordering::SeqCst);
                // Time that is moved by hand brings what falls due in it itself.
                let rest = next.since(network.now());
                (rest.is_zero() || !world.clock.is_manual()).then_some(rest)
            }
            Ok(None) => None,
            Err(Refusal::Store(crate::store::StoreError::Closed)) => return,
            Err(error) => {
                tracing::error!(%error, "the simulated network could not work through its agenda");
                Some(REST)
            }
        };
        match rest {
            Some(rest) => tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = world.woken.notified() => {}
            },
            None => world.woken.notified().await,
        }
    }
}
