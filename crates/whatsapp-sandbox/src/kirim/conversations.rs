//! Conversations of a number.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use kirim_client::types;
use serde::Deserialize;

use super::answer::{Answer, data, list};
use super::api_key::Caller;
use super::page::Window;
use super::record::conversation::{self, Filter};
use super::routes::Route;
use super::{Kirim, labels};
use crate::clock::Timestamp;
use crate::network::Refusal;
use crate::rest::{Ask, At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("conversations_list", |method| on(method, all)),
    ("conversations_get", |method| on(method, get)),
    ("conversations_update", |method| on(method, update)),
    ("conversations_attach_label", |method| on(method, attach)),
    ("conversations_detach_label", |method| on(method, detach)),
];

#[derive(Debug, Deserialize)]
struct Part {
    status: Option<String>,
    contact_id: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn all(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Ask(part): Ask<Part>,
) -> Answer {
    let Part { status, contact_id, limit, cursor } = part;
    let scope = format!("conversations {id} {status:?} {contact_id:?}");
    let window = Window::open(limit, cursor.as_deref(), scope)?;
    let after = window.after.as_deref().and_then(|it| it.split_once(' '));
    let after = after.and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    let filter = Filter { status, contact: contact_id, after, limit: window.reach() };
    let page = kirim.read_of(caller, id, move |view, number| {
        let (page, next) = window.cut(conversation::list(view, number, &filter)?, |it| {
            let at = it.last_message_at.map_or(-1, Timestamp::unix_millis);
            format!("{at} {}", it.id)
        });
        let page = page.iter().map(|it| it.render(view, number)).collect::<Result<_, Refusal>>()?;
        Ok(list(page, next))
    });
    page.await
}

async fn get(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id)): At<(String, String)>,
) -> Answer {
    let found = kirim.read_of(caller, number, move |view, number| {
        conversation::get(view, number, &id)?.render(view, number)
    });
    Ok(data(found.await?))
}

async fn update(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id)): At<(String, String)>,
    Body(body): Body<types::UpdateConversation>,
) -> Answer {
    let changed = kirim.change_of(caller, number, move |change, number| {
        if let Some(to) = body.assigned_to {
            conversation::assign(change, number, &id, to.as_deref())?;
        }
        if let Some(status) = body.status {
            conversation::set_status(change, number, &id, &status.to_string())?;
        }
        conversation::get(change, number, &id)?.render(change, number)
    });
    Ok(data(changed.await?))
}

async fn attach(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id)): At<(String, String)>,
    Body(body): Body<types::AttachLabel>,
) -> Answer {
    labels::set(&kirim, caller, labels::Bearer::Conversation, [number, id, body.label_id.0], true).await
}

async fn detach(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id, label)): At<(String, String, String)>,
) -> Answer {
    labels::set(&kirim, caller, labels::Bearer::Conversation, [number, id, label], false).await
}
