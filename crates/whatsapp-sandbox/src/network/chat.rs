//! Chats: the view that one account has of a conversation.

use rusqlite::Connection;

use super::event::{Event, Person};
use super::id::{AccountId, ConversationId, MessageId};
use super::{Change, Refusal, receipt};
use crate::store::Sql as _;

/// A chat in an account's list.
#[derive(Clone, Debug)]
pub(crate) struct Chat {
    pub(crate) conversation: ConversationId,
    pub(crate) archived: bool,
    pub(crate) muted: bool,
    /// How many of its messages have reached the account and were not read.
    pub(crate) unread: i64,
}

/// The account's chats, the latest first.
pub(crate) fn list(connection: &Connection, me: AccountId) -> Result<Vec<Chat>, Refusal> {
    let sql = "SELECT conversation_id, archived, muted, unread FROM chat WHERE account_id = ?1
                ORDER BY last_message_id DESC, conversation_id";
    Ok(connection.all(sql, (me,), |row| {
        Ok(Chat { conversation: row.get(0)?, archived: row.get(1)?, muted: row.get(2)?, unread: row.get(3)? })
    })?)
}

/// Moves a chat to the archive or back.
pub(crate) fn archive(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    archived: bool,
) -> Result<(), Refusal> {
    touch(change, me, conversation)?;
    change.run(
        "UPDATE chat SET archived = ?3 WHERE account_id = ?1 AND conversation_id = ?2",
        (me, conversation, archived),
    )?;
    let (place, by) = (change.place(conversation)?, Person::of(change, me)?);
    change.emit(&Event::ChatArchived { place, by, archived }, &[me])
}

/// Mutes a chat, or lets it be heard again.
pub(crate) fn mute(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    muted: bool,
) -> Result<(), Refusal> {
    touch(change, me, conversation)?;
    change.run(
        "UPDATE chat SET muted = ?3 WHERE account_id = ?1 AND conversation_id = ?2",
        (me, conversation, muted),
    )?;
    let (place, by) = (change.place(conversation)?, Person::of(change, me)?);
    change.emit(&Event::ChatMuted { place, by, muted }, &[me])
}

/// Puts a conversation into the account's list, if it is not there. Whoever comes back finds unread what was.
pub(super) fn touch(change: &Change<'_>, me: AccountId, conversation: ConversationId) -> Result<(), Refusal> {
    let sql = "INSERT OR IGNORE INTO chat (account_id, conversation_id) VALUES (?1, ?2)";
    if change.run(sql, (me, conversation))? == 0 { Ok(()) } else { count_unread(change, me, conversation) }
}

/// Takes a conversation that the account is not in any more out of its list, with what was still on its way.
pub(super) fn forget(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
) -> Result<(), Refusal> {
    receipt::lapse(change, me, conversation)?;
    change.run(
        "DELETE FROM presence_subscription WHERE account_id = ?1 AND conversation_id = ?2",
        (me, conversation),
    )?;
    change.run("DELETE FROM activity WHERE account_id = ?1 AND conversation_id = ?2", (me, conversation))?;
    change.run("DELETE FROM chat WHERE account_id = ?1 AND conversation_id = ?2", (me, conversation))?;
    Ok(())
}

/// A message of the account's own is the chat's last.
pub(super) fn sent(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO chat (account_id, conversation_id, last_message_id) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET last_message_id = excluded.last_message_id",
        (me, conversation, message),
    )?;
    Ok(())
}

/// A message has arrived and is unread.
pub(super) fn received(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    message: MessageId,
) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO chat (account_id, conversation_id, last_message_id, unread) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT DO UPDATE SET unread = unread + 1,
            last_message_id = max(coalesce(last_message_id, 0), excluded.last_message_id)",
        (me, conversation, message),
    )?;
    Ok(())
}

/// So many messages have been read that were unread.
pub(super) fn read(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    count: usize,
) -> Result<(), Refusal> {
    change.run(
        "UPDATE chat SET unread = max(unread - ?3, 0) WHERE account_id = ?1 AND conversation_id = ?2",
        (me, conversation, count.cast_signed()),
    )?;
    Ok(())
}

/// Counts what is unread, which takes as long as there is of it.
fn count_unread(change: &Change<'_>, me: AccountId, conversation: ConversationId) -> Result<(), Refusal> {
    change.run(
        "UPDATE chat SET unread = (SELECT count(*) FROM receipt WHERE account_id = ?1 AND status = 2
            AND (SELECT conversation_id FROM message WHERE id = message_id) = ?2)
          WHERE account_id = ?1 AND conversation_id = ?2",
        (me, conversation),
    )?;
    Ok(())
}
