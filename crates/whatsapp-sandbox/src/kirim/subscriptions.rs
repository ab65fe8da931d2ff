//! Webhook subscriptions of an organisation, and the secrets that sign their deliveries.

use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use http::StatusCode;
use kirim_client::types;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Problem, created, data, deleted, list};
use super::api_key::Caller;
use super::page::Window;
use super::routes::Route;
use super::{Kirim, PREFIX};
use crate::access::webhook::{self, Api, Owner, Policy, Registration, Retries, Secret, Webhook};
use crate::clock::Timestamp;
use crate::egress::Egress;
use crate::network::{Change, Refusal};
use crate::rest::{Ask, At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("webhook_subscriptions_list", |method| on(method, all)),
    ("webhook_subscriptions_create", |method| on(method, create)),
    ("webhook_subscriptions_get", |method| on(method, get)),
    ("webhook_subscriptions_update", |method| on(method, update)),
    ("webhook_subscriptions_delete", |method| on(method, delete)),
    ("webhook_subscriptions_add_secret", |method| on(method, add_secret)),
    ("webhook_subscriptions_delete_secret", |method| on(method, delete_secret)),
];

/// After so many failed deliveries in a row, however often each was tried, a subscription is switched off.
const MAX_FAILURES: u32 = 24;
/// Eight attempts: one, and seven repeats.
const RETRIES: Retries = Retries { attempts: 7, delay_seconds: 10, policy: Policy::Ladder };

/// The organisation as an owner of webhooks.
pub(super) fn owner(caller: &Caller) -> Owner {
    Owner { api: Api::Kirim, tenant: caller.organization.id.clone() }
}

#[derive(Debug, Deserialize)]
struct Part {
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn all(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    Ask(part): Ask<Part>,
) -> Answer {
    let owner = owner(&caller);
    let window = Window::open(part.limit, part.cursor.as_deref(), format!("subscriptions {}", owner.tenant))?;
    let (page, next, now) = kirim
        .network
        .read(move |view| {
            let mut found = webhook::list_of(view, &owner)?;
            let after = window.after.as_deref().and_then(|it| it.parse::<i64>().ok());
            found.retain(|it| after.is_none_or(|after| it.id > after));
            let (page, next) = window.cut(found, |it| it.id.to_string());
            Ok((page, next, view.now))
        })
        .await?;
    Ok(list(page.iter().map(|it| render(it, now)).collect(), next))
}

async fn create(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    Body(body): Body<types::CreateWebhookSubscription>,
) -> Answer {
    let url = checked(&kirim.outside.egress, &body.url)?;
    let (owner, events) = (owner(&caller), names(&body.events));
    let (webhook, secret, now) = kirim
        .network
        .change(move |change| {
            let secret = new_secret(change, None);
            let registration = Registration {
                url,
                events,
                session: None,
                label: body.description,
                hmac_key: None,
                headers: Vec::new(),
                retries: RETRIES,
                enabled: true,
                secrets: vec![secret.clone()],
                give_up_after: Some(MAX_FAILURES),
            };
            let id = format!("wbs_{}", change.entropy().ulid(change.now));
            Ok((webhook::create(change, &owner, Some(&id), registration)?, secret, change.now))
        })
        .await?;
    kirim.outside.deliveries.wake();
    let mut shown = render(&webhook, now);
    // Only here: a secret that is lost is replaced.
    shown["initial_secret"] = secret.text.into();
    Ok(created(&place(&webhook), shown))
}

async fn get(State(kirim): State<Kirim>, Extension(caller): Extension<Caller>, At(id): At<String>) -> Answer {
    let owner = owner(&caller);
    let found = kirim.network.read(move |view| Ok(render(&webhook::find_of(view, &owner, &id)?, view.now)));
    Ok(data(found.await?))
}

async fn update(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Body(body): Body<types::UpdateWebhookSubscription>,
) -> Answer {
    let url = body.url.as_ref().map(|it| checked(&kirim.outside.egress, it)).transpose()?;
    let owner = owner(&caller);
    let changed = kirim.network.change(move |change| {
        let now = webhook::find_of(change, &owner, &id)?;
        let mut registration = now.registration;
        if let Some(url) = url {
            registration.url = url;
        }
        if let Some(events) = &body.events {
            registration.events = names(events);
        }
        if let Some(status) = body.status {
            registration.enabled = status == types::UpdateWebhookSubscriptionStatus::Active;
        }
        registration.label = body.description.or(registration.label);
        Ok(render(&webhook::update(change, now.id, &registration)?, change.now))
    });
    let shown = changed.await?;
    kirim.outside.deliveries.wake();
    Ok(data(shown))
}

async fn delete(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
) -> Answer {
    let (owner, subscription) = (owner(&caller), id.clone());
    let done = kirim.network.change(move |change| {
        let webhook = webhook::find_of(change, &owner, &subscription)?;
        webhook::delete(change, webhook.id)
    });
    done.await?;
    Ok(deleted("webhook_subscription", &id))
}

async fn add_secret(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Body(body): Body<types::CreateWebhookSecret>,
) -> Answer {
    let owner = owner(&caller);
    let lifetime = body.expires_in_hours.map(|it| Duration::from_secs(it.get().saturating_mul(3_600)));
    let (webhook, secret) = kirim
        .network
        .change(move |change| {
            let mut webhook = webhook::find_of(change, &owner, &id)?;
            let secret = new_secret(change, lifetime);
            let now = change.now;
            webhook.registration.secrets.retain(|it| it.is_live(now));
            webhook.registration.secrets.push(secret.clone());
            webhook::update(change, webhook.id, &webhook.registration)?;
            Ok((webhook, secret))
        })
        .await?;
    let mut shown = of_secret(&secret);
    shown["secret"] = secret.text.into();
    Ok(created(&place(&webhook), shown))
}

async fn delete_secret(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((id, secret)): At<(String, String)>,
) -> Answer {
    let (owner, secret_id) = (owner(&caller), secret.clone());
    let done = kirim.network.change(move |change| {
        let mut webhook = webhook::find_of(change, &owner, &id)?;
        let secrets = &mut webhook.registration.secrets;
        let before = secrets.len();
        secrets.retain(|it| it.id != secret_id);
        if secrets.len() == before {
            return Err(Refusal::NoRecord("secret", secret_id));
        }
        webhook::update(change, webhook.id, &webhook.registration)
    });
    done.await?;
    Ok(deleted("webhook_secret", &secret))
}

fn new_secret(change: &Change<'_>, lifetime: Option<Duration>) -> Secret {
    Secret {
        id: format!("sec_{}", change.entropy().ulid(change.now)),
        text: Some(format!("whsec_{}", change.entropy().token())),
        created_at: change.now,
        expires_at: lifetime.map(|it| change.now.after(it)),
    }
}

/// The address, if it may be called.
fn checked(egress: &Egress, url: &types::WebhookUrl) -> Result<String, Problem> {
    match egress.check(&url.0) {
        Ok(_) => Ok(url.0.clone()),
        Err(error) => {
            let why = format!("`url` cannot be called: {error}");
            Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_webhook_url", why).at("url"))
        }
    }
}

fn names(events: &[types::WebhookEvent]) -> Vec<String> {
    events.iter().map(ToString::to_string).collect()
}

fn place(webhook: &Webhook) -> String {
    format!("{PREFIX}/v1/webhook_subscriptions/{}", webhook.public_id.as_deref().unwrap_or_default())
}

fn of_secret(it: &Secret) -> Value {
    json!({
        "id": it.id,
        "created_at": it.created_at.to_string(),
        "expires_at": it.expires_at.map(|at| at.to_string()),
    })
}

fn render(webhook: &Webhook, now: Timestamp) -> Value {
    let it = &webhook.registration;
    let status = match it.give_up_after {
        _ if it.enabled => "active",
        Some(most) if webhook.failures >= most => "disabled",
        _ => "paused",
    };
    let live = it.secrets.iter().filter(|it| it.is_live(now));
    json!({
        "id": webhook.public_id,
        "object": "webhook_subscription",
        "url": it.url,
        "description": it.label,
        "status": status,
        "events": it.events,
        "secrets": live.map(of_secret).collect::<Vec<_>>(),
        "created_at": webhook.created_at.to_string(),
        "updated_at": webhook.updated_at.to_string(),
    })
}
