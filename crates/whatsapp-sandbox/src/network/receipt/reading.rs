//! What recipients do with a message that has reached them: read it, and listen to it.

use super::{Status, tell};
use crate::network::content::{Content, MediaKind};
use crate::network::conversation::{self, Shape};
use crate::network::event::{Event, Person};
use crate::network::id::{AccountId, ConversationId, MessageId};
use crate::network::message::{self, Message};
use crate::network::{Change, Refusal, chat, privacy};
use crate::store::Sql as _;

/// Marks messages of a conversation as read by the account: those named, or all that have arrived. The number of
/// messages that were not read before.
pub(crate) fn see(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_ids: &[String],
) -> Result<usize, Refusal> {
    let unread = if wire_ids.is_empty() {
        unread(change, me, conversation)?
    } else {
        let named = wire_ids.iter().map(|id| message::visible_in(change, me, conversation, id));
        named.map(|it| Ok(it?.id)).collect::<Result<_, Refusal>>()?
    };
    let mut seen = Vec::new();
    for id in unread {
        let message = message::by_id(change, id)?;
        if read(change, me, &message)? {
            seen.push(message.wire_id);
        }
    }
    if seen.is_empty() {
        return Ok(0);
    }
    let count = seen.len();
    chat::read(change, me, conversation, count)?;
    let (place, by) = (change.place(conversation)?, Person::of(change, me)?);
    change.emit(&Event::ChatRead { place, by, message_ids: seen }, &[me])?;
    Ok(count)
}

/// Listens to a voice message, which is more than to read it. Others than the sender may do it, as often as they like.
pub(crate) fn play(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_id: &str,
) -> Result<(), Refusal> {
    let message = message::visible_in(change, me, conversation, wire_id)?;
    if !matches!(message.content, Content::Media { kind: MediaKind::Voice, .. }) {
        return Err(Refusal::NotPlayable);
    }
    see(change, me, conversation, std::slice::from_ref(&message.wire_id))?;
    let sql = "UPDATE receipt SET status = 4, played_at = ?3
                WHERE account_id = ?1 AND message_id = ?2 AND status = 3";
    if change.run(sql, (me, message.id, change.now))? > 0 {
        tell(change, &message, Status::Played, &[me])?;
    }
    Ok(())
}

fn unread(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
) -> Result<Vec<MessageId>, Refusal> {
    let sql = "SELECT message_id FROM receipt WHERE account_id = ?1 AND status = 2
                  AND (SELECT conversation_id FROM message WHERE id = message_id) = ?2 ORDER BY message_id";
    Ok(change.all(sql, (me, conversation), |row| row.get(0))?)
}

/// Marks one message as read; whether it was not read before.
fn read(change: &Change<'_>, me: AccountId, message: &Message) -> Result<bool, Refusal> {
    // Between two people either of them can keep receipts to oneself; in groups nobody can.
    let concealed = match conversation::shape(change, message.conversation)? {
        Shape::Direct(one, other) => {
            !privacy::of(change, one)?.read_receipts || !privacy::of(change, other)?.read_receipts
        }
        _ => false,
    };
    let sql = "UPDATE receipt SET status = 3, read_at = ?3, concealed = ?4
                WHERE account_id = ?1 AND message_id = ?2 AND status = 2";
    let changed = change.run(sql, (me, message.id, change.now, concealed))? > 0;
    if changed && !concealed {
        tell(change, message, Status::Read, &[me])?;
    }
    Ok(changed)
}
