//! Administration of the instance, with the master key.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Map, Value, json};

use super::answer::{Answer, Problem, data};
use super::routes::Route;
use super::{Titan, account};
use crate::access::setting;
use crate::contract::Payload;
use crate::network::{Refusal, View};

pub(super) const ROUTES: &[Route] = &[
    ("admin_list_keys", |method| on(method, account::list)),
    ("admin_create_key", |method| on(method, account::create)),
    ("admin_update_key", |method| on(method, account::update)),
    ("admin_delete_key", |method| on(method, account::delete)),
    ("admin_get_settings", |method| on(method, settings)),
    ("admin_update_settings", |method| on(method, set)),
    ("admin_get_license", |method| on(method, license)),
];

async fn settings(State(titan): State<Titan>) -> Answer {
    let usual = titan.rate_limit;
    Ok(data(titan.network.read(move |view| show(view, usual)).await?))
}

async fn set(State(titan): State<Titan>, Payload { value: body, .. }: Payload) -> Answer {
    let Value::Object(given) = body else { return Err(Problem::invalid("the body must be an object")) };
    let usual = titan.rate_limit;
    let settings = titan
        .network
        .change(move |change| {
            setting::set(change, &given)?;
            show(change, usual)
        })
        .await?;
    Ok(data(settings))
}

fn show(view: &View<'_>, requests_per_minute: u32) -> Result<Map<String, Value>, Refusal> {
    let mut settings = setting::defaults(requests_per_minute);
    settings.extend(setting::all(view)?);
    Ok(settings)
}

/// Nothing is licensed here, so nothing can expire.
async fn license() -> Answer {
    Ok(data(json!({ "valid": true, "edition": "sandbox", "expiresAt": null })))
}
