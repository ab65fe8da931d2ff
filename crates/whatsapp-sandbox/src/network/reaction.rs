//! Reactions, which everyone in the chat sees, and stars, which are private.

use rusqlite::Connection;

use super::content::Content;
use super::event::{Event, Person};
use super::id::{AccountId, ConversationId, MessageId};
use super::message::{self, Message};
use super::{Change, Refusal};
use crate::store::Sql as _;

/// Reacts to a message with one emoji, in place of the account's earlier reaction; an empty text takes it back.
pub(crate) fn react(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_id: &str,
    emoji: &str,
) -> Result<(), Refusal> {
    let message = message::visible_in(change, me, conversation, wire_id)?;
    if emoji.is_empty() {
        let sql = "DELETE FROM reaction WHERE message_id = ?1 AND account_id = ?2";
        if change.run(sql, (message.id, me))? == 0 {
            return Ok(());
        }
        return tell(change, me, &message, None);
    }
    if message.content == Content::Revoked {
        return Err(Refusal::NoMessage(message.wire_id));
    }
    check(emoji)?;
    change.run(
        "INSERT INTO reaction (message_id, account_id, emoji, reacted_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET emoji = excluded.emoji, reacted_at = excluded.reacted_at",
        (message.id, me, emoji, change.now),
    )?;
    tell(change, me, &message, Some(emoji))
}

fn tell(change: &Change<'_>, me: AccountId, message: &Message, emoji: Option<&str>) -> Result<(), Refusal> {
    let event = Event::Reaction {
        place: change.place(message.conversation)?,
        message_id: message.wire_id.clone(),
        author: Person::of(change, message.sender)?,
        by: Person::of(change, me)?,
        emoji: emoji.map(str::to_owned),
    };
    change.emit(&event, &message::observers(change, message, me)?)
}

/// Refuses what is not exactly one emoji.
pub(super) fn check(emoji: &str) -> Result<(), Refusal> {
    match emojis::get(emoji) {
        Some(_) => Ok(()),
        None => Err(Refusal::Invalid(
            "`reaction` must be one emoji, or empty to take the reaction back".to_owned(),
        )),
    }
}

/// Stars a message for the account alone, or takes the star away.
pub(crate) fn star(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_id: &str,
    starred: bool,
) -> Result<(), Refusal> {
    let message = message::visible_in(change, me, conversation, wire_id)?;
    let sql = if starred {
        "INSERT OR IGNORE INTO star (account_id, message_id) VALUES (?1, ?2)"
    } else {
        "DELETE FROM star WHERE account_id = ?1 AND message_id = ?2"
    };
    if change.run(sql, (me, message.id))? == 0 {
        return Ok(());
    }
    let (place, by) = (change.place(conversation)?, Person::of(change, me)?);
    change.emit(&Event::Star { place, message_id: message.wire_id, by, starred }, &[me])
}

/// Who has reacted to a message, and with what.
pub(crate) fn list(connection: &Connection, message: MessageId) -> Result<Vec<(AccountId, String)>, Refusal> {
    let sql = "SELECT account_id, emoji FROM reaction WHERE message_id = ?1 ORDER BY reacted_at, account_id";
    Ok(connection.all(sql, (message,), |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Whether the account has starred a message.
pub(crate) fn is_starred(
    connection: &Connection,
    me: AccountId,
    message: MessageId,
) -> Result<bool, Refusal> {
    let sql = "SELECT 1 FROM star WHERE account_id = ?1 AND message_id = ?2";
    Ok(connection.any(sql, (me, message))?)
}
