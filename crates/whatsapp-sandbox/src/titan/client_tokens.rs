//! Client tokens and the rules that bound them.

use std::time::Duration;

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types::{CreateClientToken, SetClientRules};

use super::Titan;
use super::answer::{Answer, created, data, success};
use super::routes::Route;
use crate::access::client::{self, Order, Rules};
use crate::jid::Jid;
use crate::network::Refusal;
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("client_tokens_create", |method| on(method, create)),
    ("client_tokens_get_rules", |method| on(method, get_rules)),
    ("client_tokens_set_rules", |method| on(method, set_rules)),
    ("client_tokens_delete_rules", |method| on(method, delete_rules)),
];

/// How long a token lives if the caller does not say.
const LIFE: Duration = Duration::from_mins(15);

async fn create(State(titan): State<Titan>, Body(body): Body<CreateClientToken>) -> Answer {
    let order = Order {
        session: body.session.0,
        ephemeral_id: body.ephemeral_id,
        chat: body.chat_id.map(|it| Jid::parse(&it)).transpose().map_err(Refusal::from)?,
        life: body.expires_in.map_or(LIFE, |seconds| Duration::from_secs(seconds.get())),
    };
    let (token, ends) = titan.network.change(move |change| client::mint(change, &order)).await?;
    Ok(created(json!({ "token": token, "expiresAt": ends.to_string() })))
}

async fn get_rules(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    let rules = titan.network.read(move |view| client::get(view, &session)).await?;
    Ok(data(render(&rules)))
}

async fn set_rules(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<SetClientRules>,
) -> Answer {
    let count = |value: Option<i64>| value.map_or(0, |it| u32::try_from(it).unwrap_or(u32::MAX));
    let rules = Rules {
        recipient_mode: body.recipient_mode,
        allowed_actions: body.allowed_actions.unwrap_or_default(),
        rate_limit: count(body.rate_limit),
        max_daily: count(body.max_daily),
        allowed_origins: body.allowed_origins.unwrap_or_default(),
        enabled: body.enabled.unwrap_or(true),
    };
    let answer = render(&rules);
    titan.network.change(move |change| client::set(change, &session, &rules)).await?;
    Ok(data(answer))
}

async fn delete_rules(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    titan.network.change(move |change| client::delete(change, &session)).await?;
    Ok(success())
}

fn render(rules: &Rules) -> Value {
    json!({
        "recipientMode": rules.recipient_mode,
        "allowedActions": rules.allowed_actions,
        "rateLimit": rules.rate_limit,
        "maxDaily": rules.max_daily,
        "allowedOrigins": rules.allowed_origins,
        "enabled": rules.enabled,
    })
}
