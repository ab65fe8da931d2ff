//! Removes files that no row names: what a crash left behind, what was taken in for a request that was refused, and
//! what belonged to messages that were deleted.

use std::collections::HashSet;
use std::time::Duration;

use super::Files;
use crate::network::{Network, Refusal};
use crate::store::{Sql as _, StoreError};

/// The least time between two looks at what deleted rows have left behind.
const REST: Duration = Duration::from_secs(1);
/// The most files that one look removes.
const BATCH: u32 = 500;

/// Removes every file that no row names. At start, before anything can be taken in.
pub(crate) async fn sweep(network: &Network, files: &Files) -> Result<(), Refusal> {
    let names = files.names().await?;
    if names.is_empty() {
        return Ok(());
    }
    let known: HashSet<String> = network
        .read(|view| {
            let known = view.all("SELECT file FROM media WHERE file IS NOT NULL", (), |row| row.get(0))?;
            Ok(known.into_iter().collect())
        })
        .await?;
    for name in names.iter().filter(|name| !known.contains(*name)) {
        files.remove(name).await?;
    }
    Ok(())
}

/// Removes what becomes stray, until the network is closed. Dropping the future at any moment is safe.
pub(crate) async fn keep_house(network: Network, files: Files) {
    let Some(mut released) = files.released() else { return };
    let mut events = network.events();
    loop {
        let outcome = tokio::select! {
            Some(name) = released.recv() => check(&network, &files, name).await,
            changed = events.changed() => match changed {
                Ok(()) => {
                    let outcome = empty(&network, &files).await;
                    tokio::time::sleep(REST).await;
                    outcome
                }
                Err(_) => return,
            },
        };
        match outcome {
            Ok(()) => {}
            Err(Refusal::Store(StoreError::Closed)) => return,
            Err(error) => tracing::warn!(%error, "a stray media file could not be removed"),
        }
    }
}

/// Removes a file that was let go of, unless a row names it.
async fn check(network: &Network, files: &Files, name: String) -> Result<(), Refusal> {
    let asked = name.clone();
    let is_named =
        network.read(move |view| Ok(view.any("SELECT 1 FROM media WHERE file = ?1", (asked,))?)).await?;
    if !is_named {
        files.remove(&name).await?;
    }
    Ok(())
}

/// Removes the files of rows that are gone.
async fn empty(network: &Network, files: &Files) -> Result<(), Refusal> {
    let sql = "SELECT name FROM stray_file LIMIT ?1";
    let strays: Vec<String> =
        network.read(move |view| Ok(view.all(sql, (BATCH,), |row| row.get(0))?)).await?;
    if strays.is_empty() {
        return Ok(());
    }
    for name in &strays {
        files.remove(name).await?;
    }
    network
        .change(move |change| {
            for name in &strays {
                change.run("DELETE FROM stray_file WHERE name = ?1", (name,))?;
            }
            Ok(())
        })
        .await
}
