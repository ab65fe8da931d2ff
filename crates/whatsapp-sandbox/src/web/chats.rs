//! The chats of the account.

use std::cmp::Reverse;

use axum::extract::{RawQuery, State};
use whatsapp_web_client::types::ChatList;

use super::answer::{Answer, ok};
use super::{SESSION, Web, render, rules};
use crate::network::conversation::{self, Peer};
use crate::network::{Refusal, chat, session};

/// How many chats are listed where nothing else is said.
const DEFAULT_LIMIT: u32 = 20;

pub(super) async fn list(State(web): State<Web>, query: RawQuery) -> Answer {
    let limit = rules::limit_of_query(rules::parameter(&query, "limit").as_deref(), DEFAULT_LIMIT)?;
    web.until_ready().await?;
    let list = web
        .network
        .read(move |view| {
            let me = session::acting(view, SESSION)?;
            let mut chats = Vec::new();
            for chat in chat::list(view, me)? {
                let jid = conversation::jid(view, me, chat.conversation)?;
                let peer = conversation::resolve(view, me, &jid)?;
                // Channels and status posts are no chats here.
                if matches!(peer, Peer::Account(_) | Peer::Group(_)) {
                    chats.push(render::chat(view, me, &peer)?);
                }
            }
            chats.sort_by_key(|it| Reverse(it.timestamp));
            chats.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            let count = i64::try_from(chats.len()).unwrap_or(i64::MAX);
            Ok::<_, Refusal>(ChatList { ok: true, count, chats })
        })
        .await?;
    Ok(ok(&list))
}
