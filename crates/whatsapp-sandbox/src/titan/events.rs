//! What happens on the network, in the words of Titan's webhooks.
//!
//! Titan documents 24 names of events for them and says that there are 30, and documents few payloads. The names
//! `newsletter.update`, `blocklist.update`, `label.update`, `label.chat` and `history.sync` are inferred from its list
//! of topics, and payloads that it does not show follow those that it does.

use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::access::webhook::Owner;
use crate::delivery::Notice;
use crate::network::call::Phase;
use crate::network::event::{
    ChannelChange, ContactChange, Event, GroupChange, LabelChange, Person, Recorded,
};
use crate::network::group::member::Action;
use crate::network::id::AccountId;
use crate::network::presence::Doing;
use crate::network::session::{self, State};
use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

use super::sessions::status_words;

mod dialect;
mod message;
mod missed;
mod reference;

pub(crate) use dialect::DIALECT;

use reference::{chat, person};

/// The name of an event and its payload.
type Told = (&'static str, Value);

/// One notice for each session that hears of the event, or several where Titan has several names for it.
fn tell(change: &Change<'_>, recorded: &Recorded) -> Result<Vec<Notice>, Refusal> {
    let mut notices = Vec::new();
    for listener in audience(change, recorded)? {
        if listener.is_there {
            notices.extend(notices_for(change, recorded, &listener.session, listener.account)?);
        } else if !matches!(recorded.event, Event::Presence { .. }) {
            missed::add(change, &listener.session, recorded.id)?;
        }
    }
    if let Event::SessionStatus { session, state: State::Connected, account: Some(account), .. } =
        &recorded.event
    {
        let me = account.account;
        for missed in missed::take(change, session)?.iter().filter(|it| it.observers.contains(&me)) {
            notices.extend(notices_for(change, missed, session, Some(me))?);
        }
    }
    Ok(notices)
}

fn notices_for(
    view: &View<'_>,
    recorded: &Recorded,
    session: &str,
    observer: Option<AccountId>,
) -> Result<Vec<Notice>, Refusal> {
    let notice = |(name, payload): Told| Notice {
        audience: Owner::titan(),
        name,
        session: session.to_owned(),
        lane: Some(lane(recorded)),
        at: recorded.at,
        body: Map::from_iter([("payload".to_owned(), payload)]),
    };
    Ok(told(view, recorded, session, observer)?.into_iter().map(notice).collect())
}

/// What must arrive in order: all of one chat.
fn lane(recorded: &Recorded) -> String {
    recorded.conversation.map(|id| json!(id).to_string()).unwrap_or_default()
}

/// A session that hears of an event.
struct Listener {
    session: String,
    account: Option<AccountId>,
    /// It is on the network; otherwise it hears of it when it is back.
    is_there: bool,
}

/// The sessions that hear of it. What concerns one session is told to that one alone, wherever it is.
fn audience(view: &Connection, recorded: &Recorded) -> Result<Vec<Listener>, Refusal> {
    let mut audience = Vec::new();
    if let Some(session) = &recorded.session {
        audience.push(Listener { session: session.clone(), account: recorded.account, is_there: true });
    } else {
        for observer in &recorded.observers {
            let sql = "SELECT name, state = ?2 FROM session WHERE account_id = ?1 ORDER BY name";
            audience.extend(view.all(sql, (observer, State::Connected), |row| {
                Ok(Listener { session: row.get(0)?, account: Some(*observer), is_there: row.get(1)? })
            })?);
        }
    }
    audience.retain(|it| !session::is_reserved(&it.session));
    Ok(audience)
}

fn told(
    view: &View<'_>,
    recorded: &Recorded,
    session: &str,
    observer: Option<AccountId>,
) -> Result<Vec<Told>, Refusal> {
    match (&recorded.event, observer) {
        (Event::SessionStatus { state, account, synced, .. }, _) => {
            session_status(view, recorded.id, session, *state, account.as_ref(), *synced)
        }
        (Event::SessionQr { qr, .. }, _) => Ok(vec![("session.qr", json!({ "qr": qr }))]),
        (Event::Message { place, message } | Event::MessageArrived { place, message }, Some(me)) => {
            let name = if message.sender.account == me { "message.sent" } else { "message.received" };
            Ok(vec![(name, message::payload(view, place, message, me)?)])
        }
        (Event::MessageEdited { place, message }, Some(me)) => {
            Ok(vec![("message.edited", message::payload(view, place, message, me)?)])
        }
        (event, Some(me)) => Ok(about_messages(event, me)
            .or_else(|| about_places(event, me))
            .or_else(|| about_people(event, me))
            .into_iter()
            .collect()),
        (_, None) => Ok(Vec::new()),
    }
}

/// A session's state; whether it has just come, gone, or got more of its history, too.
fn session_status(
    view: &View<'_>,
    id: i64,
    session: &str,
    state: State,
    account: Option<&Person>,
    synced: u8,
) -> Result<Vec<Told>, Refusal> {
    let sync = ("history.sync", json!({ "progress": synced }));
    let sql = "SELECT body ->> 'state' FROM event WHERE session = ?1 AND id < ?2 AND kind = 'session_status'
                ORDER BY id DESC LIMIT 1";
    let before: Option<String> = view.first(sql, (session, id), |row| row.get(0))?;
    if state == State::Connected && before.as_deref() == Some("connected") {
        return Ok(vec![sync]);
    }
    let (status, reason) = status_words(state);
    let mut told = vec![("session.status", json!({ "status": status, "statusReason": reason }))];
    match (state, account) {
        (State::Connected, Some(account)) => {
            told.push(("session.connected", reference::account(account)));
            if synced < 100 {
                told.push(sync);
            }
        }
        (State::LoggedOut, _) => told.push(("session.logged_out", json!({}))),
        _ => {}
    }
    Ok(told)
}

fn about_messages(event: &Event, me: AccountId) -> Option<Told> {
    Some(match event {
        Event::MessageRevoked { place, message, by } => (
            "message.revoked",
            json!({
                "id": message.id, "chat": chat(place, me), "by": person(by), "fromMe": by.account == me,
                "isGroup": place.is_group(),
            }),
        ),
        Event::Reaction { place, message_id, author, by, emoji } => (
            "message.reaction",
            json!({
                "id": message_id, "chat": chat(place, me), "author": person(author), "by": person(by),
                "fromMe": by.account == me, "reaction": emoji.as_deref().unwrap_or_default(),
            }),
        ),
        Event::Receipt { place, message_id, status, overall, by } => (
            "message.ack",
            json!({
                "id": message_id, "chat": chat(place, me), "status": overall.name(), "receipt": status.name(),
                "by": by.iter().map(person).collect::<Vec<_>>(), "fromMe": true,
            }),
        ),
        Event::PollVote { place, message_id, author, by, options } => (
            "message.vote",
            json!({
                "id": message_id, "chat": chat(place, me), "author": person(author), "by": person(by),
                "fromMe": by.account == me, "options": options,
            }),
        ),
        Event::MessageRemoved { place, message_id, .. } => {
            ("message.delete", json!({ "id": message_id, "chat": chat(place, me) }))
        }
        Event::Star { place, message_id, starred, .. } => {
            ("message.update", json!({ "id": message_id, "chat": chat(place, me), "starred": starred }))
        }
        Event::ChatRead { place, message_ids, .. } => {
            ("chat.read", json!({ "chat": chat(place, me), "messageIds": message_ids }))
        }
        Event::ChatArchived { place, archived, .. } => {
            ("chat.archive", json!({ "chat": chat(place, me), "archived": archived }))
        }
        Event::ChatMuted { place, muted, .. } => {
            ("chat.mute", json!({ "chat": chat(place, me), "muted": muted }))
        }
        _ => return None,
    })
}

fn about_places(event: &Event, me: AccountId) -> Option<Told> {
    Some(match event {
        Event::GroupChanged { place, by, change } => {
            ("group.update", with(group_change(change), &chat(place, me), Some(by)))
        }
        Event::ParticipantsChanged { place, by, action, people } => {
            let action = match action {
                Action::Add => "add",
                Action::Remove => "remove",
                Action::Promote => "promote",
                Action::Demote => "demote",
            };
            let people: Vec<Value> = people.iter().map(person).collect();
            let payload = json!({ "action": action, "participants": people });
            ("group.participant", with(payload, &chat(place, me), Some(by)))
        }
        Event::ChannelChanged { place, change, .. } => {
            ("newsletter.update", with(channel_change(change), &chat(place, me), None))
        }
        Event::LabelChat { place, id, name, assigned, .. } => {
            let payload = json!({ "labelId": id.to_string(), "name": name, "assigned": assigned });
            ("label.chat", with(payload, &chat(place, me), None))
        }
        Event::Presence { place, by, available, last_seen, doing } => {
            let state = match doing {
                Some(Doing::Composing) => "composing",
                Some(Doing::Recording) => "recording",
                None if place.is_group() => "paused",
                None if *available => "available",
                None => "unavailable",
            };
            let last_seen = last_seen.filter(|_| !place.is_group()).map(|it| it.to_string());
            let payload = json!({
                "chat": chat(place, me), "sender": person(by), "state": state, "lastSeen": last_seen,
            });
            ("presence.update", payload)
        }
        _ => return None,
    })
}

fn about_people(event: &Event, me: AccountId) -> Option<Told> {
    Some(match event {
        Event::Contact { person: who, change } => {
            let changed = match change {
                ContactChange::PushName => "pushName",
                ContactChange::About => "status",
                ContactChange::Picture => "picture",
                ContactChange::Name => "name",
            };
            let contact = reference::contact(who);
            ("contact.update", json!({ "contact": contact, "changed": changed }))
        }
        Event::Blocked { person: who, blocked, .. } => {
            ("blocklist.update", json!({ "contact": person(who), "blocked": blocked }))
        }
        Event::Label { id, name, color, change, .. } => {
            let change = match change {
                LabelChange::Created => "created",
                LabelChange::Updated => "updated",
                LabelChange::Deleted => "deleted",
            };
            let payload = json!({ "id": id.to_string(), "name": name, "color": color, "change": change });
            ("label.update", payload)
        }
        Event::Call { id, caller, callee, video, phase } => {
            let name = match phase {
                Phase::Ringing if callee.account == me => "call.received",
                Phase::Accepted => "call.accepted",
                Phase::Rejected => "call.rejected",
                Phase::Missed => "call.missed",
                // Titan has no name for a call that one makes oneself, nor for the end of one.
                Phase::Ringing | Phase::Ended => return None,
            };
            let payload = json!({
                "id": id, "from": person(caller), "to": person(callee), "isVideo": video,
                "fromMe": caller.account == me,
            });
            (name, payload)
        }
        _ => return None,
    })
}

fn group_change(change: &GroupChange) -> Value {
    match change {
        GroupChange::Created { name } => json!({ "change": "created", "name": name }),
        GroupChange::Name(name) => json!({ "change": "subject", "name": name }),
        GroupChange::Description(text) => json!({ "change": "description", "description": text }),
        GroupChange::Picture => json!({ "change": "picture" }),
        GroupChange::Announce(on) => json!({ "change": "announce", "announce": on }),
        GroupChange::Locked(on) => json!({ "change": "locked", "locked": on }),
        GroupChange::InviteCode(code) => json!({ "change": "inviteCode", "inviteCode": code }),
        GroupChange::Deleted => json!({ "change": "deleted" }),
    }
}

fn channel_change(change: &ChannelChange) -> Value {
    match change {
        ChannelChange::Created { name } => json!({ "change": "created", "name": name }),
        ChannelChange::Followed => json!({ "change": "followed" }),
        ChannelChange::Unfollowed => json!({ "change": "unfollowed" }),
        ChannelChange::Muted(muted) => json!({ "change": "muted", "muted": muted }),
        ChannelChange::Deleted => json!({ "change": "deleted" }),
    }
}

/// A payload with where it happened, and whose doing it was.
fn with(mut payload: Value, chat: &Value, by: Option<&Person>) -> Value {
    payload["chat"] = chat.clone();
    if let Some(by) = by {
        payload["by"] = person(by);
    }
    payload
}
