//! Webhooks as they are registered. What is delivered to them is in [`super::events`].

use axum::extract::State;
use axum::routing::on;
use serde_json::{Map, Value, json};
use titan_api_client::types::{CreateWebhook, UpdateWebhook};

use super::Titan;
use super::answer::{Answer, created, data, success};
use super::routes::Route;
use crate::access::webhook::{self, Owner, Registration, Webhook};
use crate::egress::{Egress, EgressError};
use crate::network::Refusal;
use crate::rest;
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("webhooks_list", |method| on(method, list)),
    ("webhooks_create", |method| on(method, create)),
    ("webhooks_get", |method| on(method, get)),
    ("webhooks_update", |method| on(method, update)),
    ("webhooks_delete", |method| on(method, delete)),
];

async fn list(State(titan): State<Titan>) -> Answer {
    let webhooks = titan.network.read(|view| webhook::list_of(view, &Owner::titan())).await?;
    Ok(data(webhooks.iter().map(render).collect::<Vec<_>>()))
}

async fn create(State(titan): State<Titan>, Body(body): Body<CreateWebhook>) -> Answer {
    let registration = registration(&titan.outside.egress, members(&body)?)?;
    let webhook = titan
        .network
        .change(move |change| webhook::create(change, &Owner::titan(), None, registration))
        .await?;
    titan.outside.deliveries.wake();
    let mut fields = render(&webhook);
    // Only here: a key that is lost is replaced.
    fields["hmacKey"] = json!(webhook.registration.hmac_key);
    Ok(created(fields))
}

async fn get(State(titan): State<Titan>, At(id): At<String>) -> Answer {
    let id = number(&id)?;
    let webhook = titan.network.read(move |view| webhook::get_of(view, &Owner::titan(), id)).await?;
    Ok(data(render(&webhook)))
}

async fn update(
    State(titan): State<Titan>,
    At(id): At<String>,
    Body(changes): Body<UpdateWebhook>,
) -> Answer {
    let id = number(&id)?;
    let changes = members(&changes)?;
    let egress = titan.outside.egress.clone();
    let webhook = titan
        .network
        .change(move |change| {
            let now = webhook::get_of(change, &Owner::titan(), id)?.registration;
            let mut fields = members(&now)?;
            fields.extend(changes);
            webhook::update(change, id, &registration(&egress, fields)?)
        })
        .await?;
    titan.outside.deliveries.wake();
    Ok(data(render(&webhook)))
}

async fn delete(State(titan): State<Titan>, At(id): At<String>) -> Answer {
    let id = number(&id)?;
    let deleted = titan.network.change(move |change| {
        webhook::get_of(change, &Owner::titan(), id)?;
        webhook::delete(change, id)
    });
    deleted.await?;
    Ok(success())
}

fn number(id: &str) -> Result<i64, Refusal> {
    id.parse().map_err(|_| Refusal::Invalid("the id of a webhook is a whole number".to_owned()))
}

/// The members that a body gives. A session of `null` is one of them: it stands for all sessions.
fn members(value: &impl serde::Serialize) -> Result<Map<String, Value>, Refusal> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(other) => Err(Refusal::Invalid(format!("the body is {other} instead of an object"))),
        Err(error) => Err(Refusal::Invalid(error.to_string())),
    }
}

/// What is to be registered, if its address may be called.
fn registration(egress: &Egress, fields: Map<String, Value>) -> Result<Registration, Refusal> {
    let registration: Registration =
        rest::fit(Value::Object(fields)).map_err(|problem| Refusal::Invalid(problem.to_string()))?;
    match egress.check(&registration.url) {
        Ok(_) => Ok(registration),
        Err(error @ (EgressError::Private { .. } | EgressError::Plain)) => {
            Err(Refusal::NotCalled { field: "url", why: error.to_string() })
        }
        Err(error) => Err(Refusal::Invalid(format!("`url` does not fit: {error}"))),
    }
}

/// What was registered, with what was filled in and without the key.
fn render(webhook: &Webhook) -> Value {
    let it = &webhook.registration;
    json!({
        "id": webhook.id,
        "url": it.url,
        "events": it.events,
        "session": it.session,
        "label": it.label,
        "enabled": it.enabled,
        "headers": it.headers,
        "retries": it.retries,
        "createdAt": webhook.created_at.to_string(),
    })
}
