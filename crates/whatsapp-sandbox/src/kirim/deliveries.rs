//! What was delivered to the webhooks of an organisation, and what could not be.

use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use kirim_client::types;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Kirim;
use super::answer::{Answer, data, list};
use super::api_key::Caller;
use super::events::event_id;
use super::messages::instant;
use super::page::Window;
use super::routes::Route;
use super::subscriptions::owner;
use crate::access::webhook::{self, Owner};
use crate::delivery::queue::{self, Delivery, Filter, State as Stand};
use crate::network::{Change, Refusal, View};
use crate::rest::{Ask, At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("webhook_deliveries_list", |method| on(method, all)),
    ("webhook_deliveries_bulk_replay", |method| on(method, bulk_replay)),
    ("webhook_deliveries_get", |method| on(method, get)),
    ("webhook_deliveries_replay", |method| on(method, replay)),
];

/// The most deliveries that one call replays.
const MAX_REPLAYED: u32 = 1_000;

/// For how long a delivery is kept after what it tells of has happened.
const KEPT: Duration = Duration::from_hours(30 * 24);

#[derive(Debug, Deserialize)]
struct Part {
    subscription_id: Option<String>,
    status: Option<String>,
    event_type: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn all(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    Ask(part): Ask<Part>,
) -> Answer {
    let owner = owner(&caller);
    let Part { subscription_id, status, event_type, limit, cursor } = part;
    let scope = format!("deliveries {} {subscription_id:?} {status:?} {event_type:?}", owner.tenant);
    let window = Window::open(limit, cursor.as_deref(), scope)?;
    let (page, next) = kirim
        .network
        .read(move |view| {
            // A subscription that is not there has no deliveries.
            let webhook = subscription_id.map(|id| match webhook::find_of(view, &owner, &id) {
                Ok(webhook) => Ok(webhook.id),
                Err(Refusal::NoWebhook(_)) => Ok(0),
                Err(error) => Err(error),
            });
            let filter = Filter {
                state: status.as_deref().map(stand),
                webhook: webhook.transpose()?,
                before: window.after.as_deref().and_then(|it| it.parse().ok()),
                owner: Some(owner),
                event: event_type,
                after: Some(view.now.before(KEPT)),
                limit: u32::try_from(window.reach()).unwrap_or(u32::MAX),
                ..Filter::default()
            };
            let (page, next) = window.cut(queue::list(view, filter)?, |it| it.id.to_string());
            Ok((page.iter().map(|it| render(view, it)).collect::<Result<Vec<_>, Refusal>>()?, next))
        })
        .await?;
    Ok(list(page, next))
}

async fn get(State(kirim): State<Kirim>, Extension(caller): Extension<Caller>, At(id): At<String>) -> Answer {
    let owner = owner(&caller);
    let found = kirim.network.read(move |view| render(view, &find(view, &owner, &id)?));
    Ok(data(found.await?))
}

async fn replay(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
) -> Answer {
    let owner = owner(&caller);
    let replayed = kirim.network.change(move |change| {
        let old = find(change, &owner, &id)?;
        let new = again(change, &old)?;
        Ok(json!({ "id": new, "object": "webhook_delivery", "replayed_from": id, "status": "pending" }))
    });
    let shown = replayed.await?;
    kirim.outside.deliveries.wake();
    Ok(data(shown))
}

async fn bulk_replay(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    Body(body): Body<types::BulkReplay>,
) -> Answer {
    let owner = owner(&caller);
    let time = |field: &str, text: Option<&String>| text.map(|it| instant(field, it)).transpose();
    let after = time("created_after", body.created_after.as_ref())?;
    let until = time("created_before", body.created_before.as_ref())?;
    let replayed = kirim.network.change(move |change| {
        let webhook = webhook::find_of(change, &owner, &body.subscription_id)?;
        let filter = Filter {
            state: Some(Stand::Dead),
            webhook: Some(webhook.id),
            event: body.event_type,
            after: after.max(Some(change.now.before(KEPT))),
            until,
            limit: MAX_REPLAYED + 1,
            ..Filter::default()
        };
        let mut found = queue::list(change, filter)?;
        let capped = found.len() > MAX_REPLAYED as usize;
        found.truncate(MAX_REPLAYED as usize);
        for old in &found {
            again(change, old)?;
        }
        Ok(json!({ "enqueued": found.len(), "capped": capped }))
    });
    let shown = replayed.await?;
    kirim.outside.deliveries.wake();
    Ok(data(shown))
}

/// The delivery with this id, unless its time is over.
fn find(view: &View<'_>, owner: &Owner, id: &str) -> Result<Delivery, Refusal> {
    let found = queue::find_of(view, owner, id)?;
    if found.created_at > view.now.before(KEPT) { Ok(found) } else { Err(Refusal::NoDelivery(id.to_owned())) }
}

fn again(change: &Change<'_>, old: &Delivery) -> Result<String, Refusal> {
    let id = format!("wbd_{}", change.entropy().ulid(change.now));
    queue::again(change, old, &id)?;
    Ok(id)
}

/// What was given up is `failed`; `dead` is the older word for it.
fn stand(status: &str) -> Stand {
    match status {
        "pending" => Stand::Waiting,
        "delivered" => Stand::Delivered,
        _ => Stand::Dead,
    }
}

fn render(connection: &Connection, it: &Delivery) -> Result<Value, Refusal> {
    let status = match it.state {
        Stand::Waiting => "pending",
        Stand::Delivered => "delivered",
        Stand::Dead => "failed",
    };
    Ok(json!({
        "id": it.public_id,
        "object": "webhook_delivery",
        "subscription_id": webhook::get(connection, it.webhook)?.public_id,
        "event_type": it.event,
        "event_id": event_id(it),
        "status": status,
        "attempts": it.attempts,
        "response_status": it.status,
        "next_attempt_at": it.due_at.map(|at| at.to_string()),
        "replayed_from": it.replayed_from,
        "created_at": it.created_at.to_string(),
    }))
}
