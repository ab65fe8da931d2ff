//! Sending a message: the checks, the message itself, and what it sets in motion.

use super::account::Account;
use super::agenda::Task;
use super::content::Content;
use super::conversation::{self, Peer};
use super::event::{Event, Told};
use super::fault::{self, Restriction};
use super::id::{AccountId, ConversationId, MessageId};
use super::message::{self, Message};
use super::{Change, Refusal, audience, channel, chat, contact, group, media, presence};
use crate::jid::Jid;
use crate::store::Sql as _;

/// The most people that one message may mention.
const MAX_MENTIONS: usize = 256;

/// A message to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) content: Content,
    /// The id on the wire of the message that this one replies to.
    pub(crate) quoted: Option<String>,
    pub(crate) mentions: Vec<Jid>,
    pub(crate) forwarded: bool,
}

impl Draft {
    /// A plain text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self {
            content: Content::Text { text: text.into(), link_preview: false },
            quoted: None,
            mentions: Vec::new(),
            forwarded: false,
        }
    }
}

/// Sends a message: it is pending, and the agenda takes it from there.
pub(crate) fn send(
    change: &Change<'_>,
    sender: AccountId,
    peer: &Peer,
    draft: &Draft,
) -> Result<Message, Refusal> {
    draft.content.check()?;
    check_right(change, sender, peer)?;
    check_mentions(draft)?;
    let conversation = conversation::open(change, sender, peer)?;
    let id = insert(change, sender, conversation, draft)?;
    for recipient in audience::of(change, sender, peer)? {
        change.run("INSERT INTO receipt (message_id, account_id) VALUES (?1, ?2)", (id, recipient))?;
    }
    if let Some(media_id) = draft.content.media_id() {
        media::attach(change, media_id, id)?;
    }
    if let Peer::Account(other) = peer {
        contact::meet(change, sender, other.id)?;
    }
    chat::sent(change, sender, conversation, id)?;
    presence::rest(change, sender, conversation)?;
    change.schedule(change.pace().receipt_delay, &Task::Accept { message: id })?;
    let message = message::by_id(change, id)?;
    let place = change.place(conversation)?;
    change.emit(&Event::Message { place, message: Told::of(change, &message)? }, &[sender])?;
    Ok(message)
}

fn insert(
    change: &Change<'_>,
    sender: AccountId,
    conversation: ConversationId,
    draft: &Draft,
) -> Result<MessageId, Refusal> {
    let quoted = match &draft.quoted {
        Some(wire_id) => Some(message::visible_in(change, sender, conversation, wire_id)?.id),
        None => None,
    };
    let mentions: Vec<String> = draft.mentions.iter().map(Jid::to_string).collect();
    change.run(
        "INSERT INTO message (wire_id, conversation_id, sender_id, sent_at, content, quoted_id, mentions, forwarded)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            message::new_wire_id(change)?,
            conversation,
            sender,
            change.now,
            &draft.content,
            quoted,
            mentions.join(" "),
            draft.forwarded,
        ),
    )?;
    Ok(change.last_insert_rowid().into())
}

fn check_right(change: &Change<'_>, sender: AccountId, peer: &Peer) -> Result<(), Refusal> {
    match peer {
        Peer::Account(other) if contact::has_blocked(change, sender, other.id)? => {
            Err(Refusal::Blocked(other.jid().to_string()))
        }
        Peer::Account(other) if !other.registered => Err(Refusal::NotRegistered(other.jid().to_string())),
        Peer::Account(other) => check_reach(change, sender, other),
        Peer::Channel(channel) => channel::check_owner(channel, sender, "post in it"),
        Peer::Group(group) => group::check_writer(change, group, sender),
        Peer::Status => Ok(()),
    }
}

/// A time-locked account writes only to people with whom it has a message already, whoever wrote it.
fn check_reach(change: &Change<'_>, sender: AccountId, other: &Account) -> Result<(), Refusal> {
    let Some(until) = fault::until(change, sender, Restriction::TimeLock)? else { return Ok(()) };
    let peer = Peer::Account(other.clone());
    let known = match conversation::find(change, sender, &peer)? {
        Some(conversation) => !message::latest(change, sender, conversation, 1)?.is_empty(),
        None => false,
    };
    if known || other.id == sender {
        Ok(())
    } else {
        Err(Refusal::TimeLocked { person: other.jid().to_string(), until: until.to_string() })
    }
}

/// A mention only counts where the text shows it.
fn check_mentions(draft: &Draft) -> Result<(), Refusal> {
    if draft.mentions.len() > MAX_MENTIONS {
        return Err(Refusal::Invalid(format!("`mentions` may name up to {MAX_MENTIONS} people")));
    }
    if draft.mentions.is_empty() {
        return Ok(());
    }
    let text = draft.content.summary();
    for mention in &draft.mentions {
        let (Jid::Phone(digits) | Jid::Lid(digits)) = mention else {
            return Err(Refusal::Invalid(format!("`mentions` names {mention}, which is no person")));
        };
        if !text.contains(&format!("@{digits}")) {
            return Err(Refusal::Invalid(format!(
                "`mentions` names {mention}, but the text has no @{digits}"
            )));
        }
    }
    Ok(())
}
