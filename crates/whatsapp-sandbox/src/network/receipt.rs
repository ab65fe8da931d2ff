//! The way of a message to each recipient: pending, sent, delivered, read, and never back.

use rusqlite::Connection;

use super::agenda::Task;
use super::id::{AccountId, ConversationId, MessageId};
use super::message::{self, Message};
use super::session::State;
use super::{Change, Refusal, chat, contact};
use crate::store::Sql as _;

/// How far a message has come. For several recipients it is the least of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// On the way to the server.
    Pending,
    /// The server has it.
    Sent,
    /// It has reached the recipient.
    Delivered,
    /// The recipient has read it.
    Read,
}

impl Status {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }
}

/// How far a message has come.
pub(crate) fn status(connection: &Connection, message: MessageId) -> Result<Status, Refusal> {
    let sql = "SELECT CASE accepted WHEN 0 THEN 0 ELSE
                 coalesce((SELECT min(status) FROM receipt WHERE message_id = message.id), 1) END
                 FROM message WHERE id = ?1";
    Ok(match connection.first(sql, (message,), |row| row.get::<_, i64>(0))? {
        Some(3) => Status::Read,
        Some(2) => Status::Delivered,
        Some(1) => Status::Sent,
        _ => Status::Pending,
    })
}

/// Marks messages of a conversation as read by the account: those named, or all that have arrived. The number of
/// messages that were not read before.
pub(crate) fn see(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_ids: &[String],
) -> Result<usize, Refusal> {
    let mut seen = 0;
    if wire_ids.is_empty() {
        seen = change.run(
            "UPDATE receipt SET status = 3, read_at = ?3 WHERE account_id = ?1 AND status = 2
                AND (SELECT conversation_id FROM message WHERE id = message_id) = ?2",
            (me, conversation, change.now),
        )?;
    }
    for wire_id in wire_ids {
        let message = message::visible_in(change, me, conversation, wire_id)?;
        seen += change.run(
            "UPDATE receipt SET status = 3, read_at = ?3 WHERE account_id = ?1 AND message_id = ?2 AND status = 2",
            (me, message.id, change.now),
        )?;
    }
    chat::count_unread(change, me, conversation)?;
    Ok(seen)
}

/// The server has the message; it sets out for the recipients.
pub(super) fn accept(change: &Change<'_>, message: MessageId) -> Result<(), Refusal> {
    change.run("UPDATE message SET accepted = 1 WHERE id = ?1", (message,))?;
    change.schedule(change.pace().receipt_delay, &Task::Deliver { message })
}

/// The message reaches the recipients who can be reached now; the others get it when they connect.
pub(super) fn deliver(change: &Change<'_>, id: MessageId) -> Result<(), Refusal> {
    let message = message::by_id(change, id)?;
    // A phone is always on; an account with linked sessions is reached through a connected one.
    let reachable: Vec<AccountId> = change.all(
        "SELECT account_id FROM receipt WHERE message_id = ?1 AND status = 1
            AND (NOT EXISTS (SELECT 1 FROM session WHERE session.account_id = receipt.account_id)
                 OR EXISTS (SELECT 1 FROM session WHERE session.account_id = receipt.account_id AND state = ?2))",
        (id, State::Connected),
        |row| row.get(0),
    )?;
    for recipient in &reachable {
        arrive(change, &message, *recipient)?;
    }
    if reachable.is_empty() {
        return Ok(());
    }
    change.schedule(change.pace().receipt_delay, &Task::Read { message: id })
}

/// Delivers what was waiting for an account that has just connected.
pub(super) fn deliver_backlog(change: &Change<'_>, account: AccountId) -> Result<(), Refusal> {
    let waiting: Vec<MessageId> = change.all(
        "SELECT message_id FROM receipt JOIN message ON message.id = message_id
          WHERE account_id = ?1 AND status = 1 AND accepted = 1 ORDER BY message_id",
        (account,),
        |row| row.get(0),
    )?;
    waiting.into_iter().try_for_each(|message| deliver(change, message))
}

/// The message reaches one recipient.
pub(crate) fn arrive(change: &Change<'_>, message: &Message, recipient: AccountId) -> Result<(), Refusal> {
    change.run(
        "UPDATE receipt SET status = 2, delivered_at = ?3 WHERE message_id = ?1 AND account_id = ?2",
        (message.id, recipient, change.now),
    )?;
    contact::meet(change, recipient, message.sender)?;
    chat::received(change, recipient, message.conversation, message.id)
}
