//! API keys of the account. A key manages those that carry no more than it does.

use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types::{CreateApiKey, UpdateApiKey};

use super::Titan;
use super::answer::{Answer, Problem, created, data, success};
use super::gate::Caller;
use super::routes::Route;
use crate::access::key::{self, ApiKey, Order};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("account_list_keys", |method| on(method, list)),
    ("account_create_key", |method| on(method, create)),
    ("account_update_key", |method| on(method, update)),
    ("account_delete_key", |method| on(method, delete)),
];

const DAY: Duration = Duration::from_hours(24);

/// All keys, without their secrets.
pub(super) async fn list(State(titan): State<Titan>) -> Answer {
    let keys = titan.network.read(|view| key::list(view)).await?;
    Ok(data(keys.iter().map(render).collect::<Vec<_>>()))
}

/// Makes a key; the administrator is not bound by scopes of an own key.
pub(super) async fn create(
    State(titan): State<Titan>,
    Extension(caller): Extension<Caller>,
    Body(body): Body<CreateApiKey>,
) -> Answer {
    let days = u32::try_from(body.lifetime_days.get())
        .map_err(|_| Problem::invalid("`lifetimeDays` is too large"))?;
    let order = Order { label: body.label, lifetime: DAY * days, scopes: body.scopes };
    let (key, secret) = titan.network.change(move |change| key::create(change, caller.key(), &order)).await?;
    let mut fields = render(&key);
    fields["key"] = secret.into();
    Ok(created(fields))
}

/// Renames, disables or enables a key.
pub(super) async fn update(
    State(titan): State<Titan>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Body(body): Body<UpdateApiKey>,
) -> Answer {
    let key = titan
        .network
        .change(move |change| key::update(change, caller.key(), &id, body.label.as_deref(), body.is_active))
        .await?;
    Ok(data(render(&key)))
}

/// Deletes a key.
pub(super) async fn delete(
    State(titan): State<Titan>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
) -> Answer {
    titan.network.change(move |change| key::delete(change, caller.key(), &id)).await?;
    Ok(success())
}

fn render(key: &ApiKey) -> Value {
    json!({
        "id": key.id,
        "label": key.label,
        "scopes": key.scopes,
        "isActive": key.active,
        "createdAt": key.created_at.to_string(),
        "expiresAt": key.expires_at.map(|it| it.to_string()),
    })
}
