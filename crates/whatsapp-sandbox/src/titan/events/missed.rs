//! What a session misses while it is off the network.

use crate::network::event::{self, Recorded};
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// The most events that wait for one session; the newest stay.
const MOST: i64 = 1_000;

/// Remembers that a session has missed an event.
pub(super) fn add(change: &Change<'_>, session: &str, event: i64) -> Result<(), Refusal> {
    change.run("INSERT OR IGNORE INTO missed_event (session, event_id) VALUES (?1, ?2)", (session, event))?;
    change.run(
        "DELETE FROM missed_event WHERE session = ?1 AND event_id <=
            (SELECT event_id FROM missed_event WHERE session = ?1 ORDER BY event_id DESC LIMIT 1 OFFSET ?2)",
        (session, MOST),
    )?;
    Ok(())
}

/// What the session has missed, the oldest first. It is missed no more.
pub(super) fn take(change: &Change<'_>, session: &str) -> Result<Vec<Recorded>, Refusal> {
    let sql = "SELECT event_id FROM missed_event WHERE session = ?1 ORDER BY event_id";
    let ids: Vec<i64> = change.all(sql, (session,), |row| row.get(0))?;
    change.run("DELETE FROM missed_event WHERE session = ?1", (session,))?;
    let events = ids.into_iter().map(|id| event::by_id(change, id));
    Ok(events.collect::<Result<Vec<_>, Refusal>>()?.into_iter().flatten().collect())
}
