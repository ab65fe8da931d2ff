//! The body of a send, read into what the network sends.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use whatsapp_sandbox_client::types;

use super::answer::Problem;
use crate::jid::Jid;
use crate::media::{Intake, Stored};
use crate::network::content::{Card, Content, MediaKind};
use crate::network::media::{self, Source};
use crate::network::sending::Draft;
use crate::network::{Change, Refusal};
use crate::rest::fit;

/// The types in the order of the document.
const TYPES: &str = "text, image, video, voice, file, poll, location or contact";

/// A message to be sent, with its file taken in, but not yet a part of the network.
#[derive(Debug)]
pub(super) struct Order {
    body: Body,
    quoted: Option<String>,
    mentions: Vec<Jid>,
    forwarded: bool,
}

#[derive(Debug)]
enum Body {
    Content(Content),
    File { file: File, stored: Stored },
}

/// What is said about a file beside its bytes.
#[derive(Debug)]
struct File {
    kind: MediaKind,
    caption: Option<String>,
    filename: Option<String>,
    voice_note: bool,
}

/// What all types have in common.
type Common = (Option<types::QuotedMessageId>, Option<types::Mentions>, Option<bool>);

impl Order {
    /// Reads a body by its `type`, so that an error speaks of the fields of that type, and takes the file in.
    pub(super) async fn read(body: Value, intake: &Intake) -> Result<Self, Problem> {
        match body.get("type").and_then(Value::as_str) {
            Some("text") => {
                let it: types::SendText = fit(body)?;
                let content = Content::Text { text: it.text, link_preview: false };
                Self::plain(content, (it.quoted_message_id, it.mentions, it.is_forwarded))
            }
            Some("image") => {
                let it: types::SendImage = fit(body)?;
                let file =
                    File { kind: MediaKind::Image, caption: it.caption, filename: None, voice_note: false };
                let common = (it.quoted_message_id, it.mentions, it.is_forwarded);
                Self::with_file(file, source(it.url, it.base64.map(|it| it.0))?, intake, common).await
            }
            Some("video") => {
                let it: types::SendVideo = fit(body)?;
                let file =
                    File { kind: MediaKind::Video, caption: it.caption, filename: None, voice_note: false };
                let common = (it.quoted_message_id, it.mentions, it.is_forwarded);
                Self::with_file(file, source(it.url, it.base64.map(|it| it.0))?, intake, common).await
            }
            Some("voice") => {
                let it: types::SendVoice = fit(body)?;
                let voice_note = it.ptt.unwrap_or(false);
                let file = File { kind: MediaKind::Voice, caption: None, filename: None, voice_note };
                let common = (it.quoted_message_id, None, it.is_forwarded);
                Self::with_file(file, source(it.url, it.base64.map(|it| it.0))?, intake, common).await
            }
            Some("file") => {
                let it: types::SendFile = fit(body)?;
                let filename = Some(it.filename);
                let file = File { kind: MediaKind::File, caption: it.caption, filename, voice_note: false };
                let common = (it.quoted_message_id, it.mentions, it.is_forwarded);
                Self::with_file(file, source(it.url, it.base64.map(|it| it.0))?, intake, common).await
            }
            Some("poll") => {
                let it: types::SendPoll = fit(body)?;
                let multiple_answers = it.multiple_answers.unwrap_or(false);
                let content = Content::Poll { question: it.question, options: it.options, multiple_answers };
                Self::plain(content, (it.quoted_message_id, None, it.is_forwarded))
            }
            Some("location") => {
                let it: types::SendLocation = fit(body)?;
                let types::SendLocation { latitude, longitude, name, address, .. } = it;
                let content = Content::Location { latitude, longitude, name, address };
                Self::plain(content, (it.quoted_message_id, None, it.is_forwarded))
            }
            Some("contact") => {
                let it: types::SendContact = fit(body)?;
                let cards = it.contacts.into_iter().map(card).collect::<Result<_, Refusal>>()?;
                Self::plain(Content::Contacts { cards }, (it.quoted_message_id, None, it.is_forwarded))
            }
            _ => Err(Problem::invalid(format!("`type` must be {TYPES}"))),
        }
    }

    /// Makes the record of the file, if there is one, and gives what the network sends.
    pub(super) fn draft(&self, change: &Change<'_>) -> Result<Draft, Refusal> {
        let content = match &self.body {
            Body::Content(content) => content.clone(),
            Body::File { file, stored } => Content::Media {
                kind: file.kind,
                media_id: media::keep(change, stored)?,
                caption: file.caption.clone(),
                filename: file.filename.clone(),
                voice_note: file.voice_note,
            },
        };
        let (quoted, mentions) = (self.quoted.clone(), self.mentions.clone());
        Ok(Draft { content, quoted, mentions, forwarded: self.forwarded })
    }

    fn plain(content: Content, common: Common) -> Result<Self, Problem> {
        Self::new(Body::Content(content), common)
    }

    async fn with_file(file: File, source: Source, intake: &Intake, common: Common) -> Result<Self, Problem> {
        let stored = intake.take(file.kind, source, file.filename.clone()).await?;
        Self::new(Body::File { file, stored }, common)
    }

    fn new(body: Body, (quoted, mentions, forwarded): Common) -> Result<Self, Problem> {
        let mentions = mentions.map(|it| it.0).unwrap_or_default();
        let mentions = mentions.iter().map(|it| Jid::parse(it)).collect::<Result<_, _>>();
        Ok(Self {
            body,
            quoted: quoted.map(|it| it.0),
            mentions: mentions.map_err(Refusal::from)?,
            forwarded: forwarded.unwrap_or(false),
        })
    }
}

fn card(card: types::ContactCard) -> Result<Card, Refusal> {
    Ok(Card { name: card.name, phone: super::accounts::number(&card.phone_number)? })
}

/// The bytes or the address of a file: exactly one of the two.
pub(super) fn source(url: Option<types::MediaUrl>, base64: Option<String>) -> Result<Source, Problem> {
    match (url, base64) {
        (Some(url), None) => Ok(Source::Url(url.0)),
        (None, Some(text)) => BASE64
            .decode(text)
            .map(Source::Bytes)
            .map_err(|error| Problem::invalid(format!("`base64` is no base64: {error}"))),
        (Some(_), Some(_)) => Err(Problem::invalid("give `url` or `base64`, not both")),
        (None, None) => Err(Problem::invalid("the file is missing: give `url` or `base64`")),
    }
}
