//! Chats as one account sees them.

use axum::extract::State;
use axum::routing::on;
use whatsapp_sandbox_client::types;

use super::Control;
use super::accounts::Page;
use super::answer::{Answer, changed, data, success};
use super::messages::{message_type, status};
use super::routes::Route;
use crate::jid::Jid;
use crate::network::account;
use crate::network::chat::{self, Chat};
use crate::network::conversation::{self, Peer};
use crate::network::id::AccountId;
use crate::network::presence::{self, Doing, Presence};
use crate::network::{Refusal, View, contact, message, receipt};
use crate::rest::{Ask, At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("chats_list", |method| on(method, list)),
    ("chats_seen", |method| on(method, seen)),
    ("chats_mute", |method| on(method, mute)),
    ("chats_set_activity", |method| on(method, set_activity)),
];

/// A chat as it is shown, but for the address of its picture.
struct Shown {
    chat: types::Chat,
    picture_id: Option<String>,
}

async fn list(State(control): State<Control>, At(account): At<String>, Ask(page): Ask<Page>) -> Answer {
    let (limit, offset) = page.bounds();
    let shown = control
        .read_as(account, move |view, me| {
            let chats = chat::list(view, me)?.into_iter().skip(offset as usize).take(limit as usize);
            chats.map(|chat| show(view, me, &chat)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    let chats = shown.into_iter().map(|Shown { chat, picture_id }| types::Chat {
        picture_url: control.picture_url(picture_id.as_deref()),
        ..chat
    });
    Ok(data(chats.collect::<Vec<_>>()))
}

async fn seen(
    State(control): State<Control>,
    At((account, chat)): At<(String, String)>,
    Body(body): Body<types::Seen>,
) -> Answer {
    let jid = Jid::parse(&chat).map_err(Refusal::from)?;
    let count = control
        .change_as(account, move |change, me| {
            let conversation = conversation::existing(change, me, &jid)?;
            let named = body.message_ids.unwrap_or_default();
            let mut count = receipt::see(change, me, conversation, &named)?;
            if body.played == Some(true) {
                for id in &named {
                    receipt::play(change, me, conversation, id)?;
                }
                count = count.max(named.len());
            }
            Ok(count)
        })
        .await?;
    Ok(changed(count))
}

async fn mute(
    State(control): State<Control>,
    At((account, chat)): At<(String, String)>,
    Body(body): Body<types::MuteChat>,
) -> Answer {
    let jid = Jid::parse(&chat).map_err(Refusal::from)?;
    control
        .change_as(account, move |change, me| {
            let conversation = conversation::existing(change, me, &jid)?;
            chat::mute(change, me, conversation, body.muted)
        })
        .await?;
    Ok(success())
}

async fn set_activity(
    State(control): State<Control>,
    At((account, chat)): At<(String, String)>,
    Body(body): Body<types::SetActivity>,
) -> Answer {
    let jid = Jid::parse(&chat).map_err(Refusal::from)?;
    let doing = match body.doing {
        types::SetActivityDoing::Composing => Some(Doing::Composing),
        types::SetActivityDoing::Recording => Some(Doing::Recording),
        types::SetActivityDoing::Nothing => None,
    };
    control
        .change_as(account, move |change, me| {
            let peer = conversation::resolve(change, me, &jid)?;
            let conversation = conversation::open(change, me, &peer)?;
            presence::act(change, me, conversation, doing)
        })
        .await?;
    Ok(success())
}

fn show(view: &View<'_>, me: AccountId, chat: &Chat) -> Result<Shown, Refusal> {
    let jid = conversation::jid(view, me, chat.conversation)?;
    let (kind, name, picture_id) = match conversation::resolve(view, me, &jid)? {
        Peer::Account(person) => {
            let contact = contact::of(view, me, person)?;
            let picture = contact.account.picture_id.filter(|_| !contact.hidden);
            (types::ChatKind::Direct, contact.name.unwrap_or(contact.account.push_name), picture)
        }
        Peer::Group(group) => {
            let picture = crate::network::group::picture_id(view, group.id)?;
            (types::ChatKind::Group, group.name, picture)
        }
        Peer::Channel(channel) => (types::ChatKind::Channel, channel.name, channel.picture_id),
        Peer::Status => (types::ChatKind::Status, "Status".to_owned(), None),
    };
    let last = message::latest(view, me, chat.conversation, 1)?.pop();
    let chat = types::Chat {
        chat_id: jid.to_string(),
        kind,
        name,
        picture_url: None,
        unread: chat.unread,
        archived: chat.archived,
        muted: chat.muted,
        presence: render_presence(&presence::observe(view, me, chat.conversation)?),
        last_message: last.map(|it| brief(view, me, &it)).transpose()?,
    };
    Ok(Shown { chat, picture_id })
}

fn render_presence(it: &Presence) -> types::Presence {
    types::Presence {
        available: it.available,
        last_seen: it.last_seen.map(|at| at.to_string()),
        doing: it.doing.map(|doing| doing.name().to_owned()),
    }
}

fn brief(view: &View<'_>, me: AccountId, message: &message::Message) -> Result<types::LastMessage, Refusal> {
    Ok(types::LastMessage {
        id: message.wire_id.clone(),
        from: account::by_id(view, message.sender)?.jid().to_string(),
        from_me: message.sender == me,
        type_: message_type(&message.content),
        text: message.content.summary(),
        timestamp: message.sent_at.to_string(),
        status: status(receipt::status(view, message.id)?),
    })
}
