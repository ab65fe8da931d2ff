//! The account's list of chats, and what can be changed in them.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types;

use super::Titan;
use super::answer::{Answer, success};
use super::partial::Part;
use super::routes::Route;
use crate::jid::Jid;
use crate::network::conversation::{self, Peer};
use crate::network::id::AccountId;
use crate::network::{Refusal, View, chat, contact, revision};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("chats_list", |method| on(method, list)),
    ("chats_edit_message", |method| on(method, edit_message)),
    ("chats_delete_message", |method| on(method, delete_message)),
    ("chats_archive", |method| on(method, archive)),
    ("chats_unarchive", |method| on(method, unarchive)),
];

async fn list(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    let name = session.clone();
    let chats = titan
        .read_as(session, move |view, me| {
            let chats = chat::list(view, me)?.into_iter();
            let chats = chats.map(|chat| render(view, me, &chat)).collect::<Result<Vec<Value>, Refusal>>()?;
            Part::of(view, &name, chats)
        })
        .await?;
    Ok(chats.answer())
}

async fn edit_message(
    State(titan): State<Titan>,
    At((session, chat, message)): At<(String, String, String)>,
    Body(body): Body<types::EditMessage>,
) -> Answer {
    let chat = Jid::parse(&chat).map_err(Refusal::from)?;
    titan
        .change_as(session, move |change, me| {
            let conversation = conversation::existing(change, me, &chat)?;
            revision::edit(change, me, conversation, &message, &body.text)
        })
        .await?;
    Ok(success())
}

async fn delete_message(
    State(titan): State<Titan>,
    At((session, chat, message)): At<(String, String, String)>,
) -> Answer {
    let chat = Jid::parse(&chat).map_err(Refusal::from)?;
    titan
        .change_as(session, move |change, me| {
            let conversation = conversation::existing(change, me, &chat)?;
            revision::delete(change, me, conversation, &message)
        })
        .await?;
    Ok(success())
}

async fn archive(titan: State<Titan>, At((session, chat)): At<(String, String)>) -> Answer {
    move_chat(&titan, session, &chat, true).await
}

async fn unarchive(titan: State<Titan>, At((session, chat)): At<(String, String)>) -> Answer {
    move_chat(&titan, session, &chat, false).await
}

async fn move_chat(titan: &Titan, session: String, chat: &str, archived: bool) -> Answer {
    let chat = Jid::parse(chat).map_err(Refusal::from)?;
    titan
        .change_as(session, move |change, me| {
            let conversation = conversation::existing(change, me, &chat)?;
            chat::archive(change, me, conversation, archived)
        })
        .await?;
    Ok(success())
}

fn render(view: &View<'_>, me: AccountId, chat: &chat::Chat) -> Result<Value, Refusal> {
    let jid = conversation::jid(view, me, chat.conversation)?;
    let name = match conversation::resolve(view, me, &jid)? {
        Peer::Account(account) => {
            let contact = contact::of(view, me, account)?;
            Some(contact.name.unwrap_or(contact.account.push_name))
        }
        Peer::Group(group) => Some(group.name),
        Peer::Channel(channel) => Some(channel.name),
        Peer::Status => None,
    };
    Ok(json!({ "id": jid.to_string(), "name": name, "archived": chat.archived, "unreadCount": chat.unread }))
}
