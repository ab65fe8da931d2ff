//! Sending: the body of a request becomes a message of the network, or a failure that is told later.

use std::time::Duration;

use kirim_client::types;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::answer::Problem;
use super::contacts::digits;
use super::failure::{self, Failure};
use super::number::Number;
use super::record::content::Shown;
use super::record::message::{self, Direction, NewMessage};
use super::record::{self, contact, conversation};
use super::template;
use crate::jid::Jid;
use crate::media::{Intake, Stored};
use crate::network::account::{self, Account};
use crate::network::content::{Content, MediaKind};
use crate::network::conversation::Peer;
use crate::network::media::{self, Source};
use crate::network::sending::{self, Draft};
use crate::network::{Change, Refusal};
use crate::rest::fit;
use crate::store::Sql as _;

mod body;

/// How long the file of a message may take to come; whoever sends waits for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// A message to be sent. Its file is where it was named, or taken in already.
#[derive(Debug)]
pub(super) struct Order<F = File> {
    /// Digits.
    to: String,
    what: What,
    file: Option<F>,
    /// What the API shows of it.
    shown: Shown,
}

/// What is sent.
#[derive(Debug)]
enum What {
    Text {
        text: String,
        link_preview: bool,
    },
    /// The order's file.
    File {
        kind: MediaKind,
        caption: Option<String>,
        filename: Option<String>,
    },
    Template(template::Filled),
}

/// A file to be had: at an address, or under the id of one that the network has.
#[derive(Debug)]
pub(super) struct File {
    kind: MediaKind,
    link: Option<String>,
    id: Option<String>,
    filename: Option<String>,
}

/// A file that was taken in, or could not be.
#[derive(Debug)]
pub(super) enum Had {
    Stored(Box<Stored>),
    /// The id of a file that the network may have.
    Known(String),
    No,
}

impl Order {
    /// Reads a body by its `type`.
    pub(super) fn read(body: Value) -> Result<Self, Problem> {
        body::read(body)
    }

    /// Takes the file in, if there is one. That it cannot be had is found out later, as with Meta.
    pub(super) async fn collect(self, intake: &Intake) -> Result<Order<Had>, Problem> {
        let Self { to, what, file, shown } = self;
        let file = match file {
            Some(file) => Some(had(file, intake).await?),
            None => None,
        };
        Ok(Order { to, what, file, shown })
    }
}

async fn had(file: File, intake: &Intake) -> Result<Had, Problem> {
    let Some(link) = file.link else { return Ok(file.id.map_or(Had::No, Had::Known)) };
    match timeout(PATIENCE, intake.take(file.kind, Source::Url(link), file.filename)).await {
        Ok(Ok(stored)) => Ok(Had::Stored(Box::new(stored))),
        Ok(Err(error @ (Refusal::Store(_) | Refusal::File(_)))) => Err(error.into()),
        Ok(Err(why)) => {
            tracing::debug!(%why, "the file of a message cannot be had");
            Ok(Had::No)
        }
        Err(_) => Ok(Had::No),
    }
}

/// Accepts a message: sends it on the network, or lets it fail in a moment. Gives its id.
pub(super) fn accept(change: &Change<'_>, number: &Number, order: &Order<Had>) -> Result<String, Refusal> {
    let template = match &order.what {
        What::Template(filled) => Some(template::find(change, number, filled)?),
        _ => None,
    };
    match attempt(change, number, order, template.as_ref())? {
        Ok(id) => Ok(id),
        Err(failure) => refuse(change, number, order, failure),
    }
}

/// Sends the message, or says how it fails.
fn attempt(
    change: &Change<'_>,
    number: &Number,
    order: &Order<Had>,
    template: Option<&template::Template>,
) -> Result<Result<String, Failure>, Refusal> {
    if let Some(failure) = failure::forced(change, number)? {
        return Ok(Err(failure));
    }
    let dialled = account::dialled(change, &Jid::Phone(order.to.clone()))?;
    let Some(person) = dialled.filter(|it| it.id != number.account) else {
        return Ok(Err(failure::NOT_ON_WHATSAPP));
    };
    if template.is_none() && !is_window_open(change, number, &person)? {
        return Ok(Err(failure::OUTSIDE_WINDOW));
    }
    if let (Some(template), Some(filled)) = (template, order.filled())
        && let Err(failure) = template.check(filled)
    {
        return Ok(Err(failure));
    }
    let content = match content(change, order, template)? {
        Ok(content) => content,
        Err(failure) => return Ok(Err(failure)),
    };
    let draft = Draft { content, quoted: None, mentions: Vec::new(), forwarded: false };
    let message = match sending::send(change, number.account, &Peer::Account(person), &draft) {
        Ok(message) => message,
        Err(refusal) => return as_failure(refusal).map(Err),
    };
    // The record was written as the network told of the message.
    let record = message::find(change, number, &message.wire_id)?;
    let record = record.ok_or_else(|| Refusal::NoRecord("message", message.wire_id.clone()))?;
    let mut shown = order.shown.clone();
    if let Some(media_id) = message.content.media_id() {
        shown.fields.extend(record.fields.into_iter().filter(|(name, _)| name == "mime_type"));
        shown.fields.insert("media_id".to_owned(), media_id.into());
    }
    if let Some(template) = template {
        shown.fields.insert("content".to_owned(), template.text(order.filled()).into());
    }
    message::set_shown(change, &record.id, &shown)?;
    Ok(Ok(record.id))
}

impl<F> Order<F> {
    fn filled(&self) -> Option<&template::Filled> {
        match &self.what {
            What::Template(filled) => Some(filled),
            _ => None,
        }
    }
}

/// Whether the person has written within the last 24 hours.
fn is_window_open(change: &Change<'_>, number: &Number, person: &Account) -> Result<bool, Refusal> {
    let Some(contact) = contact::find(change, number, &person.phone)? else { return Ok(false) };
    Ok(conversation::with(change, &contact)?.is_some_and(|it| it.is_open(change.now)))
}

/// What the network sends.
fn content(
    change: &Change<'_>,
    order: &Order<Had>,
    template: Option<&template::Template>,
) -> Result<Result<Content, Failure>, Refusal> {
    let media_id = match &order.file {
        Some(Had::Stored(stored)) => Some(media::keep(change, stored)?),
        // A file belongs to one message; another message cannot have it.
        Some(Had::Known(id))
            if change.any("SELECT 1 FROM media WHERE id = ?1 AND message_id IS NULL", (id,))? =>
        {
            Some(id.clone())
        }
        Some(_) => return Ok(Err(failure::MEDIA)),
        None => None,
    };
    let media = |kind, caption, filename| match media_id {
        Some(media_id) => Ok(Content::Media { kind, media_id, caption, filename, voice_note: false }),
        None => Err(failure::MEDIA),
    };
    Ok(match (&order.what, template) {
        (What::Text { text, link_preview }, _) => {
            Ok(Content::Text { text: text.clone(), link_preview: *link_preview })
        }
        (What::File { kind, caption, filename }, _) => media(*kind, caption.clone(), filename.clone()),
        (What::Template(filled), Some(template)) => {
            let text = template.text(Some(filled));
            match filled.header_kind() {
                Some(kind) => media(kind, Some(text), filled.filename()),
                None => Ok(Content::Text { text, link_preview: false }),
            }
        }
        (What::Template(_), None) => Err(failure::PARAMETER_FORMAT),
    })
}

/// What the network refuses is a failure that Meta would tell of later.
fn as_failure(refusal: Refusal) -> Result<Failure, Refusal> {
    match refusal {
        Refusal::NotRegistered(_) => Ok(failure::NOT_ON_WHATSAPP),
        Refusal::Blocked(_) => Ok(failure::BLOCKED),
        Refusal::TimeLocked { .. } | Refusal::Banned { .. } => Ok(failure::RESTRICTED),
        other => Err(other),
    }
}

/// Writes down a message that the network will never have.
fn refuse(
    change: &Change<'_>,
    number: &Number,
    order: &Order<Had>,
    failure: Failure,
) -> Result<String, Refusal> {
    // A number that leads to another one is that of the account behind it.
    let dialled = account::dialled(change, &Jid::Phone(order.to.clone()))?;
    let phone = dialled.map_or_else(|| order.to.clone(), |it| it.phone);
    let contact = contact::ensure(change, number, &phone, None)?;
    let new = NewMessage {
        wire_id: crate::network::message::new_wire_id(change)?,
        direction: Direction::Outbound,
        status: "pending",
        shown: order.shown.clone(),
        at: change.now,
    };
    let id = message::add(change, number, &contact, &new)?;
    record::fail_soon(change, &id, failure)?;
    Ok(id)
}

/// The fields of a file as the API shows them.
fn file_fields(caption: Option<&str>, filename: Option<&str>) -> Map<String, Value> {
    let fields = [("caption", caption), ("filename", filename)];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?)))).collect()
}

/// The parts of a request body that all types have.
fn to(number: &types::PhoneNumber) -> String {
    digits(&number.0)
}

/// Reads a body as the type that was meant.
fn typed<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, Problem> {
    Ok(fit(body)?)
}
