//! From the sender through the server to the recipients.

use std::time::Duration;

use super::{Status, tell};
use crate::network::agenda::Task;
use crate::network::content::Content;
use crate::network::event::{Event, Told};
use crate::network::id::{AccountId, ConversationId, MessageId};
use crate::network::message::{self, Message};
use crate::network::session::State;
use crate::network::{Change, Refusal, chat, contact, reply};
use crate::store::Sql as _;

/// How many waiting messages reach an account in one transaction.
const SLICE: u32 = 20;
/// A phone that is on gets what is for its account; an account with linked sessions is reached through a connected one.
const REACHABLE: &str = "(SELECT CASE
    WHEN EXISTS (SELECT 1 FROM session WHERE session.account_id = receipt.account_id)
    THEN EXISTS (SELECT 1 FROM session WHERE session.account_id = receipt.account_id AND state = ?2)
    ELSE (SELECT phone_on FROM account WHERE account.id = receipt.account_id) END)";

/// The server has the message; it sets out for the recipients.
pub(in crate::network) fn accept(change: &Change<'_>, message: MessageId) -> Result<(), Refusal> {
    if change.run("UPDATE message SET accepted = 1 WHERE id = ?1 AND accepted = 0", (message,))? == 0 {
        return Ok(());
    }
    tell(change, &message::by_id(change, message)?, Status::Sent, &[])?;
    change.schedule(change.pace().receipt_delay, &Task::Deliver { message })
}

/// The message reaches the recipients who can be reached now; the others get it when they come back, or after what they
/// are still catching up with.
pub(in crate::network) fn deliver(change: &Change<'_>, id: MessageId) -> Result<(), Refusal> {
    let sql = format!(
        "SELECT account_id FROM receipt WHERE message_id = ?1 AND status = 1 AND {REACHABLE}
            AND NOT (SELECT catching_up FROM account WHERE account.id = receipt.account_id)"
    );
    let reachable: Vec<AccountId> = change.all(&sql, (id, State::Connected), |row| row.get(0))?;
    reach(change, &message::by_id(change, id)?, &reachable)
}

/// Delivers what was waiting for an account that has just come back, in the order in which it was sent: some of it now,
/// the rest when others have had their turn.
pub(in crate::network) fn deliver_backlog(change: &Change<'_>, account: AccountId) -> Result<(), Refusal> {
    let sql = format!(
        "SELECT message_id FROM receipt JOIN message ON message.id = message_id
          WHERE account_id = ?1 AND status = 1 AND accepted = 1 AND {REACHABLE} ORDER BY message_id LIMIT ?3"
    );
    let waiting: Vec<MessageId> = change.all(&sql, (account, State::Connected, SLICE), |row| row.get(0))?;
    let goes_on = waiting.len() == SLICE as usize;
    change.run("UPDATE account SET catching_up = ?2 WHERE id = ?1", (account, goes_on))?;
    for id in waiting {
        reach(change, &message::by_id(change, id)?, &[account])?;
    }
    if goes_on { change.schedule(Duration::ZERO, &Task::CatchUp { account }) } else { Ok(()) }
}

/// What has not reached an account in a conversation will not any more: it has left, or been deleted.
pub(in crate::network) fn lapse(
    change: &Change<'_>,
    account: AccountId,
    conversation: ConversationId,
) -> Result<(), Refusal> {
    change.run(
        "DELETE FROM receipt WHERE account_id = ?1 AND status = 1
            AND (SELECT conversation_id FROM message WHERE id = message_id) = ?2",
        (account, conversation),
    )?;
    Ok(())
}

/// The message reaches one recipient.
pub(crate) fn arrive(change: &Change<'_>, message: &Message, recipient: AccountId) -> Result<(), Refusal> {
    let sql = "UPDATE receipt SET status = 2, delivered_at = ?3
                WHERE message_id = ?1 AND account_id = ?2 AND status = 1";
    if change.run(sql, (message.id, recipient, change.now))? == 0 {
        return Ok(());
    }
    contact::meet(change, recipient, message.sender)?;
    chat::received(change, recipient, message.conversation, message.id)
}

fn reach(change: &Change<'_>, message: &Message, recipients: &[AccountId]) -> Result<(), Refusal> {
    if recipients.is_empty() {
        return Ok(());
    }
    for recipient in recipients {
        arrive(change, message, *recipient)?;
    }
    let place = change.place(message.conversation)?;
    let arrived = Event::MessageArrived { place, message: Told::of(change, message)? };
    change.emit(&arrived, recipients)?;
    tell(change, message, Status::Delivered, recipients)?;
    if message.content != Content::Revoked {
        for recipient in recipients {
            reply::consider(change, *recipient, message)?;
        }
    }
    change.schedule(change.pace().receipt_delay, &Task::Read { message: message.id })
}
