//! What one does with messages.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use http::HeaderMap;
use serde_json::{Value, json};

use super::answer::{Answer, Problem, data, success};
use super::request::{At, Body, BodyAndBytes};
use super::routes::Route;
use super::wire::types;
use super::{Titan, e164, send};
use crate::access::idempotency::Repeatable;
use crate::access::key::ApiKey;
use crate::jid::Jid;
use crate::network::conversation::{self, Peer};
use crate::network::presence::{self, Doing};
use crate::network::{Refusal, reaction, receipt, sending, session};

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
    Extension(key): Extension<ApiKey>,
    headers: HeaderMap,
    BodyAndBytes(body, bytes): BodyAndBytes<Value>,
) -> Answer {
    let order = send::Order::read(body)?;
    let repeatable = match headers.get(IDEMPOTENCY_KEY) {
        Some(value) => Some(Repeatable::new(&key.id, value.to_str().unwrap_or_default(), &bytes)?),
        None => None,
    };
    let sent = titan
        .change(move |change| {
            let me = session::acting(change, &order.session)?;
            if let Some(repeatable) = &repeatable
                && let Some(answer) = repeatable.earlier_answer(change)?
            {
                return Ok(answer);
            }
            let peer = conversation::resolve(change, me, &order.chat)?;
            let draft = order.draft(change)?;
            let message = sending::send(change, me, &peer, &draft)?;
            let status = receipt::status(change, message.id)?;
            let target = match &peer {
                Peer::Account(account) => Some(account),
                Peer::Group(_) | Peer::Channel(_) | Peer::Status => None,
            };
            let answer = json!({
                "id": message.wire_id,
                "status": status.name(),
                "timestamp": message.sent_at.to_string(),
                "fromPhoneNumber": target.map(|account| e164(&account.phone)),
                "fromLid": target.map(|account| account.lid_jid().to_string()),
                "mediaId": message.content.media_id(),
            })
            .to_string();
            if let Some(repeatable) = &repeatable {
                repeatable.record(change, &answer)?;
            }
            Ok(answer)
        })
        .await?;
    Ok(data(serde_json::from_str::<Value>(&sent).unwrap_or_default()))
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
        types::SetTypingState::Composing => Some(Doing::Composing),
        types::SetTypingState::Recording => Some(Doing::Recording),
        types::SetTypingState::Paused => None,
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
