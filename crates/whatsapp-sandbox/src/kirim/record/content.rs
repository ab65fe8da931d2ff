//! What a message shows, by its kind.

use serde_json::{Map, Value, json};

use crate::kirim::e164;
use crate::network::content::{Content, MediaKind};

/// The kind of a message, and the fields that it shows. A file stands as `media_id`, of which its address is made.
#[derive(Clone, Debug)]
pub(in crate::kirim) struct Shown {
    pub(in crate::kirim) kind: &'static str,
    pub(in crate::kirim) fields: Map<String, Value>,
}

impl Shown {
    pub(in crate::kirim) fn new(kind: &'static str, fields: Value) -> Self {
        let fields = match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        Self { kind, fields }
    }

    /// What a message of the network shows.
    pub(super) fn of(content: &Content, mime_type: Option<&str>) -> Self {
        match content {
            Content::Text { text, .. } => Self::new("text", json!({ "content": text })),
            Content::Media { kind, media_id, caption, filename, .. } => Self::new(
                media_kind(*kind),
                json!({
                    "media_id": media_id, "mime_type": mime_type, "caption": caption, "filename": filename,
                }),
            ),
            Content::Location { latitude, longitude, name, address } => {
                let place = json!({
                    "latitude": latitude, "longitude": longitude, "name": name, "address": address,
                });
                Self::new("location", json!({ "location": place }))
            }
            Content::Contacts { cards } => {
                let cards: Vec<Value> = cards
                    .iter()
                    .map(|it| json!({ "name": it.name, "phone": e164(&it.phone), "wa_id": it.phone }))
                    .collect();
                Self::new("contacts", json!({ "contacts": cards }))
            }
            // The business API brings neither.
            Content::Poll { .. } | Content::Revoked => Self::new("unsupported", json!({})),
        }
    }

    /// A reaction to the message with this id on the wire; without an emoji it is taken back.
    pub(super) fn reaction(target: &str, emoji: Option<&str>) -> Self {
        let reaction = json!({
            "target_message_id": super::message::provider_id(target), "emoji": emoji.unwrap_or_default(),
        });
        Self::new("reaction", json!({ "reaction": reaction }))
    }
}

/// Kirim's word for a kind of file.
pub(in crate::kirim) fn media_kind(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Voice => "audio",
        MediaKind::File => "document",
    }
}
