//! What happens on the network, written down for whoever tells it to others: webhooks, a live page, a test.
//!
//! An event is one row, written in the transaction that makes it true. It says whom it is for and holds all that is
//! needed to tell it later. Readers keep a cursor, ask for what came [`since`], and wait for [`Network::events`].

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Type, ValueRef};
use tokio::sync::watch;

use super::id::{AccountId, ConversationId};
use super::{Change, Network, Refusal, View};
use crate::clock::Timestamp;
use crate::store::Sql as _;

mod kind;
mod told;

pub(crate) use kind::{ChannelChange, ContactChange, Event, GroupChange, LabelChange};
pub(crate) use told::{Address, Person, Place, Told};

/// The newest events stay, read or not.
const KEPT: i64 = 10_000;
/// Every so many events the old ones are removed.
const SWEEP: i64 = 1_000;

/// An event as it was written down.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    /// Grows with time; never used twice.
    pub(crate) id: i64,
    pub(crate) at: Timestamp,
    pub(crate) conversation: Option<ConversationId>,
    /// Whose doing or whose state it is.
    pub(crate) account: Option<AccountId>,
    /// The session, if it is about one.
    pub(crate) session: Option<String>,
    /// The accounts that the event is told to: each through all sessions that are linked to it.
    pub(crate) observers: Vec<AccountId>,
    pub(crate) event: Event,
}

impl Recorded {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let observers: String = row.get(5)?;
        Ok(Self {
            id: row.get(0)?,
            at: row.get(1)?,
            conversation: row.get(2)?,
            account: row.get(3)?,
            session: row.get(4)?,
            observers: serde_json::from_str(&observers)
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(5, Type::Text, error.into()))?,
            event: row.get(6)?,
        })
    }
}

impl Change<'_> {
    /// Writes down what has just happened, and whom it is told to. Nobody to tell it to is fine: the live feed shows
    /// it all the same.
    pub(crate) fn emit(&self, event: &Event, observers: &[AccountId]) -> Result<(), Refusal> {
        let told_to = serde_json::to_string(observers)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        self.run(
            "INSERT INTO event (at, conversation_id, account_id, session, observers, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (self.now, event.conversation(), event.account(), event.session(), told_to, event),
        )?;
        let id = self.last_insert_rowid();
        if id % SWEEP == 0 {
            sweep(self, id)?;
        }
        self.told(id);
        self.let_hear(event, observers)
    }
}

impl Network {
    /// Wakes whenever something has happened: its value is the id of the newest event that this process has written.
    pub(crate) fn events(&self) -> watch::Receiver<i64> {
        self.0.newest_event.subscribe()
    }
}

const COLUMNS: &str = "id, at, conversation_id, account_id, session, observers, body";

/// The events after this one, the oldest first.
pub(crate) fn since(view: &View<'_>, id: i64, limit: u32) -> Result<Vec<Recorded>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE id > ?1 ORDER BY id LIMIT ?2");
    Ok(view.all(&sql, (id, limit), Recorded::from_row)?)
}

/// The event with this id, if it is still known.
pub(crate) fn by_id(view: &View<'_>, id: i64) -> Result<Option<Recorded>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE id = ?1");
    Ok(view.first(&sql, (id,), Recorded::from_row)?)
}

/// The id of the newest event; 0 if there was none yet.
pub(crate) fn newest(view: &View<'_>) -> Result<i64, Refusal> {
    Ok(view.first("SELECT max(id) FROM event", (), |row| row.get(0))?.flatten().unwrap_or(0))
}

/// How far a reader has come: the id of the last event that it has handled; 0 if it never did.
pub(crate) fn cursor(view: &View<'_>, reader: &str) -> Result<i64, Refusal> {
    let sql = "SELECT event_id FROM event_cursor WHERE reader = ?1";
    Ok(view.first(sql, (reader,), |row| row.get(0))?.unwrap_or(0))
}

/// Remembers how far a reader has come, in the transaction that holds what it has made of the events.
pub(crate) fn advance(change: &Change<'_>, reader: &str, id: i64) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO event_cursor (reader, event_id) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET event_id = max(event_id, excluded.event_id)",
        (reader, id),
    )?;
    Ok(())
}

/// Removes what is neither among the newest nor still to be read.
fn sweep(change: &Change<'_>, newest: i64) -> Result<(), Refusal> {
    change.run(
        "DELETE FROM event WHERE id <= ?1 AND id <= coalesce((SELECT min(event_id) FROM event_cursor), ?1)
            AND id NOT IN (SELECT event_id FROM missed_event)",
        (newest - KEPT,),
    )?;
    Ok(())
}

impl ToSql for Event {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(self)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl FromSql for Event {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map_err(FromSqlError::other)
    }
}
