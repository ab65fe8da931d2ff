//! The body of a send: one of eight types, read into what the network sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use titan_api_client::types;

use super::answer::Problem;
use crate::jid::{Jid, JidError};
use crate::media::{Intake, Stored};
use crate::network::content::{Card, Content, MediaKind};
use crate::network::media::{self, Source};
use crate::network::sending::Draft;
use crate::network::{Change, Refusal};
use crate::rest::fit;

/// The types in the order of the document.
const TYPES: &str = "text, image, video, voice, file, poll, location or contact";

/// A message to be sent, read and decoded, but not yet kept. Its file is where it was given, or taken in already.
#[derive(Debug)]
pub(super) struct Order<File = Source> {
    pub(super) session: String,
    pub(super) chat: Jid,
    body: Body<File>,
    quoted: Option<String>,
    mentions: Vec<Jid>,
    forwarded: bool,
}

#[derive(Debug)]
enum Body<File> {
    Content(Content),
    File { kind: MediaKind, file: File, caption: Option<String>, filename: Option<String>, voice_note: bool },
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
            Some("text") => text(fit(body)?),
            Some("image") => image(fit(body)?),
            Some("video") => video(fit(body)?),
            Some("voice") => voice(fit(body)?),
            Some("file") => file(fit(body)?),
            Some("poll") => poll(fit(body)?),
            Some("location") => location(fit(body)?),
            Some("contact") => contact(fit(body)?),
            _ => Err(Problem::invalid(format!("`type` must be {TYPES}"))),
        }
    }

    /// Whether a file has to be taken in first.
    pub(super) fn has_file(&self) -> bool {
        matches!(self.body, Body::File { .. })
    }

    /// Takes the file in, if there is one.
    pub(super) async fn collect(self, intake: &Intake) -> Result<Order<Stored>, Refusal> {
        let Self { session, chat, body, quoted, mentions, forwarded } = self;
        let body = match body {
            Body::Content(content) => Body::Content(content),
            Body::File { kind, file, caption, filename, voice_note } => {
                let file = intake.take(kind, file, filename.clone()).await?;
                Body::File { kind, file, caption, filename, voice_note }
            }
        };
        Ok(Order { session, chat, body, quoted, mentions, forwarded })
    }
}

impl Order<Stored> {
    /// Keeps the media, if there is any, and gives what the network sends.
    pub(super) fn draft(&self, change: &Change<'_>) -> Result<Draft, Refusal> {
        let content = match &self.body {
            Body::Content(content) => content.clone(),
            Body::File { kind, file, caption, filename, voice_note } => Content::Media {
                kind: *kind,
                media_id: media::keep(change, file)?,
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
    let (kind, file) = (MediaKind::Image, source(it.url, it.base64)?);
    order!(it, Body::File { kind, file, caption: it.caption, filename: None, voice_note: false })
}

fn video(it: types::SendVideo) -> Result<Order, Problem> {
    let (kind, file) = (MediaKind::Video, source(it.url, it.base64)?);
    order!(it, Body::File { kind, file, caption: it.caption, filename: None, voice_note: false })
}

fn voice(it: types::SendVoice) -> Result<Order, Problem> {
    let (kind, file) = (MediaKind::Voice, source(it.url, it.base64)?);
    let voice_note = it.ptt.unwrap_or(false);
    order!(it, Body::File { kind, file, caption: None, filename: None, voice_note })
}

fn file(it: types::SendFile) -> Result<Order, Problem> {
    if it.filename.is_empty() {
        return Err(Problem::invalid("`filename` must not be empty"));
    }
    let (kind, file, filename) = (MediaKind::File, source(it.url, it.base64)?, Some(it.filename));
    order!(it, Body::File { kind, file, caption: it.caption, filename, voice_note: false })
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
