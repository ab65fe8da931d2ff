//! The database's format: `user_version` counts the scripts that have run.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// In the order in which they run. A script that has been published never changes; a new one follows it.
const MIGRATIONS: [&str; 9] = [
    include_str!("schema/001_network.sql"),
    include_str!("schema/002_access.sql"),
    include_str!("schema/003_life.sql"),
    include_str!("schema/004_delivery.sql"),
    include_str!("schema/005_callers.sql"),
    include_str!("schema/006_control.sql"),
    include_str!("schema/007_surfaces.sql"),
    include_str!("schema/008_kirim.sql"),
    include_str!("schema/009_kirim_keys.sql"),
];

pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let Some(missing) = usize::try_from(found).ok().and_then(|found| MIGRATIONS.get(found..)) else {
        return Err(StoreError::TooNew { found, known });
    };
    for script in missing {
        transaction.execute_batch(script)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
