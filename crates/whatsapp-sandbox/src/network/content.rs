//! What a message says.

use serde::{Deserialize, Serialize};

use super::Refusal;

/// The most characters of a text.
const MAX_TEXT: usize = 65_536;
/// The most characters of a caption, a poll's question, or a place's name or address.
const MAX_LINE: usize = 1_024;
/// The most characters of one option of a poll.
const MAX_OPTION: usize = 100;

/// The content of a message, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Content {
    Text {
        text: String,
        link_preview: bool,
    },
    Media {
        kind: MediaKind,
        media_id: String,
        caption: Option<String>,
        filename: Option<String>,
        /// A voice note rather than an audio file.
        voice_note: bool,
    },
    Poll {
        question: String,
        options: Vec<String>,
        multiple_answers: bool,
    },
    Location {
        latitude: f64,
        longitude: f64,
        name: Option<String>,
        address: Option<String>,
    },
    Contacts {
        cards: Vec<Card>,
    },
    /// Deleted for everyone.
    Revoked,
}

/// A shared contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) name: String,
    /// Digits.
    pub(crate) phone: String,
}

/// The kinds of file that a message can carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MediaKind {
    Image,
    Video,
    Voice,
    File,
}

impl MediaKind {
    /// The types that this kind takes; none named means any.
    pub(crate) fn types(self) -> &'static [&'static str] {
        match self {
            Self::Image => &["image/jpeg", "image/png", "image/webp"],
            Self::Video => &["video/mp4"],
            Self::Voice => &["audio/ogg", "audio/mpeg"],
            Self::File => &[],
        }
    }

    pub(crate) fn with_article(self) -> &'static str {
        match self {
            Self::Image => "an image",
            Self::Video => "a video",
            Self::Voice => "a voice message",
            Self::File => "a file",
        }
    }

    /// The name of the kind.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Voice => "voice",
            Self::File => "file",
        }
    }
}

impl Content {
    /// Refuses what `WhatsApp` would not take, naming the field.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Text { text, .. } => filled("text", text).and_then(|()| limited("text", text, MAX_TEXT)),
            Self::Media { caption, filename, .. } => {
                optional("caption", caption.as_deref())?;
                optional("filename", filename.as_deref())
            }
            Self::Poll { question, options, .. } => check_poll(question, options),
            Self::Location { latitude, longitude, name, address } => {
                range("latitude", *latitude, 90.0)?;
                range("longitude", *longitude, 180.0)?;
                optional("name", name.as_deref())?;
                optional("address", address.as_deref())
            }
            Self::Contacts { cards } if cards.is_empty() => {
                Err(Refusal::Invalid("a contact message needs at least one contact".to_owned()))
            }
            Self::Contacts { cards } => cards.iter().try_for_each(|card| filled("contact name", &card.name)),
            Self::Revoked => Err(Refusal::Invalid("a message must have a content".to_owned())),
        }
    }

    /// The kind of content in one word, in the spelling of sends.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Media { kind, .. } => kind.name(),
            Self::Poll { .. } => "poll",
            Self::Location { .. } => "location",
            Self::Contacts { .. } => "contact",
            Self::Revoked => "revoked",
        }
    }

    /// What a chat list shows of it: the text or caption, or what it is.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::Text { text, .. } => text.clone(),
            Self::Media { caption: Some(caption), .. } => caption.clone(),
            Self::Media { filename: Some(filename), .. } => filename.clone(),
            Self::Media { kind, .. } => format!("[{}]", kind.name()),
            Self::Poll { question, .. } => question.clone(),
            Self::Location { name, address, .. } => {
                name.clone().or_else(|| address.clone()).unwrap_or_else(|| "[location]".to_owned())
            }
            Self::Contacts { cards } => {
                cards.iter().map(|card| card.name.as_str()).collect::<Vec<_>>().join(", ")
            }
            Self::Revoked => "[deleted]".to_owned(),
        }
    }

    /// The id of the file that the message carries.
    pub(crate) fn media_id(&self) -> Option<&str> {
        match self {
            Self::Media { media_id, .. } => Some(media_id),
            _ => None,
        }
    }

    /// The same content with another text or caption.
    pub(super) fn edited(self, new: &str) -> Result<Self, Refusal> {
        let edited = match self {
            Self::Text { link_preview, .. } => Self::Text { text: new.to_owned(), link_preview },
            Self::Media { kind, media_id, filename, voice_note: false, .. } => {
                Self::Media { kind, media_id, caption: Some(new.to_owned()), filename, voice_note: false }
            }
            _ => return Err(Refusal::NotEditable),
        };
        edited.check()?;
        Ok(edited)
    }
}

fn check_poll(question: &str, options: &[String]) -> Result<(), Refusal> {
    filled("question", question)?;
    limited("question", question, MAX_LINE)?;
    if !(2..=12).contains(&options.len()) {
        return Err(Refusal::Invalid(format!(
            "`options` must have 2 to 12 entries; it has {}",
            options.len()
        )));
    }
    for (index, option) in options.iter().enumerate() {
        filled("options", option)?;
        limited("options", option, MAX_OPTION)?;
        if options[..index].contains(option) {
            return Err(Refusal::Invalid(format!("`options` names `{option}` twice")));
        }
    }
    Ok(())
}

fn filled(field: &str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        Err(Refusal::Invalid(format!("`{field}` must not be empty")))
    } else {
        Ok(())
    }
}

fn limited(field: &str, text: &str, most: usize) -> Result<(), Refusal> {
    let length = text.chars().count();
    if length > most {
        return Err(Refusal::Invalid(format!("`{field}` may have up to {most} characters; it has {length}")));
    }
    Ok(())
}

fn optional(field: &str, text: Option<&str>) -> Result<(), Refusal> {
    text.map_or(Ok(()), |text| limited(field, text, MAX_LINE))
}

fn range(field: &str, value: f64, most: f64) -> Result<(), Refusal> {
    if value.abs() <= most {
        Ok(())
    } else {
        Err(Refusal::Invalid(format!("`{field}` must be between -{most} and {most}; it is {value}")))
    }
}
