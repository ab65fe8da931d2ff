//! Editing a message, and deleting it for everyone or for oneself.

use std::time::Duration;

use super::content::Content;
use super::event::{Event, Person, Told};
use super::id::{AccountId, ConversationId};
use super::message::{self, Message};
use super::{Change, Refusal, group, receipt};
use crate::store::Sql as _;

/// How long after it was sent a message can be edited.
const EDIT_WINDOW: Duration = Duration::from_mins(15);
/// How long after it was sent a message can be deleted for everyone.
const DELETE_WINDOW: Duration = Duration::from_hours(60);

/// Gives one of the account's own messages another text or caption.
pub(crate) fn edit(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_id: &str,
    text: &str,
) -> Result<Message, Refusal> {
    let message = message::visible_in(change, me, conversation, wire_id)?;
    if message.sender != me {
        return Err(Refusal::NotYourMessage);
    }
    if change.now.since(message.sent_at) > EDIT_WINDOW {
        return Err(Refusal::WindowClosed("15 minutes", "edited"));
    }
    let content = message.content.edited(text)?;
    change.run(
        "UPDATE message SET content = ?2, edited_at = ?3 WHERE id = ?1",
        (message.id, &content, change.now),
    )?;
    let message = message::by_id(change, message.id)?;
    let place = change.place(conversation)?;
    let edited = Event::MessageEdited { place, message: Told::of(change, &message)? };
    change.emit(&edited, &message::observers(change, &message, me)?)?;
    Ok(message)
}

/// Takes a message back from everyone. An admin may do it to any message of the group.
pub(crate) fn delete(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_id: &str,
) -> Result<(), Refusal> {
    let message = message::visible_in(change, me, conversation, wire_id)?;
    if message.sender != me && !group::is_admin(change, conversation, me)? {
        return Err(Refusal::NotYoursToDelete);
    }
    if message.content == Content::Revoked {
        return Err(Refusal::NoMessage(message.wire_id));
    }
    if change.now.since(message.sent_at) > DELETE_WINDOW {
        return Err(Refusal::WindowClosed("60 hours", "deleted for everyone"));
    }
    change.run(
        "UPDATE message SET content = ?2, revoked_at = ?3 WHERE id = ?1",
        (message.id, &Content::Revoked, change.now),
    )?;
    let revoked = Event::MessageRevoked {
        place: change.place(conversation)?,
        message: Told::of(change, &message)?,
        by: Person::of(change, me)?,
    };
    change.emit(&revoked, &message::observers(change, &message, me)?)?;
    // Whom it has not reached yet, it never will.
    change.run("DELETE FROM receipt WHERE message_id = ?1 AND status = 1", (message.id,))?;
    change.run("DELETE FROM reaction WHERE message_id = ?1", (message.id,))?;
    change.run("DELETE FROM poll_vote WHERE message_id = ?1", (message.id,))?;
    change.run(
        "DELETE FROM media_content WHERE media_id IN (SELECT id FROM media WHERE message_id = ?1)",
        (message.id,),
    )?;
    change.run("DELETE FROM media WHERE message_id = ?1", (message.id,))?;
    Ok(())
}

/// Deletes a message for the account alone. Nobody else learns of it.
pub(crate) fn remove(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_id: &str,
) -> Result<(), Refusal> {
    // Whoever deletes a message has seen it.
    receipt::see(change, me, conversation, &[wire_id.to_owned()])?;
    let message = message::visible_in(change, me, conversation, wire_id)?;
    change.run("INSERT INTO removal (message_id, account_id) VALUES (?1, ?2)", (message.id, me))?;
    change.run("DELETE FROM star WHERE message_id = ?1 AND account_id = ?2", (message.id, me))?;
    let (place, by) = (change.place(conversation)?, Person::of(change, me)?);
    change.emit(&Event::MessageRemoved { place, message_id: message.wire_id, by }, &[me])
}
