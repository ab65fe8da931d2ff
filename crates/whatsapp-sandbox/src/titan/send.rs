//! The body of a send: one of eight types, read into what the network sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Problem;
use super::wire::types;
use crate::jid::{Jid, JidError};
use crate::network::content::{Card, Content, MediaKind};
use crate::network::media::{self, Source};
use crate::network::sending::Draft;
use crate::network::{Change, Refusal};

/// The types in the order of the document.
const TYPES: &str = "text, image, video, voice, file, poll, location or contact";

/// A message to be sent, read and decoded, but not yet kept.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) session: String,
    pub(super) chat: Jid,
    body: Body,
    quoted: Option<String>,
    mentions: Vec<Jid>,
    forwarded: bool,
}

#[derive(Debug)]
enum Body {
    Content(Content),
    File { kind: MediaKind, source: Source, caption: Option<String>, filename: Option<String>, voice_note: bool },
}

/// Reads the fields that all types have.
macro_rules! order {
    ($message:ident, $body:expr) => {
        Order {
            session: $message.session.to_string(),
            chat: Jid::parse(&$message.chat_id).map_err(Refusal::from)?,
            quoted: $message.quoted_message.as_ref().map(|it| it.id.to_string()),
            mentions: $message
                .mentions
                .iter()
                .map(|it| Jid::parse(it))
                .collect::<Result<_, JidError>>()
                .map_err(Refusal::from)?,
            forwarded: $message.is_forwarded.unwrap_or(false),
            body: $body,
        }
    };
}

impl Order {
    /// Reads a body by its `type`, so that an error speaks of the fields of that type.
    pub(super) fn read(body: Value) -> Result<Self, Problem> {
        let Some(kind) = body.get("type").and_then(Value::as_str).map(str::to_owned) else {
            return Err(Problem::invalid(format!("`type` is required: {TYPES}")));
        };
        match kind.as_str() {
            "text" => text(parse(&kind, body)?),
            "image" => image(parse(&kind, body)?),
            "video" => video(parse(&kind, body)?),
            "voice" => voice(parse(&kind, body)?),
            "file" => file(parse(&kind, body)?),
            "poll" => poll(parse(&kind, body)?),
            "location" => location(parse(&kind, body)?),
            "contact" => contact(parse(&kind, body)?),
            _ => Err(Problem::invalid(format!("`type` must be {TYPES}"))),
        }
    }

    /// Keeps the media, if there is any, and gives what the network sends.
    pub(super) fn draft(&self, change: &Change<'_>) -> Result<Draft, Refusal> {
        let content = match &self.body {
            Body::Content(content) => content.clone(),
            Body::File { kind, source, caption, filename, voice_note } => Content::Media {
                kind: *kind,
                media_id: media::keep(change, *kind, source, filename.as_deref())?,
                caption: caption.clone(),
                filename: filename.clone(),
                voice_note: *voice_note,
            },
        };
        let (quoted, mentions) = (self.quoted.clone(), self.mentions.clone());
        Ok(Draft { content, quoted, mentions, forwarded: self.forwarded })
    }
}

fn parse<T: DeserializeOwned>(kind: &str, body: Value) -> Result<T, Problem> {
    serde_json::from_value(body)
        .map_err(|error| Problem::invalid(format!("the body does not fit type `{kind}`: {error}")))
}

fn text(it: types::SendText) -> Result<Order, Problem> {
    let content = Content::Text { text: it.text.to_string(), link_preview: it.link_preview.unwrap_or(false) };
    Ok(order!(it, Body::Content(content)))
}

fn image(it: types::SendImage) -> Result<Order, Problem> {
    let source = source(it.url.as_deref(), it.base64.as_deref())?;
    let (kind, caption) = (MediaKind::Image, it.caption.clone());
    Ok(order!(it, Body::File { kind, source, caption, filename: None, voice_note: false }))
}

fn video(it: types::SendVideo) -> Result<Order, Problem> {
    let source = source(it.url.as_deref(), it.base64.as_deref())?;
    let (kind, caption) = (MediaKind::Video, it.caption.clone());
    Ok(order!(it, Body::File { kind, source, caption, filename: None, voice_note: false }))
}

fn voice(it: types::SendVoice) -> Result<Order, Problem> {
    let source = source(it.url.as_deref(), it.base64.as_deref())?;
    let (kind, voice_note) = (MediaKind::Voice, it.ptt.unwrap_or(false));
    Ok(order!(it, Body::File { kind, source, caption: None, filename: None, voice_note }))
}

fn file(it: types::SendFile) -> Result<Order, Problem> {
    let source = source(it.url.as_deref(), it.base64.as_deref())?;
    let (kind, caption, filename) = (MediaKind::File, it.caption.clone(), Some(it.filename.to_string()));
    Ok(order!(it, Body::File { kind, source, caption, filename, voice_note: false }))
}

fn poll(it: types::SendPoll) -> Result<Order, Problem> {
    let content = Content::Poll {
        question: it.question.to_string(),
        options: it.options.iter().map(ToString::to_string).collect(),
        multiple_answers: it.multiple_answers.unwrap_or(false),
    };
    Ok(order!(it, Body::Content(content)))
}

fn location(it: types::SendLocation) -> Result<Order, Problem> {
    let content = Content::Location {
        latitude: it.latitude,
        longitude: it.longitude,
        name: it.name.clone(),
        address: it.address.clone(),
    };
    Ok(order!(it, Body::Content(content)))
}

fn contact(it: types::SendContact) -> Result<Order, Problem> {
    let cards = it
        .contacts
        .iter()
        .map(|card| match Jid::parse(&card.phone_number)? {
            Jid::Phone(phone) => Ok(Card { name: card.name.to_string(), phone }),
            _ => Err(Refusal::Invalid("`phoneNumber` of a contact must be a phone number".to_owned())),
        })
        .collect::<Result<_, Refusal>>()?;
    Ok(order!(it, Body::Content(Content::Contacts { cards })))
}

/// Exactly one of the two.
pub(super) fn source(url: Option<&str>, base64: Option<&str>) -> Result<Source, Problem> {
    match (url, base64) {
        (Some(url), None) => Ok(Source::Url(url.to_owned())),
        (None, Some(text)) => BASE64
            .decode(text)
            .map(Source::Bytes)
            .map_err(|error| Problem::invalid(format!("`base64` is no base64: {error}"))),
        (Some(_), Some(_)) => Err(Problem::invalid("give `url` or `base64`, not both")),
        (None, None) => Err(Problem::invalid("the file is missing: give `url` or `base64`")),
    }
}
