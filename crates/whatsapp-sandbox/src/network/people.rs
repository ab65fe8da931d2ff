//! What simulated people do by themselves: they read what reaches them, and the echo contact answers.

use super::account::{self, Character};
use super::agenda::Task;
use super::content::{Content, MediaKind};
use super::conversation::Peer;
use super::id::{AccountId, MessageId};
use super::presence::Doing;
use super::sending::Draft;
use super::{Change, Refusal, message, presence, receipt, reply};
use crate::store::Sql as _;

/// The simulated people whom the message has reached read it. Accounts with a linked session are left alone: their
/// agents mark messages as seen themselves.
pub(super) fn read(change: &Change<'_>, id: MessageId) -> Result<(), Refusal> {
    let message = message::by_id(change, id)?;
    let readers: Vec<AccountId> = change.all(
        "SELECT account.id FROM receipt JOIN account ON account.id = account_id
          WHERE message_id = ?1 AND status = 2 AND character <> ?2
            AND NOT EXISTS (SELECT 1 FROM session WHERE session.account_id = account.id)",
        (id, Character::Owner),
        |row| row.get(0),
    )?;
    for reader in readers {
        receipt::see(change, reader, message.conversation, std::slice::from_ref(&message.wire_id))?;
        if matches!(message.content, Content::Media { kind: MediaKind::Voice, .. }) {
            change.schedule(change.pace().receipt_delay, &Task::Play { message: id, by: reader })?;
        }
        presence::glimpse(change, reader)?;
        if answers(change, reader, &message)? {
            presence::act(change, reader, message.conversation, Some(Doing::Composing))?;
            change.schedule(change.pace().echo_delay, &Task::Echo { message: id, by: reader })?;
        }
    }
    Ok(())
}

/// The echo contact says what was said to it.
pub(super) fn echo(change: &Change<'_>, id: MessageId, by: AccountId) -> Result<(), Refusal> {
    let message = message::by_id(change, id)?;
    if account::is_linked(change, by)? || message.content == Content::Revoked {
        return Ok(());
    }
    let sender = account::by_id(change, message.sender)?;
    let draft = Draft::text(format!("Echo: {}", message.content.summary()));
    reply::send(change, by, &Peer::Account(sender), &draft)
}

/// A simulated person listens to a voice message.
pub(super) fn play(change: &Change<'_>, id: MessageId, by: AccountId) -> Result<(), Refusal> {
    let message = message::by_id(change, id)?;
    if message.content == Content::Revoked {
        return Ok(());
    }
    receipt::play(change, by, message.conversation, &message.wire_id)
}

/// Only in chats of two, and never what the simulation wrote.
fn answers(change: &Change<'_>, reader: AccountId, message: &message::Message) -> Result<bool, Refusal> {
    if account::by_id(change, reader)?.character != Character::Echo
        || reply::is_automatic(change, message.id)?
    {
        return Ok(false);
    }
    let sql = "SELECT 1 FROM conversation WHERE id = ?1 AND kind = 'direct'";
    Ok(change.any(sql, (message.conversation,))?)
}
