//! Chats and messages as the product shows them.

use rusqlite::Connection;
use whatsapp_web_client::types;

use crate::jid::Jid;
use crate::network::content::{Content, MediaKind};
use crate::network::conversation::{self, Peer};
use crate::network::group::member::{self, Rank};
use crate::network::id::AccountId;
use crate::network::message::{self, Message};
use crate::network::{Refusal, account, chat, contact};

/// The spelling that WhatsApp Web has of a person's address.
pub(super) fn chat_id(jid: &Jid) -> String {
    match jid {
        Jid::Phone(digits) => format!("{digits}@c.us"),
        other => other.to_string(),
    }
}

fn wid(connection: &Connection, id: AccountId) -> Result<String, Refusal> {
    Ok(chat_id(&account::by_id(connection, id)?.jid()))
}

/// The chat with a person or in a group as the account has it.
pub(super) fn chat(connection: &Connection, me: AccountId, peer: &Peer) -> Result<types::Chat, Refusal> {
    let conversation = conversation::find(connection, me, peer)?;
    let mine = match conversation {
        Some(id) => chat::list(connection, me)?.into_iter().find(|it| it.conversation == id),
        None => None,
    };
    let last = match conversation {
        Some(id) => message::latest(connection, me, id, 1)?.pop(),
        None => None,
    };
    let (jid, name, is_read_only) = match peer {
        Peer::Account(account) => {
            let jid = account.jid();
            let contact = contact::of(connection, me, account.clone())?;
            (Some(jid), Some(contact.name.unwrap_or(contact.account.push_name)), false)
        }
        Peer::Group(group) => {
            let closed = group.announce && !is_admin(connection, me, peer)?;
            (Some(group.jid()), Some(group.name.clone()), closed)
        }
        Peer::Channel(_) | Peer::Status => (None, None, true),
    };
    Ok(types::Chat {
        id: jid.as_ref().map(chat_id),
        name,
        is_group: matches!(peer, Peer::Group(_)),
        is_read_only,
        archived: mine.as_ref().is_some_and(|it| it.archived),
        // The network knows neither pins nor muted chats.
        pinned: false,
        muted: false,
        unread_count: mine.map_or(0, |it| it.unread),
        timestamp: last.as_ref().map(|it| it.sent_at.unix_seconds()),
        last_message: last.map(|it| message(connection, me, &it)).transpose()?,
    })
}

fn is_admin(connection: &Connection, me: AccountId, peer: &Peer) -> Result<bool, Refusal> {
    let Peer::Group(group) = peer else { return Ok(false) };
    let members = member::list(connection, group.id)?;
    Ok(members.iter().any(|it| it.account.id == me && it.rank >= Rank::Admin))
}

/// A message as the account sees it.
pub(super) fn message(
    connection: &Connection,
    me: AccountId,
    message: &Message,
) -> Result<types::Message, Refusal> {
    let jid = conversation::jid(connection, me, message.conversation)?;
    let (chat, from_me) = (chat_id(&jid), message.sender == me);
    let my_wid = wid(connection, me)?;
    let (from, to) = if from_me { (my_wid, chat) } else { (chat, my_wid) };
    let author = matches!(jid, Jid::Group(_)).then(|| wid(connection, message.sender)).transpose()?;
    let (kind, body) = words(&message.content);
    Ok(types::Message {
        id: Some(message_id(connection, me, message)?),
        from: Some(from),
        to: Some(to),
        author,
        type_: Some(kind.to_owned()),
        from_me,
        has_media: message.content.media_id().is_some(),
        body,
        timestamp: Some(message.sent_at.unix_seconds()),
    })
}

/// The id of a message: whether it is the account's own, its chat, its id on the wire, and in a group who wrote it.
pub(super) fn message_id(
    connection: &Connection,
    me: AccountId,
    message: &Message,
) -> Result<String, Refusal> {
    let jid = conversation::jid(connection, me, message.conversation)?;
    let from_me = message.sender == me;
    let id = format!("{from_me}_{}_{}", chat_id(&jid), message.wire_id);
    Ok(match jid {
        Jid::Group(_) => format!("{id}_{}", wid(connection, message.sender)?),
        _ => id,
    })
}

/// The product's word for a kind of content, and the text that goes with it.
fn words(content: &Content) -> (&'static str, String) {
    match content {
        Content::Text { text, .. } => ("chat", text.clone()),
        Content::Media { kind, caption, voice_note, .. } => {
            let kind = match kind {
                MediaKind::Image => "image",
                MediaKind::Video => "video",
                MediaKind::Voice if *voice_note => "ptt",
                MediaKind::Voice => "audio",
                MediaKind::File => "document",
            };
            (kind, caption.clone().unwrap_or_default())
        }
        Content::Poll { question, .. } => ("poll_creation", question.clone()),
        Content::Location { .. } => ("location", String::new()),
        Content::Contacts { cards } if cards.len() > 1 => ("multi_vcard", String::new()),
        Content::Contacts { .. } => ("vcard", content.summary()),
        Content::Revoked => ("revoked", String::new()),
    }
}
