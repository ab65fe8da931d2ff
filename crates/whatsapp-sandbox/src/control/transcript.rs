//! A chat as one account sees it: its messages and how far each has come.

use serde_json::{Value, json};

use super::{Answer, At, Shared, data};
use crate::jid::Jid;
use crate::network::id::AccountId;
use crate::network::message::{self, Message};
use crate::network::receipt;
use crate::network::{Refusal, View, account, conversation, reaction, session};

/// The most messages that one answer holds.
const LIMIT: u32 = 100;

/// The latest messages of a chat, oldest first.
pub(super) async fn show(network: Shared, At((session, chat)): At<(String, String)>) -> Answer {
    let chat = Jid::parse(&chat).map_err(Refusal::from)?;
    let messages = network
        .read(move |view| {
            let me = session::get(view, &session)?.account.ok_or(Refusal::NotPaired(session))?;
            let conversation = conversation::existing(view, me, &chat)?;
            let messages = message::latest(view, me, conversation, LIMIT)?;
            messages.iter().map(|message| render(view, me, message)).collect::<Result<Vec<Value>, Refusal>>()
        })
        .await?;
    Ok(data(&Value::Array(messages)))
}

fn render(view: &View<'_>, me: AccountId, message: &Message) -> Result<Value, Refusal> {
    let sender = account::by_id(view, message.sender)?;
    let quoted = message.quoted.map(|id| message::by_id(view, id)).transpose()?;
    let reactions: Vec<Value> = reaction::list(view, message.id)?
        .into_iter()
        .map(|(account, emoji)| {
            let by = account::by_id(view, account)?.jid().to_string();
            Ok(json!({ "by": by, "reaction": emoji }))
        })
        .collect::<Result<_, Refusal>>()?;
    Ok(json!({
        "id": message.wire_id,
        "from": sender.jid().to_string(),
        "fromMe": message.sender == me,
        "type": message.content.kind(),
        "text": message.content.summary(),
        "timestamp": message.sent_at.to_string(),
        "status": receipt::status(view, message.id)?.name(),
        "quotedMessageId": quoted.map(|it| it.wire_id),
        "mentions": message.mentions,
        "isForwarded": message.forwarded,
        "editedAt": message.edited_at.map(|it| it.to_string()),
        "starred": reaction::is_starred(view, me, message.id)?,
        "reactions": reactions,
    }))
}
