//! Messages in events.

use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::reference::{chat, hidden, person};
use crate::network::Refusal;
use crate::network::content::{Content, MediaKind};
use crate::network::event::{Address, Place, Told};
use crate::network::id::AccountId;
use crate::store::Sql as _;
use crate::titan::e164;

/// A message as the account sees it.
pub(super) fn payload(
    connection: &Connection,
    place: &Place,
    message: &Told,
    me: AccountId,
) -> Result<Value, Refusal> {
    let text = text(&message.content);
    let from_me = message.sender.account == me;
    let is_channel = matches!(place.address, Address::Channel { .. });
    let mut fields = Map::new();
    let mut set = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    set("id", json!(message.id));
    // In a chat of two a message comes from a person; elsewhere it comes from the place, and the person is its sender.
    let is_direct = matches!(place.address, Address::Direct { .. });
    set("from", if is_direct { person(&message.sender) } else { chat(place, me) });
    set("chat", chat(place, me));
    if !is_direct {
        set("sender", if is_channel && !from_me { hidden() } else { person(&message.sender) });
    }
    set("type", json!(kind(&message.content)));
    set("body", json!(text));
    set("text", json!(text));
    set("timestamp", json!(message.sent_at.unix_seconds()));
    set("fromMe", json!(from_me));
    if !is_channel || from_me {
        set("pushName", json!(message.sender.push_name));
    }
    set("isGroup", json!(place.is_group()));
    set("isForwarded", json!(message.forwarded));
    set("mentions", json!(message.mentions));
    if let Some(quoted) = &message.quoted {
        set("quotedMessageId", json!(quoted));
    }
    let more = more(&message.content);
    fields.extend(more);
    fields.extend(file(connection, message)?);
    Ok(Value::Object(fields))
}

/// What was written; empty where a message is no text and has no caption.
fn text(content: &Content) -> &str {
    match content {
        Content::Text { text, .. } => text,
        Content::Media { caption: Some(caption), .. } => caption,
        Content::Poll { question, .. } => question,
        _ => "",
    }
}

/// The kinds in the spelling of events, which differs from that of sends.
fn kind(content: &Content) -> &'static str {
    match content {
        Content::Media { kind: MediaKind::Voice, .. } => "audio",
        Content::Media { kind: MediaKind::File, .. } => "document",
        other => other.kind(),
    }
}

/// What a message says besides text.
fn more(content: &Content) -> Map<String, Value> {
    let value = match content {
        Content::Poll { question, options, multiple_answers } => json!({
            "poll": { "question": question, "options": options, "multipleAnswers": multiple_answers },
        }),
        Content::Location { latitude, longitude, name, address } => json!({
            "location": { "latitude": latitude, "longitude": longitude, "name": name, "address": address },
        }),
        Content::Contacts { cards } => {
            let cards = cards.iter().map(|it| json!({ "name": it.name, "phoneNumber": e164(&it.phone) }));
            json!({ "contacts": cards.collect::<Vec<_>>() })
        }
        Content::Media { filename: Some(filename), .. } => json!({ "filename": filename }),
        _ => return Map::new(),
    };
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The file of a message, and where its lasting copy is if there is one.
fn file(connection: &Connection, message: &Told) -> Result<Map<String, Value>, Refusal> {
    let (Some(file), Some(id)) = (&message.file, message.content.media_id()) else { return Ok(Map::new()) };
    let mut fields = Map::from_iter([
        ("mimeType".to_owned(), json!(file.mime_type)),
        ("mediaId".to_owned(), json!(id)),
        ("fileLength".to_owned(), json!(file.length)),
    ]);
    let copy: Option<Option<String>> =
        connection.first("SELECT copy_url FROM media WHERE id = ?1", (id,), |row| row.get(0))?;
    if let Some(url) = copy.flatten() {
        fields.insert("mediaUrl".to_owned(), json!(url));
    }
    Ok(fields)
}
