//! The way of a message to each recipient: pending, sent, delivered, read, played, and never back.

use rusqlite::Connection;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use super::account::{self, Account};
use super::conversation::{self, Shape};
use super::event::{Event, Person};
use super::id::{AccountId, MessageId};
use super::message::Message;
use super::{Change, Refusal};
use crate::clock::Timestamp;
use crate::store::Sql as _;

mod journey;
mod reading;

pub(crate) use journey::arrive;
pub(super) use journey::{accept, deliver, deliver_backlog, lapse};
pub(crate) use reading::{play, see};

/// How far a message has come. For several recipients it is the least of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// On the way to the server.
    Pending,
    /// The server has it.
    Sent,
    /// It has reached the recipient.
    Delivered,
    /// The recipient has read it.
    Read,
    /// The recipient has listened to it; only for voice messages.
    Played,
}

/// How far a message has come for one recipient, as the sender is told.
#[derive(Clone, Debug)]
pub(crate) struct Receipt {
    pub(crate) account: Account,
    pub(crate) status: Status,
    pub(crate) delivered_at: Option<Timestamp>,
    pub(crate) read_at: Option<Timestamp>,
    pub(crate) played_at: Option<Timestamp>,
}

impl Status {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
        }
    }
}

/// What a sender is told: whoever conceals that they read has at most got the message.
const TOLD: &str = "CASE WHEN concealed = 1 AND status = 3 THEN 2 ELSE status END";

/// How far a message has come, as its sender is told. Nobody can have been reached if nobody may be; of a channel's
/// posts nobody learns whom they have reached.
pub(crate) fn status(connection: &Connection, message: MessageId) -> Result<Status, Refusal> {
    let sql = format!(
        "SELECT CASE WHEN accepted = 0 THEN 0
                     WHEN (SELECT kind FROM conversation WHERE id = conversation_id) = 'channel' THEN 1
                     ELSE coalesce((SELECT min({TOLD}) FROM receipt WHERE message_id = message.id), 1) END
           FROM message WHERE id = ?1"
    );
    Ok(connection.first(&sql, (message,), |row| row.get(0))?.unwrap_or(Status::Pending))
}

/// How far a message has come for each of its recipients. Only the sender may know, and nobody for a channel, whose
/// followers do not see each other either.
pub(crate) fn list(
    connection: &Connection,
    me: AccountId,
    message: &Message,
) -> Result<Vec<Receipt>, Refusal> {
    if message.sender != me {
        return Err(Refusal::NotYourReceipts);
    }
    if matches!(conversation::shape(connection, message.conversation)?, Shape::Channel(_)) {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT account_id, {TOLD}, delivered_at, iif(concealed, NULL, read_at), played_at
           FROM receipt WHERE message_id = ?1 ORDER BY account_id"
    );
    let rows = connection.all(&sql, (message.id,), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    })?;
    rows.into_iter()
        .map(|(id, status, delivered_at, read_at, played_at)| {
            let account = account::by_id(connection, id)?;
            Ok(Receipt { account, status, delivered_at, read_at, played_at })
        })
        .collect()
}

/// Tells the sender that the message has come further for these people, unless they follow a channel.
fn tell(change: &Change<'_>, message: &Message, status: Status, by: &[AccountId]) -> Result<(), Refusal> {
    if status > Status::Sent
        && matches!(conversation::shape(change, message.conversation)?, Shape::Channel(_))
    {
        return Ok(());
    }
    let event = Event::Receipt {
        place: change.place(message.conversation)?,
        message_id: message.wire_id.clone(),
        status,
        overall: self::status(change, message.id)?,
        by: Person::all(change, by)?,
    };
    change.emit(&event, &[message.sender])
}

impl ToSql for Status {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(*self as i64))
    }
}

impl FromSql for Status {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(match value.as_i64()? {
            0 => Self::Pending,
            1 => Self::Sent,
            2 => Self::Delivered,
            3 => Self::Read,
            _ => Self::Played,
        })
    }
}
