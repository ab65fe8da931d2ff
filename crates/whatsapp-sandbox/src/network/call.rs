//! Calls between two people: they ring, and are taken, refused or missed. Nothing is said in them.

use std::time::Duration;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use super::account::Account;
use super::agenda::Task;
use super::event::{Event, Person};
use super::id::AccountId;
use super::{Change, Refusal, contact};
use crate::store::Sql as _;

/// How long a call rings.
const RINGING: Duration = Duration::from_secs(45);

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    Ringing,
    Accepted,
    Rejected,
    Missed,
    /// It was taken, and is over.
    Ended,
}

/// Calls somebody; the call's id. Whoever has blocked the caller hears nothing of it.
pub(crate) fn offer(
    change: &Change<'_>,
    me: AccountId,
    other: &Account,
    video: bool,
) -> Result<String, Refusal> {
    if other.id == me {
        return Err(Refusal::Invalid("an account cannot call itself".to_owned()));
    }
    let id = change.entropy().call_id();
    change.run(
        "INSERT INTO call (id, caller_id, callee_id, video, phase, began_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (&id, me, other.id, video, Phase::Ringing, change.now),
    )?;
    tell(change, &id)?;
    change.schedule(RINGING, &Task::EndRinging { call: id.clone() })?;
    Ok(id)
}

/// Takes a call that rings at the account, or refuses it.
pub(crate) fn answer(change: &Change<'_>, me: AccountId, id: &str, accepted: bool) -> Result<(), Refusal> {
    let phase = if accepted { Phase::Accepted } else { Phase::Rejected };
    let sql = "UPDATE call SET phase = ?3 WHERE id = ?1 AND callee_id = ?2 AND phase = ?4";
    if change.run(sql, (id, me, phase, Phase::Ringing))? == 0 {
        return Err(refusal(
            change,
            me,
            id,
            "the call does not ring at this account: it was taken, is over, or is the account's own",
        )?);
    }
    tell(change, id)
}

/// Ends a call on either side: one that still rings was missed.
pub(crate) fn hang_up(change: &Change<'_>, me: AccountId, id: &str) -> Result<(), Refusal> {
    let sql = "UPDATE call SET phase = CASE phase WHEN ?3 THEN ?4 ELSE ?5 END
                WHERE id = ?1 AND (caller_id = ?2 OR callee_id = ?2) AND phase IN (?3, ?6)";
    let ended = change.run(sql, (id, me, Phase::Ringing, Phase::Missed, Phase::Ended, Phase::Accepted))?;
    if ended == 0 {
        return Err(refusal(change, me, id, "the call is over")?);
    }
    tell(change, id)
}

/// Why nothing came of it: this, if the account has a part in the call, and otherwise that there is none.
fn refusal(change: &Change<'_>, me: AccountId, id: &str, why: &'static str) -> Result<Refusal, Refusal> {
    let sql = "SELECT 1 FROM call WHERE id = ?1 AND (caller_id = ?2 OR callee_id = ?2)";
    let is_known = change.any(sql, (id, me))?;
    Ok(if is_known { Refusal::Unfit(why) } else { Refusal::NoCall(id.chars().take(64).collect()) })
}

/// Nobody has answered in time.
pub(super) fn end_ringing(change: &Change<'_>, id: &str) -> Result<(), Refusal> {
    let sql = "UPDATE call SET phase = ?2 WHERE id = ?1 AND phase = ?3";
    if change.run(sql, (id, Phase::Missed, Phase::Ringing))? == 0 { Ok(()) } else { tell(change, id) }
}

fn tell(change: &Change<'_>, id: &str) -> Result<(), Refusal> {
    let sql = "SELECT caller_id, callee_id, video, phase FROM call WHERE id = ?1";
    let (from, to, video, phase): (AccountId, AccountId, _, _) = change
        .first(sql, (id,), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .ok_or_else(|| Refusal::NoCall(id.to_owned()))?;
    let mut observers = vec![from];
    if !contact::has_blocked(change, to, from)? {
        observers.push(to);
    }
    let event = Event::Call {
        id: id.to_owned(),
        caller: Person::of(change, from)?,
        callee: Person::of(change, to)?,
        video,
        phase,
    };
    change.emit(&event, &observers)
}

impl Phase {
    const NAMES: [(Self, &'static str); 5] = [
        (Self::Ringing, "ringing"),
        (Self::Accepted, "accepted"),
        (Self::Rejected, "rejected"),
        (Self::Missed, "missed"),
        (Self::Ended, "ended"),
    ];
}

impl ToSql for Phase {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(Self::NAMES.iter().find(|(it, _)| it == self).map_or("ended", |(_, name)| name).into())
    }
}

impl FromSql for Phase {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::NAMES.iter().find(|(_, it)| *it == name).map(|(it, _)| *it).ok_or(FromSqlError::InvalidType)
    }
}
