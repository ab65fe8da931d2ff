//! The body of a send: one of eight types, read into what the network sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use titan_api_client::types;

use super::answer::Problem;
use crate::jid::{Jid, JidError};
use crate::network::content::{Card, Content, MediaKind};
use crate::network::media::{self, Source};
use crate::network::sending::Draft;
use crate::network::{Change, Refusal};
use crate::rest::fit_exactly;

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
    File {
        kind: MediaKind,
        source: Source,
        caption: Option<String>,
        filename: Option<String>,
        voice_note: bool,
    },
}

/// An order from the fields that all types have, and a body.
macro_rules! order {
    ($message:ident, $body:expr) => {{
        let mentions = $message.mentions.unwrap_or_default();
        let mentions = mentions.iter().map(|it| Jid::parse(it)).collect::<Result<_, JidError>>();
        Ok(Order {
            session: $message.session.0,
            chat: Jid::parse(&$message.chat_id).map_err(Refusal::from)?,
            quoted: $message.quoted_message.map(|it| it.id),
            mentions: mentions.map_err(Refusal::from)?,
            forwarded: $message.is_forwarded.unwrap_or(false),
            body: $body,
        })
    }};
}

impl Order {
    /// Reads a body by its `type`, so that an error speaks of the fields of that type.
    pub(super) fn read(body: Value) -> Result<Self, Problem> {
        match body.get("type").and_then(Value::as_str) {
            Some("text") => text(fit_exactly(body)?),
            Some("image") => image(fit_exactly(body)?),
            Some("video") => video(fit_exactly(body)?),
            Some("voice") => voice(fit_exactly(body)?),
            Some("file") => file(fit_exactly(body)?),
            Some("poll") => poll(fit_exactly(body)?),
            Some("location") => location(fit_exactly(body)?),
            Some("contact") => contact(fit_exactly(body)?),
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

fn text(it: types::SendText) -> Result<Order, Problem> {
    let content = Content::Text { text: it.text, link_preview: it.link_preview.unwrap_or(false) };
    order!(it, Body::Content(content))
}

fn image(it: types::SendImage) -> Result<Order, Problem> {
    let (kind, source) = (MediaKind::Image, source(it.url, it.base64)?);
    order!(it, Body::File { kind, source, caption: it.caption, filename: None, voice_note: false })
}

fn video(it: types::SendVideo) -> Result<Order, Problem> {
    let (kind, source) = (MediaKind::Video, source(it.url, it.base64)?);
    order!(it, Body::File { kind, source, caption: it.caption, filename: None, voice_note: false })
}

fn voice(it: types::SendVoice) -> Result<Order, Problem> {
    let (kind, source) = (MediaKind::Voice, source(it.url, it.base64)?);
    let voice_note = it.ptt.unwrap_or(false);
    order!(it, Body::File { kind, source, caption: None, filename: None, voice_note })
}

fn file(it: types::SendFile) -> Result<Order, Problem> {
    if it.filename.is_empty() {
        return Err(Problem::invalid("`filename` must not be empty"));
    }
    let (kind, source, filename) = (MediaKind::File, source(it.url, it.base64)?, Some(it.filename));
    order!(it, Body::File { kind, source, caption: it.caption, filename, voice_note: false })
}

fn poll(it: types::SendPoll) -> Result<Order, Problem> {
    let content = Content::Poll {
        question: it.question,
        options: it.options,
        multiple_answers: it.multiple_answers.unwrap_or(false),
    };
    order!(it, Body::Content(content))
}

fn location(it: types::SendLocation) -> Result<Order, Problem> {
    let content = Content::Location {
        latitude: it.latitude,
        longitude: it.longitude,
        name: it.name,
        address: it.address,
    };
    order!(it, Body::Content(content))
}

fn contact(it: types::SendContact) -> Result<Order, Problem> {
    let cards = it.contacts.into_iter().map(|card| match Jid::parse(&card.phone_number)? {
        Jid::Phone(phone) => Ok(Card { name: card.name, phone }),
        _ => Err(Refusal::Invalid("`phoneNumber` of a contact must be a phone number".to_owned())),
    });
    let cards = cards.collect::<Result<_, Refusal>>()?;
    order!(it, Body::Content(Content::Contacts { cards }))
}

/// The bytes or the address of a file: exactly one of the two.
pub(super) fn source(
    url: Option<types::MediaUrl>,
    base64: Option<types::MediaBase64>,
) -> Result<Source, Problem> {
    match (url, base64) {
        (Some(url), None) => Ok(Source::Url(url.0)),
        (None, Some(text)) => BASE64
            .decode(&*text)
            .map(Source::Bytes)
            .map_err(|error| Problem::invalid(format!("`base64` is no base64: {error}"))),
        (Some(_), Some(_)) => Err(Problem::invalid("give `url` or `base64`, not both")),
        (None, None) => Err(Problem::invalid("the file is missing: give `url` or `base64`")),
    }
}
