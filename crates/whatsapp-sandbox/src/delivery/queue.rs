//! Deliveries on their way, done, and given up.

use std::time::Duration;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row};

use super::retry::{Outcome, Verdict};
use crate::access::webhook::{self, Owner, Policy, Retries};
use crate::clock::Timestamp;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// How many delivered ones are kept to be looked at.
const KEPT_DELIVERED: u32 = 1_000;
/// How many dead letters are kept.
const KEPT_DEAD: u32 = 10_000;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// To be tried, for the first time or again.
    Waiting,
    /// The target has it.
    Delivered,
    /// Given up: a dead letter.
    Dead,
}

/// A delivery and what it carries.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) id: i64,
    pub(crate) webhook: i64,
    /// The same for every webhook and every attempt.
    pub(crate) event_id: String,
    /// The name of the event.
    pub(crate) event: String,
    pub(crate) session: String,
    /// The JSON that is sent, byte for byte.
    pub(crate) body: Vec<u8>,
    pub(crate) state: State,
    /// How often it was tried since it was queued or last replayed.
    pub(crate) attempts: u32,
    /// When it is tried next; none while an earlier one of the same chat waits, and when it is settled.
    pub(crate) due_at: Option<Timestamp>,
    /// Of the last answer.
    pub(crate) status: Option<u16>,
    /// What went wrong in the last attempt.
    pub(crate) error: Option<String>,
    /// When it happened.
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// What its API calls it, if not by its number.
    pub(crate) public_id: Option<String>,
    /// The public id of the one that it repeats.
    pub(crate) replayed_from: Option<String>,
}

/// Which deliveries to list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) state: Option<State>,
    pub(crate) webhook: Option<i64>,
    /// Only older ones: the id of the last one of the page before.
    pub(crate) before: Option<i64>,
    /// Only those of this owner's webhooks.
    pub(crate) owner: Option<Owner>,
    /// Only those of events with this name.
    pub(crate) event: Option<String>,
    /// Only those of events that happened after this instant.
    pub(crate) after: Option<Timestamp>,
    /// Only those of events that happened before this instant.
    pub(crate) until: Option<Timestamp>,
    pub(crate) limit: u32,
}

const COLUMNS: &str = "delivery.id, webhook_id, notice_id, name, session, body, state, attempts, due_at, status, \
                       error, notice.created_at, delivery.updated_at, delivery.public_id, replayed_from";
const TABLES: &str = "delivery JOIN notice ON notice.id = notice_id";

impl Delivery {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            webhook: row.get(1)?,
            event_id: row.get(2)?,
            event: row.get(3)?,
            session: row.get(4)?,
            body: row.get(5)?,
            state: row.get(6)?,
            attempts: row.get(7)?,
            due_at: row.get(8)?,
            status: row.get(9)?,
            error: row.get(10)?,
            created_at: row.get(11)?,
            updated_at: row.get(12)?,
            public_id: row.get(13)?,
            replayed_from: row.get(14)?,
        })
    }
}

/// Deliveries, the newest first.
pub(crate) fn list(connection: &Connection, filter: Filter) -> Result<Vec<Delivery>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES} JOIN webhook ON webhook.id = webhook_id
          WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR webhook_id = ?2) AND (?3 IS NULL OR delivery.id < ?3)
            AND (?4 IS NULL OR (api = ?4 AND tenant = ?5)) AND (?6 IS NULL OR name = ?6)
            AND (?7 IS NULL OR notice.created_at > ?7) AND (?8 IS NULL OR notice.created_at < ?8)
          ORDER BY delivery.id DESC LIMIT ?9"
    );
    let Filter { state, webhook, before, owner, event, after, until, limit } = filter;
    let (api, tenant) = owner.map(|it| (it.api, it.tenant)).unzip();
    let params = (state, webhook, before, api, tenant, event, after, until, limit);
    Ok(connection.all(&sql, params, Delivery::from_row)?)
}

/// The delivery with this id.
pub(crate) fn get(connection: &Connection, id: i64) -> Result<Delivery, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE delivery.id = ?1");
    connection.first(&sql, (id,), Delivery::from_row)?.ok_or_else(|| Refusal::NoDelivery(id.to_string()))
}

/// The delivery with this public id to a webhook of this owner.
pub(crate) fn find_of(connection: &Connection, owner: &Owner, public_id: &str) -> Result<Delivery, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES} JOIN webhook ON webhook.id = webhook_id
          WHERE delivery.public_id = ?1 AND api = ?2 AND tenant = ?3"
    );
    let found = connection.first(&sql, (public_id, owner.api, &owner.tenant), Delivery::from_row)?;
    found.ok_or_else(|| Refusal::NoDelivery(public_id.to_owned()))
}

/// Queues a delivery once more, as another one that waits for none; the old one stays as it is.
pub(crate) fn again(change: &Change<'_>, delivery: &Delivery, public_id: &str) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO delivery (notice_id, webhook_id, lane, due_at, updated_at, public_id, replayed_from)
         VALUES (?1, ?2, ?3, ?4, ?4, ?3, ?5)",
        (&delivery.event_id, delivery.webhook, public_id, change.now, &delivery.public_id),
    )?;
    Ok(())
}

/// The deliveries of one webhook that are or will be due, the first due first. One of each chat.
pub(super) fn upcoming(
    connection: &Connection,
    webhook: i64,
    limit: usize,
) -> Result<Vec<Delivery>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES}
          WHERE webhook_id = ?1 AND due_at IS NOT NULL ORDER BY due_at, delivery.id LIMIT ?2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(connection.all(&sql, (webhook, limit), Delivery::from_row)?)
}

/// Writes down what became of an attempt. Whatever it was, the next of the chat follows only when this one is settled.
pub(super) fn settle(
    change: &Change<'_>,
    id: i64,
    retries: Retries,
    outcome: &Outcome,
) -> Result<(), Refusal> {
    let delivery = match get(change, id) {
        Ok(delivery) if delivery.state == State::Waiting => delivery,
        // Its webhook was deleted meanwhile.
        Ok(_) | Err(Refusal::NoDelivery(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let attempts = delivery.attempts + 1;
    let (state, due_at) = match outcome.judge(retries, attempts, change.now) {
        Verdict::Delivered => (State::Delivered, None),
        Verdict::Dead => (State::Dead, None),
        Verdict::Repeat { after, asked } => {
            let wait = spread(change, retries.policy, after).max(asked);
            (State::Waiting, Some(change.now.after(wait)))
        }
    };
    change.run(
        "UPDATE delivery SET state = ?2, attempts = ?3, due_at = ?4, status = ?5, error = ?6, updated_at = ?7
          WHERE id = ?1",
        (id, state, attempts, due_at, outcome.status(), outcome.error(), change.now),
    )?;
    if state == State::Waiting {
        return Ok(());
    }
    webhook::ended(change, delivery.webhook, state == State::Dead)?;
    let_next(change, id)
}

/// Tries a dead letter again, as if for the first time. In its chat it comes before what waits there.
pub(crate) fn replay(change: &Change<'_>, id: i64) -> Result<Delivery, Refusal> {
    if get(change, id)?.state != State::Dead {
        return Err(Refusal::NotDead(id));
    }
    change.run(
        "UPDATE delivery SET state = 'waiting', attempts = 0, due_at = NULL, updated_at = ?2 WHERE id = ?1",
        (id, change.now),
    )?;
    let_next(change, id)?;
    get(change, id)
}

/// Tries all dead letters of a webhook again; how many there were.
pub(crate) fn replay_all(change: &Change<'_>, webhook: i64) -> Result<usize, Refusal> {
    let sql = "SELECT id FROM delivery WHERE state = 'dead' AND webhook_id = ?1 ORDER BY id";
    let dead: Vec<i64> = change.all(sql, (webhook,), |row| row.get(0))?;
    for id in &dead {
        replay(change, *id)?;
    }
    Ok(dead.len())
}

/// Forgets the oldest of what is settled.
pub(super) fn prune(change: &Change<'_>) -> Result<(), Refusal> {
    for (state, kept) in [(State::Delivered, KEPT_DELIVERED), (State::Dead, KEPT_DEAD)] {
        change.run(
            "DELETE FROM delivery WHERE state = ?1 AND id <=
                (SELECT id FROM delivery WHERE state = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            (state, kept),
        )?;
    }
    Ok(())
}

/// The first that waits in the lane of this delivery is due, unless one of them is on its way.
fn let_next(change: &Change<'_>, id: i64) -> Result<(), Refusal> {
    change.run(
        "WITH lane AS (SELECT other.id, other.due_at FROM delivery this
                         JOIN delivery other ON other.webhook_id = this.webhook_id AND other.lane = this.lane
                        WHERE this.id = ?1 AND other.state = 'waiting')
         UPDATE delivery SET due_at = ?2
          WHERE id = (SELECT min(id) FROM lane) AND NOT EXISTS (SELECT 1 FROM lane WHERE due_at IS NOT NULL)",
        (id, change.now),
    )?;
    Ok(())
}

/// The delay and up to a fifth of it, or less by as much on the ladder, so that repeats do not come all at once.
fn spread(change: &Change<'_>, policy: Policy, delay: Duration) -> Duration {
    match policy {
        Policy::Ladder => delay / 5 * 4 + change.entropy().duration(delay / 5 * 2),
        Policy::Constant | Policy::Linear | Policy::Exponential => {
            delay + change.entropy().duration(delay / 5)
        }
    }
}

impl State {
    const NAMES: [(Self, &'static str); 3] =
        [(Self::Waiting, "waiting"), (Self::Delivered, "delivered"), (Self::Dead, "dead")];

    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(it, _)| *it == self).map_or("waiting", |(_, name)| name)
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::NAMES.iter().find(|(_, it)| *it == name).map(|(it, _)| *it).ok_or(FromSqlError::InvalidType)
    }
}
