//! What one does with messages.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use http::HeaderMap;
use serde_json::{Value, json};
use titan_api_client::types;

use super::answer::{Answer, Problem, data, success};
use super::gate::Caller;
use super::routes::Route;
use super::{Titan, e164, send};
use crate::access::idempotency::{self, Repeatable};
use crate::contract::Payload;
use crate::jid::Jid;
use crate::media::Stored;
use crate::network::conversation::{self, Peer};
use crate::network::presence::{self, Doing};
use crate::network::{Change, Refusal, reaction, receipt, sending, session};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("messages_send", |method| on(method, send_message)),
    ("messages_seen", |method| on(method, seen)),
    ("messages_typing", |method| on(method, typing)),
    ("messages_react", |method| on(method, react)),
    ("messages_star", |method| on(method, star)),
];

const IDEMPOTENCY_KEY: &str = "idempotency-key";

async fn send_message(
    State(titan): State<Titan>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Payload { value: body, .. }: Payload,
) -> Answer {
    let repeatable = match headers.get(IDEMPOTENCY_KEY) {
        Some(value) => {
            let key = value.to_str().unwrap_or_default();
            Some(Repeatable::new(&caller.name(), key, idempotency::canonical(&body).as_bytes())?)
        }
        None => None,
    };
    let order = send::Order::read(body)?;
    if let Some(repeatable) = repeatable.clone()
        && let Some(answer) = titan.network.read(move |view| repeatable.earlier_answer(view)).await?
    {
        return Ok(data(answer));
    }
    if order.has_file() {
        // What would be refused anyway need not fetch a file first.
        let chat = order.chat.clone();
        titan.read_as(order.session.clone(), move |view, me| conversation::resolve(view, me, &chat)).await?;
    }
    let order = order.collect(&titan.outside.intake).await?;
    let sent = titan
        .network
        .change(move |change| idempotency::once(change, repeatable.as_ref(), || send_once(change, &order)))
        .await?;
    Ok(data(sent))
}

fn send_once(change: &Change<'_>, order: &send::Order<Stored>) -> Result<Value, Refusal> {
    let me = session::acting(change, &order.session)?;
    let peer = conversation::resolve(change, me, &order.chat)?;
    let message = sending::send(change, me, &peer, &order.draft(change)?)?;
    // The document names the target so, whoever sends.
    let target = match &peer {
        Peer::Account(account) => Some(account),
        Peer::Group(_) | Peer::Channel(_) | Peer::Status => None,
    };
    Ok(json!({
        "id": message.wire_id,
        "status": receipt::status(change, message.id)?.name(),
        "timestamp": message.sent_at.to_string(),
        "fromPhoneNumber": target.map(|account| e164(&account.phone)),
        "fromLid": target.map(|account| account.lid_jid().to_string()),
        "mediaId": message.content.media_id(),
    }))
}

async fn seen(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::MarkSeen>,
) -> Answer {
    let chat = chat(&body.chat_id)?;
    let ids: Vec<String> = body.message_ids.iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Err(Problem::invalid("`messageIds` must name at least one message"));
    }
    titan
        .change_as(session, move |change, me| {
            let conversation = conversation::existing(change, me, &chat)?;
            receipt::see(change, me, conversation, &ids)
        })
        .await?;
    Ok(success())
}

async fn typing(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::SetTyping>,
) -> Answer {
    let chat = chat(&body.chat_id)?;
    let doing = match body.state {
        None | Some(types::SetTypingState::Composing) => Some(Doing::Composing),
        Some(types::SetTypingState::Recording) => Some(Doing::Recording),
        Some(types::SetTypingState::Paused) => None,
    };
    titan
        .change_as(session, move |change, me| {
            let peer = conversation::resolve(change, me, &chat)?;
            let conversation = conversation::open(change, me, &peer)?;
            presence::act(change, me, conversation, doing)
        })
        .await?;
    Ok(success())
}

async fn react(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::React>,
) -> Answer {
    let chat = chat(&body.chat_id)?;
    titan
        .change_as(session, move |change, me| {
            let conversation = conversation::existing(change, me, &chat)?;
            reaction::react(change, me, conversation, &body.message_id, &body.reaction)
        })
        .await?;
    Ok(success())
}

async fn star(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::StarMessage>,
) -> Answer {
    let chat = chat(&body.chat_id)?;
    titan
        .change_as(session, move |change, me| {
            let conversation = conversation::existing(change, me, &chat)?;
            reaction::star(change, me, conversation, &body.message_id, body.star)
        })
        .await?;
    Ok(success())
}

fn chat(text: &str) -> Result<Jid, Refusal> {
    Ok(Jid::parse(text)?)
}
