//! Sending and reading messages of people.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use serde_json::Value;
use whatsapp_web_client::types::{MessageList, SentMessage};

use super::answer::{Answer, ok};
use super::{SESSION, Web, render, rules};
use crate::network::conversation::{self, Peer};
use crate::network::sending::{self, Draft};
use crate::network::{account, message, session};

/// How many messages are read where nothing else is said.
const DEFAULT_LIMIT: u32 = 10;

pub(super) async fn send(State(web): State<Web>, body: Body) -> Answer {
    let body = rules::body(body).await?;
    let to = rules::phone(body.get("phone_number"))?;
    let text = rules::message(body.get("message"))?;
    web.until_ready().await?;
    let person = rules::person(&to);
    let sent = web
        .network
        .change(move |change| {
            let me = session::acting(change, SESSION)?;
            let peer = conversation::resolve(change, me, &person)?;
            let message = sending::send(change, me, &peer, &Draft::text(text))?;
            let (chat_id, id) = (render::chat_id(&person), render::message_id(change, me, &message)?);
            Ok(SentMessage {
                ok: true,
                to,
                chat_id,
                message_id: Some(id),
                timestamp: message.sent_at.to_string(),
            })
        })
        .await?;
    Ok(ok(&sent))
}

pub(super) async fn read(State(web): State<Web>, query: RawQuery) -> Answer {
    let phone = rules::parameter(&query, "phone_number").map(Value::String);
    let limit = rules::limit_of_query(rules::parameter(&query, "limit").as_deref(), DEFAULT_LIMIT);
    latest(&web, rules::phone(phone.as_ref())?, limit?).await
}

pub(super) async fn read_by_body(State(web): State<Web>, body: Body) -> Answer {
    let body = rules::body(body).await?;
    let phone = rules::phone(body.get("phone_number"))?;
    latest(&web, phone, rules::limit(body.get("limit"), DEFAULT_LIMIT)?).await
}

/// The latest messages of the chat with a person. A person with whom nobody has written yet has an empty one.
async fn latest(web: &Web, phone: String, limit: u32) -> Answer {
    web.until_ready().await?;
    let list = web
        .network
        .read(move |view| {
            let me = session::acting(view, SESSION)?;
            let peer = Peer::Account(account::expect(view, &rules::person(&phone))?);
            let messages = match conversation::find(view, me, &peer)? {
                Some(conversation) => message::latest(view, me, conversation, limit)?,
                None => Vec::new(),
            };
            let messages = messages.iter().map(|it| render::message(view, me, it));
            let messages = messages.collect::<Result<Vec<_>, _>>()?;
            let count = i64::try_from(messages.len()).unwrap_or(i64::MAX);
            Ok(MessageList { ok: true, chat: render::chat(view, me, &peer)?, count, messages })
        })
        .await?;
    Ok(ok(&list))
}
