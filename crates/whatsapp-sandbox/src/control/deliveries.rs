//! What is delivered to webhooks, and what could not be.

use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use whatsapp_sandbox_client::types;

use super::Control;
use super::answer::{Answer, changed, data};
use super::routes::Route;
use crate::access::webhook;
use crate::delivery::queue::{self, Delivery, Filter, State as DeliveryState};
use crate::network::{Refusal, View};
use crate::rest::{Ask, At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("deliveries_list", |method| on(method, list)),
    ("deliveries_replay_all", |method| on(method, replay_all)),
    ("deliveries_get", |method| on(method, get)),
    ("deliveries_replay", |method| on(method, replay)),
];

/// Which deliveries are listed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    state: Option<types::DeliveryState>,
    webhook_id: Option<i64>,
    before: Option<i64>,
    limit: Option<u32>,
}

async fn list(State(control): State<Control>, Ask(part): Ask<Part>) -> Answer {
    let filter = Filter {
        state: part.state.map(state_of),
        webhook: part.webhook_id,
        before: part.before,
        limit: part.limit.unwrap_or(50).clamp(1, 200),
        ..Filter::default()
    };
    let deliveries = control.outside.deliveries.list(filter).await?;
    let deliveries = control
        .network
        .read(move |view| {
            deliveries.into_iter().map(|it| render(view, it, false)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    Ok(data(deliveries))
}

async fn get(State(control): State<Control>, At(id): At<i64>) -> Answer {
    let delivery = control.network.read(move |view| render(view, queue::get(view, id)?, true)).await?;
    Ok(data(delivery))
}

async fn replay(State(control): State<Control>, At(id): At<i64>) -> Answer {
    control.outside.deliveries.replay(id).await?;
    let delivery = control.network.read(move |view| render(view, queue::get(view, id)?, true)).await?;
    Ok(data(delivery))
}

async fn replay_all(State(control): State<Control>, Body(body): Body<types::ReplayDeliveries>) -> Answer {
    let webhooks = match body.webhook_id {
        Some(id) => vec![id],
        None => {
            control
                .network
                .read(|view| Ok(webhook::list(view)?.into_iter().map(|it| it.id).collect()))
                .await?
        }
    };
    let mut count = 0;
    for id in webhooks {
        count += control.outside.deliveries.replay_all(id).await?;
    }
    Ok(changed(count))
}

fn render(view: &View<'_>, delivery: Delivery, whole: bool) -> Result<types::Delivery, Refusal> {
    Ok(types::Delivery {
        url: webhook::get(view, delivery.webhook)?.registration.url,
        id: delivery.id,
        webhook_id: delivery.webhook,
        event_id: delivery.event_id,
        event: delivery.event,
        session: delivery.session,
        state: state(delivery.state),
        attempts: delivery.attempts.into(),
        created_at: delivery.created_at.to_string(),
        updated_at: delivery.updated_at.to_string(),
        due_at: delivery.due_at.map(|at| at.to_string()),
        last_status: delivery.status.map(i32::from),
        last_error: delivery.error,
        body: whole.then(|| String::from_utf8_lossy(&delivery.body).into_owned()),
    })
}

fn state(it: DeliveryState) -> types::DeliveryState {
    match it {
        DeliveryState::Waiting => types::DeliveryState::Waiting,
        DeliveryState::Delivered => types::DeliveryState::Delivered,
        DeliveryState::Dead => types::DeliveryState::Dead,
    }
}

fn state_of(it: types::DeliveryState) -> DeliveryState {
    match it {
        types::DeliveryState::Waiting => DeliveryState::Waiting,
        types::DeliveryState::Delivered => DeliveryState::Delivered,
        types::DeliveryState::Dead => DeliveryState::Dead,
    }
}
