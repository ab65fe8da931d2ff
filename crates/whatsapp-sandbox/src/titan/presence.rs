//! Presence.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types;

use super::Titan;
use super::answer::{Answer, data, success};
use super::routes::Route;
use crate::jid::Jid;
use crate::network::Refusal;
use crate::network::presence::{self, Presence};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("presence_set", |method| on(method, set)),
    ("presence_get_all", |method| on(method, get_all)),
    ("presence_get_chat", |method| on(method, get_chat)),
    ("presence_subscribe", |method| on(method, subscribe)),
];

async fn set(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::SetPresence>,
) -> Answer {
    let available = match body.presence {
        types::SetPresencePresence::Available => true,
        types::SetPresencePresence::Unavailable => false,
    };
    titan.change_as(session, move |change, me| presence::set(change, me, available)).await?;
    Ok(success())
}

async fn get_all(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    let all = titan.read_as(session, presence::all).await?;
    Ok(data(all.iter().map(render).collect::<Vec<_>>()))
}

async fn get_chat(State(titan): State<Titan>, At((session, chat)): At<(String, String)>) -> Answer {
    let chat = Jid::parse(&chat).map_err(Refusal::from)?;
    let presence = titan.read_as(session, move |view, me| presence::of_chat(view, me, &chat)).await?;
    Ok(data(render(&presence)))
}

async fn subscribe(State(titan): State<Titan>, At((session, chat)): At<(String, String)>) -> Answer {
    let chat = Jid::parse(&chat).map_err(Refusal::from)?;
    titan.change_as(session, move |change, me| presence::subscribe(change, me, &chat)).await?;
    Ok(success())
}

fn render(presence: &Presence) -> Value {
    let state = match (presence.doing, presence.available) {
        (Some(doing), _) => doing.name(),
        (None, true) => "available",
        (None, false) => "unavailable",
    };
    // Whoever is here now was not last seen at another time.
    let last_seen = presence.last_seen.filter(|_| state == "unavailable").map(|at| at.to_string());
    json!({ "chatId": presence.chat.to_string(), "presence": state, "lastSeen": last_seen })
}
