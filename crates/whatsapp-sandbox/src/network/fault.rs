//! What goes wrong on the network's side, on demand: lost connections, temporary bans, and the reach-out time-lock.

use std::time::Duration;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use super::agenda::Task;
use super::event::{Event, Person};
use super::id::AccountId;
use super::session::{self, Session, State};
use super::{Change, Refusal, View};
use crate::clock::Timestamp;
use crate::store::Sql as _;

/// What `WhatsApp` does to an account for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Restriction {
    /// No session of the account can connect. Sessions show `TEMPORARY_BAN`, and come back by themselves at the end.
    TemporaryBan,
    /// Error 463: the first message to somebody whom the account has never written with is refused.
    TimeLock,
}

/// Cuts the connection of a session. It comes back by itself after `back_after`, as after a lost network; with `None`
/// it stays away until it is started again, as after a stream error.
pub(crate) fn disconnect(
    change: &Change<'_>,
    name: &str,
    back_after: Option<Duration>,
) -> Result<Session, Refusal> {
    session::acting(change, name)?;
    let session = session::get(change, name)?;
    match back_after {
        Some(delay) => session::reconnect(change, &session, delay),
        None => session::drop_out(change, &session, State::StreamError, None),
    }
}

/// Restricts an account until an instant, in place of an earlier restriction of the kind. An instant that has passed
/// lifts it at once.
pub(crate) fn restrict(
    change: &Change<'_>,
    account: AccountId,
    kind: Restriction,
    until: Timestamp,
) -> Result<(), Refusal> {
    if until <= change.now {
        return lift(change, account, kind);
    }
    change.run(
        "INSERT INTO fault (account_id, kind, until) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET until = excluded.until",
        (account, kind, until),
    )?;
    if kind == Restriction::TemporaryBan {
        for session in session::of_account(change, account)? {
            if session.state.is_running() || session.state == State::TemporaryBan {
                session::drop_out(change, &session, State::TemporaryBan, Some(until))?;
            }
        }
    }
    tell(change, account, kind, Some(until))?;
    change.schedule(until.since(change.now), &Task::EndRestriction { account, kind })
}

/// Ends a restriction before its time; nothing happens if there is none.
pub(crate) fn lift(change: &Change<'_>, account: AccountId, kind: Restriction) -> Result<(), Refusal> {
    let sql = "DELETE FROM fault WHERE account_id = ?1 AND kind = ?2";
    if change.run(sql, (account, kind))? == 0 {
        return Ok(());
    }
    tell(change, account, kind, None)?;
    if kind == Restriction::TemporaryBan {
        for session in session::of_account(change, account)? {
            if session.state == State::TemporaryBan {
                session::reconnect(change, &session, change.pace().connect_delay)?;
            }
        }
    }
    Ok(())
}

/// All restrictions that last.
pub(crate) fn list(view: &View<'_>) -> Result<Vec<(AccountId, Restriction, Timestamp)>, Refusal> {
    let sql = "SELECT account_id, kind, until FROM fault WHERE until > ?1 ORDER BY account_id, kind";
    Ok(view.all(sql, (view.now,), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}

/// Until when an account is restricted, if it is.
pub(crate) fn until(
    view: &View<'_>,
    account: AccountId,
    kind: Restriction,
) -> Result<Option<Timestamp>, Refusal> {
    let sql = "SELECT until FROM fault WHERE account_id = ?1 AND kind = ?2 AND until > ?3";
    Ok(view.first(sql, (account, kind, view.now), |row| row.get(0))?)
}

/// A restriction has reached its end, unless it was prolonged in the meantime.
pub(super) fn end(change: &Change<'_>, account: AccountId, kind: Restriction) -> Result<(), Refusal> {
    if until(change, account, kind)?.is_some() { Ok(()) } else { lift(change, account, kind) }
}

fn tell(
    change: &Change<'_>,
    account: AccountId,
    restriction: Restriction,
    until: Option<Timestamp>,
) -> Result<(), Refusal> {
    let person = Person::of(change, account)?;
    change.emit(&Event::Restricted { person, restriction, until }, &[account])
}

impl ToSql for Restriction {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self {
            Self::TemporaryBan => "temporary_ban",
            Self::TimeLock => "time_lock",
        }))
    }
}

impl FromSql for Restriction {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "temporary_ban" => Ok(Self::TemporaryBan),
            "time_lock" => Ok(Self::TimeLock),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}
