//! Webhooks as they are registered. Nothing is delivered to them yet.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Map, Value, json};
use titan_api_client::types::{CreateWebhook, UpdateWebhook};

use super::Titan;
use super::answer::{Answer, Problem, created, data, success};
use super::request::{At, Body};
use super::routes::Route;
use crate::access::webhook::{self, Webhook};
use crate::network::Refusal;
use crate::rest::fit_exactly;

pub(super) const ROUTES: &[Route] = &[
    ("webhooks_list", |method| on(method, list)),
    ("webhooks_create", |method| on(method, create)),
    ("webhooks_get", |method| on(method, get)),
    ("webhooks_update", |method| on(method, update)),
    ("webhooks_delete", |method| on(method, delete)),
];

async fn list(State(titan): State<Titan>) -> Answer {
    let webhooks = titan.read(|view| webhook::list(view)).await?;
    Ok(data(webhooks.iter().map(render).collect::<Vec<_>>()))
}

async fn create(State(titan): State<Titan>, Body(body): Body<CreateWebhook>) -> Answer {
    let registration = text(&body)?;
    let webhook = titan.change(move |change| webhook::create(change, &body.url, &registration)).await?;
    let mut fields = render(&webhook);
    fields["hmacKey"] = registered(&webhook).remove("hmacKey").unwrap_or_default();
    Ok(created(fields))
}

async fn get(State(titan): State<Titan>, At(id): At<String>) -> Answer {
    let id = number(&id)?;
    let webhook = titan.read(move |view| webhook::get(view, id)).await?;
    Ok(data(render(&webhook)))
}

async fn update(
    State(titan): State<Titan>,
    At(id): At<String>,
    Body(changes): Body<UpdateWebhook>,
) -> Answer {
    let id = number(&id)?;
    let mut fields = registered(&titan.read(move |view| webhook::get(view, id)).await?);
    fields.extend(members(&changes)?);
    let body: CreateWebhook = fit_exactly(Value::Object(fields))?;
    let registration = text(&body)?;
    let webhook = titan.change(move |change| webhook::update(change, id, &body.url, &registration)).await?;
    Ok(data(render(&webhook)))
}

async fn delete(State(titan): State<Titan>, At(id): At<String>) -> Answer {
    let id = number(&id)?;
    titan.change(move |change| webhook::delete(change, id)).await?;
    Ok(success())
}

fn number(id: &str) -> Result<i64, Refusal> {
    id.parse().map_err(|_| Refusal::Invalid("the id of a webhook is a whole number".to_owned()))
}

/// The members that the body of a change gives. A session of `null` is one of them: it stands for all sessions.
fn members(changes: &UpdateWebhook) -> Result<Map<String, Value>, Problem> {
    match serde_json::to_value(changes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(Problem::invalid(format!("the body is {other} instead of an object"))),
        Err(error) => Err(Problem::invalid(error.to_string())),
    }
}

fn text(body: &CreateWebhook) -> Result<String, Problem> {
    serde_json::to_string(body).map_err(|error| Problem::invalid(error.to_string()))
}

/// What was registered.
fn registered(webhook: &Webhook) -> Map<String, Value> {
    serde_json::from_str(&webhook.registration).unwrap_or_default()
}

/// What was registered, with what Titan fills in and without the key.
fn render(webhook: &Webhook) -> Value {
    let mut fields = registered(webhook);
    let mut field = |name: &str| fields.remove(name);
    json!({
        "id": webhook.id,
        "url": field("url"),
        "events": field("events").unwrap_or_else(|| json!([])),
        "session": field("session"),
        "label": field("label"),
        "enabled": field("enabled").unwrap_or_else(|| json!(true)),
        "headers": field("headers").unwrap_or_else(|| json!([])),
        "retries": field("retries").unwrap_or_else(|| json!({})),
        "createdAt": webhook.created_at.to_string(),
    })
}
