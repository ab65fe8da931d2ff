//! Messages as they are stored, and who sees them.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row};

use super::content::Content;
use super::id::{AccountId, ConversationId, MessageId};
use super::{Change, Refusal};
use crate::clock::Timestamp;
use crate::store::Sql as _;

/// A message on the network.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: MessageId,
    /// The id by which the outside knows it.
    pub(crate) wire_id: String,
    pub(crate) conversation: ConversationId,
    pub(crate) sender: AccountId,
    pub(crate) sent_at: Timestamp,
    pub(crate) content: Content,
    pub(crate) quoted: Option<MessageId>,
    /// Canonical JIDs.
    pub(crate) mentions: Vec<String>,
    pub(crate) forwarded: bool,
    pub(crate) edited_at: Option<Timestamp>,
}

const COLUMNS: &str = "message.id, wire_id, conversation_id, sender_id, sent_at, content, quoted_id, mentions, \
                       forwarded, edited_at";

/// A message is seen by its sender, and by those whom it has reached, until they delete it for themselves.
const VISIBLE: &str = "(sender_id = ?1 OR EXISTS (SELECT 1 FROM receipt
                         WHERE message_id = message.id AND account_id = ?1 AND status >= 2))
                       AND NOT EXISTS (SELECT 1 FROM removal
                         WHERE message_id = message.id AND account_id = ?1)";

impl Message {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let mentions: String = row.get(7)?;
        Ok(Self {
            id: row.get(0)?,
            wire_id: row.get(1)?,
            conversation: row.get(2)?,
            sender: row.get(3)?,
            sent_at: row.get(4)?,
            content: row.get(5)?,
            quoted: row.get(6)?,
            mentions: mentions.split_whitespace().map(str::to_owned).collect(),
            forwarded: row.get(8)?,
            edited_at: row.get(9)?,
        })
    }
}

/// An id by which the outside will know the next message.
pub(crate) fn new_wire_id(change: &Change<'_>) -> Result<String, Refusal> {
    let number = change.first("SELECT coalesce(max(id), 0) + 1 FROM message", (), |row| row.get(0))?;
    Ok(change.entropy().message_id(number.unwrap_or_default()))
}

/// The message with this key.
pub(crate) fn by_id(connection: &Connection, id: MessageId) -> Result<Message, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM message WHERE id = ?1");
    connection
        .first(&sql, (id,), Message::from_row)?
        .ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// The message with this id on the wire, if the account can see it.
pub(crate) fn visible(connection: &Connection, me: AccountId, wire_id: &str) -> Result<Message, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM message WHERE wire_id = ?2 AND {VISIBLE}");
    connection
        .first(&sql, (me, wire_id), Message::from_row)?
        .ok_or_else(|| Refusal::NoMessage(wire_id.chars().take(64).collect()))
}

/// The same, in one conversation only.
pub(crate) fn visible_in(
    connection: &Connection,
    me: AccountId,
    conversation: ConversationId,
    wire_id: &str,
) -> Result<Message, Refusal> {
    let message = visible(connection, me, wire_id)?;
    if message.conversation == conversation { Ok(message) } else { Err(Refusal::NoMessage(message.wire_id)) }
}

/// The accounts that learn of what somebody does to the message: those who have it, but for who has blocked that person
/// in a chat of two.
pub(super) fn observers(
    connection: &Connection,
    message: &Message,
    by: AccountId,
) -> Result<Vec<AccountId>, Refusal> {
    let sql = "SELECT holder.account_id
                 FROM (SELECT account_id FROM receipt WHERE message_id = ?1 AND status >= 2
                        UNION SELECT sender_id FROM message WHERE id = ?1) AS holder
                WHERE holder.account_id NOT IN (SELECT account_id FROM removal WHERE message_id = ?1)
                  AND NOT EXISTS (SELECT 1 FROM contact JOIN conversation ON conversation.id = ?3
                                   WHERE contact.account_id = holder.account_id AND contact.peer_id = ?2
                                     AND contact.blocked = 1 AND conversation.kind = 'direct')
                ORDER BY holder.account_id";
    Ok(connection.all(sql, (message.id, by, message.conversation), |row| row.get(0))?)
}

/// The last messages before this one that the account can see, oldest first.
pub(crate) fn before(
    connection: &Connection,
    me: AccountId,
    later: &Message,
    limit: u32,
) -> Result<Vec<Message>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM message WHERE conversation_id = ?2 AND message.id < ?3 AND {VISIBLE}
          ORDER BY message.id DESC LIMIT ?4"
    );
    let mut messages = connection.all(&sql, (me, later.conversation, later.id, limit), Message::from_row)?;
    messages.reverse();
    Ok(messages)
}

/// The last messages of a conversation that the account can see, oldest first.
pub(crate) fn latest(
    connection: &Connection,
    me: AccountId,
    conversation: ConversationId,
    limit: u32,
) -> Result<Vec<Message>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM message WHERE conversation_id = ?2 AND {VISIBLE} ORDER BY message.id DESC LIMIT ?3"
    );
    let mut messages = connection.all(&sql, (me, conversation, limit), Message::from_row)?;
    messages.reverse();
    Ok(messages)
}

impl ToSql for Content {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(self)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl FromSql for Content {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map_err(FromSqlError::other)
    }
}
