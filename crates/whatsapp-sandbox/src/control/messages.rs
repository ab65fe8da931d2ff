//! Messages as one account sees, writes and changes them.

use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use whatsapp_sandbox_client::types;

use super::Control;
use super::answer::{Answer, created, data, success};
use super::draft::Order;
use super::routes::Route;
use crate::contract::Payload;
use crate::jid::Jid;
use crate::network::content::{Content, MediaKind};
use crate::network::id::{AccountId, ConversationId};
use crate::network::message::{self, Message};
use crate::network::receipt::{self, Receipt, Status};
use crate::network::{
    Change, Refusal, View, account, contact, conversation, media, poll, reaction, revision, sending,
};
use crate::rest::{Ask, At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("messages_list", |method| on(method, list)),
    ("messages_send", |method| on(method, send)),
    ("messages_get", |method| on(method, get)),
    ("messages_edit", |method| on(method, edit)),
    ("messages_revoke", |method| on(method, revoke)),
    ("messages_remove", |method| on(method, remove)),
    ("messages_react", |method| on(method, react)),
    ("messages_star", |method| on(method, star)),
    ("messages_vote", |method| on(method, vote)),
];

/// Which part of a chat is listed.
#[derive(Debug, Deserialize)]
struct Part {
    limit: Option<u32>,
    before: Option<String>,
}

/// One message of one account's chat.
type Place = At<(String, String, String)>;

async fn list(
    State(control): State<Control>,
    At((account, chat)): At<(String, String)>,
    Ask(part): Ask<Part>,
) -> Answer {
    let jid = Jid::parse(&chat).map_err(Refusal::from)?;
    let limit = part.limit.unwrap_or(50).clamp(1, 200);
    let messages = control
        .read_as(account, move |view, me| {
            let conversation = conversation::existing(view, me, &jid)?;
            let messages = match &part.before {
                Some(id) => {
                    let before = message::visible_in(view, me, conversation, id)?;
                    message::before(view, me, &before, limit)?
                }
                None => message::latest(view, me, conversation, limit)?,
            };
            messages.iter().map(|it| render(view, me, it)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    Ok(data(messages))
}

async fn send(
    State(control): State<Control>,
    At((account, chat)): At<(String, String)>,
    Payload { value: body, .. }: Payload,
) -> Answer {
    let jid = Jid::parse(&chat).map_err(Refusal::from)?;
    let order = Order::read(body, &control.outside.intake).await?;
    let who = account.clone();
    let message = control
        .change_as(account, move |change, me| {
            let peer = conversation::resolve(change, me, &jid)?;
            let message = sending::send(change, me, &peer, &order.draft(change)?)?;
            render(change, me, &message)
        })
        .await?;
    let location = format!("/_sandbox/accounts/{who}/chats/{}/messages/{}", message.chat_id, message.id);
    Ok(created(&location, message))
}

async fn get(State(control): State<Control>, At((account, chat, id)): Place) -> Answer {
    let jid = Jid::parse(&chat).map_err(Refusal::from)?;
    let message = control
        .read_as(account, move |view, me| {
            let conversation = conversation::existing(view, me, &jid)?;
            render(view, me, &message::visible_in(view, me, conversation, &id)?)
        })
        .await?;
    Ok(data(message))
}

async fn edit(
    State(control): State<Control>,
    At(place): Place,
    Body(body): Body<types::EditMessage>,
) -> Answer {
    change(&control, place, move |change, me, conversation, id| {
        revision::edit(change, me, conversation, id, &body.text).map(|_| ())
    })
    .await
}

async fn revoke(State(control): State<Control>, At(place): Place) -> Answer {
    change(&control, place, revision::delete).await
}

async fn remove(State(control): State<Control>, At((account, chat, id)): Place) -> Answer {
    let jid = Jid::parse(&chat).map_err(Refusal::from)?;
    control
        .change_as(account, move |change, me| {
            let conversation = conversation::existing(change, me, &jid)?;
            revision::remove(change, me, conversation, &id)
        })
        .await?;
    Ok(success())
}

async fn react(State(control): State<Control>, At(place): Place, Body(body): Body<types::React>) -> Answer {
    change(&control, place, move |change, me, conversation, id| {
        reaction::react(change, me, conversation, id, &body.reaction)
    })
    .await
}

async fn star(State(control): State<Control>, At(place): Place, Body(body): Body<types::Star>) -> Answer {
    change(&control, place, move |change, me, conversation, id| {
        reaction::star(change, me, conversation, id, body.starred)
    })
    .await
}

async fn vote(State(control): State<Control>, At(place): Place, Body(body): Body<types::Vote>) -> Answer {
    change(&control, place, move |change, me, conversation, id| {
        poll::vote(change, me, conversation, id, &body.options)
    })
    .await
}

/// Does something to a message, and shows what it is then.
async fn change(
    control: &Control,
    (account, chat, id): (String, String, String),
    work: impl FnOnce(&Change<'_>, AccountId, ConversationId, &str) -> Result<(), Refusal> + Send + 'static,
) -> Answer {
    let jid = Jid::parse(&chat).map_err(Refusal::from)?;
    let message = control
        .change_as(account, move |change, me| {
            let conversation = conversation::existing(change, me, &jid)?;
            work(change, me, conversation, &id)?;
            render(change, me, &message::visible_in(change, me, conversation, &id)?)
        })
        .await?;
    Ok(data(message))
}

fn render(view: &View<'_>, me: AccountId, message: &Message) -> Result<types::Message, Refusal> {
    let sender = contact::of(view, me, account::by_id(view, message.sender)?)?;
    let quoted = message.quoted.map(|id| message::by_id(view, id)).transpose()?;
    let receipts = if message.sender == me { receipt::list(view, me, message)? } else { Vec::new() };
    Ok(types::Message {
        id: message.wire_id.clone(),
        chat_id: conversation::jid(view, me, message.conversation)?.to_string(),
        from: sender.account.jid().to_string(),
        from_name: sender.name.unwrap_or(sender.account.push_name),
        from_me: message.sender == me,
        type_: message_type(&message.content),
        text: message.content.summary(),
        timestamp: message.sent_at.to_string(),
        status: status(receipt::status(view, message.id)?),
        quoted_message_id: quoted.map(|it| it.wire_id),
        mentions: message.mentions.clone(),
        is_forwarded: message.forwarded,
        edited_at: message.edited_at.map(|at| at.to_string()),
        starred: reaction::is_starred(view, me, message.id)?,
        reactions: reactions(view, message)?,
        receipts: receipts.iter().map(render_receipt).collect(),
        media: render_media(view, me, &message.content)?,
        poll: render_poll(view, message)?,
        location: render_location(&message.content),
        contacts: render_contacts(&message.content),
    })
}

fn reactions(view: &View<'_>, message: &Message) -> Result<Vec<types::Reaction>, Refusal> {
    let reactions = reaction::list(view, message.id)?.into_iter().map(|(by, reaction)| {
        Ok(types::Reaction { by: account::by_id(view, by)?.jid().to_string(), reaction })
    });
    reactions.collect()
}

fn render_receipt(it: &Receipt) -> types::Receipt {
    types::Receipt {
        to: it.account.jid().to_string(),
        status: status(it.status),
        delivered_at: it.delivered_at.map(|at| at.to_string()),
        read_at: it.read_at.map(|at| at.to_string()),
        played_at: it.played_at.map(|at| at.to_string()),
    }
}

fn render_media(view: &View<'_>, me: AccountId, content: &Content) -> Result<Option<types::Media>, Refusal> {
    let Some(id) = content.media_id() else { return Ok(None) };
    let media = media::get(view, me, id)?;
    let available = media.file.is_some() && !media.is_expired(view.now);
    Ok(Some(types::Media {
        id: media.id,
        mime_type: media.mime_type,
        file_length: media.file_length,
        filename: media.filename,
        available,
    }))
}

fn render_poll(view: &View<'_>, message: &Message) -> Result<Option<types::Poll>, Refusal> {
    let Content::Poll { question, multiple_answers, .. } = &message.content else { return Ok(None) };
    let options = poll::tally(view, message)?.into_iter().map(|tally| {
        let voters = tally.voters.into_iter().map(|id| Ok(account::by_id(view, id)?.jid().to_string()));
        Ok(types::PollOption { option: tally.option, voters: voters.collect::<Result<_, Refusal>>()? })
    });
    Ok(Some(types::Poll {
        question: question.clone(),
        multiple_answers: *multiple_answers,
        options: options.collect::<Result<_, Refusal>>()?,
    }))
}

fn render_location(content: &Content) -> Option<types::Location> {
    let Content::Location { latitude, longitude, name, address } = content else { return None };
    let (name, address) = (name.clone(), address.clone());
    Some(types::Location { latitude: *latitude, longitude: *longitude, name, address })
}

fn render_contacts(content: &Content) -> Vec<types::ContactCard> {
    let Content::Contacts { cards } = content else { return Vec::new() };
    let card = |card: &crate::network::content::Card| types::ContactCard {
        name: card.name.clone(),
        phone_number: types::PhoneNumber(super::account::e164(&card.phone)),
    };
    cards.iter().map(card).collect()
}

pub(super) fn message_type(content: &Content) -> types::MessageType {
    match content {
        Content::Text { .. } => types::MessageType::Text,
        Content::Media { kind: MediaKind::Image, .. } => types::MessageType::Image,
        Content::Media { kind: MediaKind::Video, .. } => types::MessageType::Video,
        Content::Media { kind: MediaKind::Voice, .. } => types::MessageType::Voice,
        Content::Media { kind: MediaKind::File, .. } => types::MessageType::File,
        Content::Poll { .. } => types::MessageType::Poll,
        Content::Location { .. } => types::MessageType::Location,
        Content::Contacts { .. } => types::MessageType::Contact,
        Content::Revoked => types::MessageType::Revoked,
    }
}

pub(super) fn status(it: Status) -> types::Status {
    match it {
        Status::Pending => types::Status::Pending,
        Status::Sent => types::Status::Sent,
        Status::Delivered => types::Status::Delivered,
        Status::Read => types::Status::Read,
        Status::Played => types::Status::Played,
    }
}
