//! Webhooks as they are registered. Nothing is delivered to them yet.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};

use super::Titan;
use super::answer::{Answer, Problem, created, data, success};
use super::request::{At, Body};
use super::routes::Route;
use super::wire::types;
use crate::access::webhook::{self, Webhook};
use crate::network::Refusal;

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

async fn create(State(titan): State<Titan>, Body(body): Body<types::CreateWebhook>) -> Answer {
    let now = titan.network.now();
    let new = Webhook {
        id: 0,
        url: body.url.to_string(),
        events: text(&body.events)?,
        session: body.session.map(|it| it.to_string()),
        label: body.label,
        enabled: body.enabled.unwrap_or(true),
        headers: text(&body.headers)?,
        retries: body.retries.as_ref().map_or_else(|| Ok("{}".to_owned()), text)?,
        hmac_key: body.hmac_key.map(|it| it.to_string()),
        created_at: now,
    };
    let webhook = titan
        .change(move |change| {
            let id = webhook::create(change, &new)?;
            webhook::get(change, id)
        })
        .await?;
    let mut fields = render(&webhook);
    fields["hmacKey"] = webhook.hmac_key.into();
    Ok(created(fields))
}

async fn get(State(titan): State<Titan>, At(id): At<String>) -> Answer {
    let id = number(&id)?;
    let webhook = titan.read(move |view| webhook::get(view, id)).await?;
    Ok(data(render(&webhook)))
}

async fn update(State(titan): State<Titan>, At(id): At<String>, Body(body): Body<Value>) -> Answer {
    let id = number(&id)?;
    // The typed body does not tell a null or an empty list from a field that is not there.
    let given = |field: &str| body.get(field).is_some();
    let (has_events, has_headers, has_session) = (given("events"), given("headers"), given("session"));
    let body: types::UpdateWebhook = serde_json::from_value(body)
        .map_err(|error| Problem::invalid(format!("the body does not fit: {error}")))?;
    let events = has_events.then(|| text(&body.events)).transpose()?;
    let headers = has_headers.then(|| text(&body.headers)).transpose()?;
    let retries = body.retries.as_ref().map(text).transpose()?;
    let webhook = titan
        .change(move |change| {
            let old = webhook::get(change, id)?;
            let session = body.session.map(|it| it.to_string());
            let new = Webhook {
                id,
                url: body.url.map_or(old.url, |it| it.to_string()),
                events: events.unwrap_or(old.events),
                session: if has_session { session } else { old.session },
                label: body.label.or(old.label),
                enabled: body.enabled.unwrap_or(old.enabled),
                headers: headers.unwrap_or(old.headers),
                retries: retries.unwrap_or(old.retries),
                hmac_key: body.hmac_key.map(|it| it.to_string()).or(old.hmac_key),
                created_at: old.created_at,
            };
            webhook::update(change, &new)?;
            Ok(new)
        })
        .await?;
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

fn text(value: &impl serde::Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|error| Problem::invalid(error.to_string()))
}

fn render(webhook: &Webhook) -> Value {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "id": webhook.id,
        "url": webhook.url,
        "events": parsed(&webhook.events),
        "session": webhook.session,
        "label": webhook.label,
        "enabled": webhook.enabled,
        "headers": parsed(&webhook.headers),
        "retries": parsed(&webhook.retries),
        "createdAt": webhook.created_at.to_string(),
    })
}
