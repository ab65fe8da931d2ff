//! Messages of a number: listing them, sending one, and marking one as read.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Problem, data, list};
use super::api_key::Caller;
use super::page::Window;
use super::record::message::{self, Direction, Filter};
use super::routes::Route;
use super::send::{self, Order};
use super::{Kirim, number};
use crate::clock::Timestamp;
use crate::contract::Payload;
use crate::network::presence::Doing;
use crate::network::{Refusal, message as wire, presence, receipt};
use crate::rest::{Ask, At};

pub(super) const ROUTES: &[Route] = &[
    ("messages_list", |method| on(method, all)),
    ("messages_send", |method| on(method, post)),
    ("messages_get", |method| on(method, get)),
];

#[derive(Debug, Deserialize)]
struct Part {
    conversation_id: Option<String>,
    direction: Option<String>,
    status: Option<String>,
    created_after: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn all(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Ask(part): Ask<Part>,
) -> Answer {
    let Part { conversation_id, direction, status, created_after, limit, cursor } = part;
    let scope = format!("messages {id} {conversation_id:?} {direction:?} {status:?} {created_after:?}");
    let window = Window::open(limit, cursor.as_deref(), scope)?;
    let filter = Filter {
        conversation: conversation_id,
        direction,
        status,
        created_after: created_after.as_deref().map(|it| instant("created_after", it)).transpose()?,
        after: window.after.as_deref().and_then(|it| it.parse().ok()),
        limit: window.reach(),
    };
    let base = kirim.url.clone();
    let page = kirim.read_of(caller, id, move |view, number| {
        let (page, next) = window.cut(message::list(view, number, &filter)?, |it| it.number.to_string());
        let page = page.iter().map(|it| it.render(view, number, Some(&base)));
        Ok(list(page.collect::<Result<_, Refusal>>()?, next))
    });
    page.await
}

async fn get(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id)): At<(String, String)>,
) -> Answer {
    let base = kirim.url.clone();
    let found = kirim.read_of(caller, number, move |view, number| {
        message::get(view, number, &id)?.render(view, number, Some(&base))
    });
    Ok(data(found.await?))
}

/// Sends a message, or marks one as read: the latter has a `status`.
async fn post(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(number): At<String>,
    Payload { value: body, .. }: Payload,
) -> Answer {
    if body.get("status").is_some() {
        return mark_read(&kirim, &caller, number, &body).await;
    }
    let order = Order::read(body)?;
    let organization = caller.organization.id;
    let (owner, id) = (organization.clone(), number.clone());
    // What would be refused anyway need not fetch a file first.
    kirim.network.read(move |view| number::connected(view, &owner, &id)).await?;
    let order = order.collect(&kirim.outside.intake).await?;
    let sent = kirim.network.change(move |change| {
        let number = number::connected(change, &organization, &number)?;
        let id = send::accept(change, &number, &order)?;
        Ok(json!({ "id": id, "object": "message", "status": "pending" }))
    });
    Ok(data(sent.await?))
}

async fn mark_read(kirim: &Kirim, caller: &Caller, number: String, body: &Value) -> Answer {
    let meta_id = body["message_id"].as_str().unwrap_or_default().to_owned();
    let types = body.get("typing_indicator").is_some();
    let organization = caller.organization.id.clone();
    let read = kirim.network.change(move |change| {
        let number = number::connected(change, &organization, &number)?;
        let unknown = || Refusal::NoRecord("received message", meta_id.chars().take(64).collect());
        let wire_id = message::wire_id(&meta_id).ok_or_else(unknown)?;
        let record = message::find(change, &number, &wire_id)?;
        let record = record.filter(|it| it.direction == Direction::Inbound).ok_or_else(unknown)?;
        let me = number.account;
        if record.kind != "reaction" {
            let conversation = wire::visible(change, me, &wire_id)?.conversation;
            receipt::see(change, me, conversation, std::slice::from_ref(&wire_id))?;
            if types {
                presence::act(change, me, conversation, Some(Doing::Composing))?;
            }
        }
        Ok(json!({ "id": record.id, "object": "message", "status": "read" }))
    });
    Ok(data(read.await?))
}

/// An instant of a query or a body.
pub(super) fn instant(field: &str, text: &str) -> Result<Timestamp, Problem> {
    let why = || Refusal::Invalid(format!("`{field}` must be an instant such as 2026-05-23T10:00:00Z"));
    Timestamp::parse(text).ok_or_else(|| Problem::from(why()).at(field))
}
