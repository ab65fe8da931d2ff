//! What goes wrong on demand.

use std::time::Duration;

use axum::extract::State;
use axum::routing::on;
use serde_json::Value;
use whatsapp_sandbox_client::types;

use super::Control;
use super::account as who;
use super::answer::{Answer, Problem, changed, created, data, success};
use super::routes::Route;
use crate::access::webhook;
use crate::network::fault::{self, Restriction};
use crate::network::{Refusal, View, account};
use crate::rest::{At, fit};

mod http_faults;

pub(crate) use http_faults::{HttpFaults, Misbehaviour, misbehave};

use crate::contract::Payload;
use http_faults::{Failing, HttpFault};

pub(super) const ROUTES: &[Route] = &[
    ("faults_list", |method| on(method, list)),
    ("faults_set", |method| on(method, set)),
    ("faults_clear_all", |method| on(method, clear_all)),
    ("faults_get", |method| on(method, get)),
    ("faults_clear", |method| on(method, clear)),
];

/// The kinds in the order of the document.
const KINDS: &str = "temporary_ban, time_lock, http_error, slow or webhook_down";

async fn list(State(control): State<Control>) -> Answer {
    Ok(data(all(&control).await?))
}

async fn get(State(control): State<Control>, At(id): At<String>) -> Answer {
    let found = all(&control).await?.into_iter().find(|fault| fault.id == id);
    found.map(data).ok_or_else(|| unknown(&id))
}

async fn set(State(control): State<Control>, Payload { value: body, .. }: Payload) -> Answer {
    let fault = match body.get("kind").and_then(Value::as_str) {
        Some("temporary_ban") => {
            let it: types::SetTemporaryBan = fit(body)?;
            restrict(&control, it.account, it.seconds, Restriction::TemporaryBan).await?
        }
        Some("time_lock") => {
            let it: types::SetTimeLock = fit(body)?;
            restrict(&control, it.account, it.seconds, Restriction::TimeLock).await?
        }
        Some("webhook_down") => {
            let it: types::SetWebhookDown = fit(body)?;
            down(control.outside.deliveries.set_down(it.webhook_id, true).await?.id)
        }
        Some("http_error") => {
            let it: types::SetHttpError = fit(body)?;
            let failing = Failing::with(it.status, it.retry_after_seconds)
                .ok_or_else(|| Problem::invalid("`status` must be 429, 500, 502 or 503"))?;
            let times = it.requests.map(|it| it.0.get());
            of_http(&control.faults.set(failing, it.operation.map(|it| it.0), times))
        }
        Some("slow") => {
            let it: types::SetSlow = fit(body)?;
            let failing = Failing::Slow(Duration::from_millis(it.milliseconds.get()));
            let times = it.requests.map(|it| it.0.get());
            of_http(&control.faults.set(failing, it.operation.map(|it| it.0), times))
        }
        _ => return Err(Problem::invalid(format!("`kind` must be {KINDS}"))),
    };
    Ok(created(&format!("/_sandbox/faults/{}", fault.id), fault))
}

async fn clear(State(control): State<Control>, At(id): At<String>) -> Answer {
    let known = all(&control).await?.into_iter().find(|fault| fault.id == id);
    let fault = known.ok_or_else(|| unknown(&id))?;
    end(&control, &fault).await?;
    Ok(success())
}

async fn clear_all(State(control): State<Control>) -> Answer {
    let faults = all(&control).await?;
    for fault in &faults {
        end(&control, fault).await?;
    }
    Ok(changed(faults.len()))
}

fn unknown(id: &str) -> Problem {
    Problem::not_found(format!("there is no fault `{id}`, or it has ended"))
}

async fn restrict(
    control: &Control,
    person: types::PersonId,
    seconds: types::FaultSeconds,
    kind: Restriction,
) -> Result<types::Fault, Problem> {
    let lasts = Duration::from_secs(seconds.0.get());
    let restricted = control.network.change(move |change| {
        let account = who::find(change, &person)?;
        fault::restrict(change, account.id, kind, change.now.after(lasts))?;
        let set = restrictions(change)?.into_iter().find(|it| it.id == restriction_id(kind, &account.phone));
        set.ok_or_else(|| Refusal::NotRegistered(account.jid().to_string()))
    });
    Ok(restricted.await?)
}

async fn end(control: &Control, fault: &types::Fault) -> Result<(), Problem> {
    let kind = match fault.kind {
        types::FaultKind::HttpError | types::FaultKind::Slow => {
            control.faults.clear(&fault.id);
            return Ok(());
        }
        types::FaultKind::WebhookDown => {
            let id = fault.webhook_id.unwrap_or_default();
            control.outside.deliveries.set_down(id, false).await?;
            return Ok(());
        }
        types::FaultKind::TemporaryBan => Restriction::TemporaryBan,
        types::FaultKind::TimeLock => Restriction::TimeLock,
    };
    let person = fault.account.clone().unwrap_or_default();
    let lifted =
        control.network.change(move |change| fault::lift(change, who::find(change, &person)?.id, kind));
    Ok(lifted.await?)
}

/// The faults that are set, the network's first.
async fn all(control: &Control) -> Result<Vec<types::Fault>, Problem> {
    let mut faults = control
        .network
        .read(|view| {
            let mut faults = restrictions(view)?;
            let webhooks = webhook::list(view)?.into_iter().filter(|it| it.down);
            faults.extend(webhooks.map(|it| down(it.id)));
            Ok(faults)
        })
        .await?;
    faults.extend(control.faults.list().iter().map(of_http));
    Ok(faults)
}

fn restrictions(view: &View<'_>) -> Result<Vec<types::Fault>, Refusal> {
    let restricted = fault::list(view)?.into_iter().map(|(account, kind, until)| {
        let account = account::by_id(view, account)?;
        Ok(types::Fault {
            account: Some(account.jid().to_string()),
            ends_at: Some(until.to_string()),
            ..plain(restriction_id(kind, &account.phone), kind_of(kind))
        })
    });
    restricted.collect()
}

fn restriction_id(kind: Restriction, phone: &str) -> String {
    format!("{}-{phone}", kind_of(kind))
}

fn kind_of(kind: Restriction) -> types::FaultKind {
    match kind {
        Restriction::TemporaryBan => types::FaultKind::TemporaryBan,
        Restriction::TimeLock => types::FaultKind::TimeLock,
    }
}

fn down(webhook: i64) -> types::Fault {
    let id = format!("{}-{webhook}", types::FaultKind::WebhookDown);
    types::Fault { webhook_id: Some(webhook), ..plain(id, types::FaultKind::WebhookDown) }
}

fn of_http(fault: &HttpFault) -> types::Fault {
    let remaining = fault.remaining.and_then(|it| i64::try_from(it).ok());
    let base = types::Fault {
        operation: fault.operation.clone(),
        remaining,
        ..plain(fault.id(), fault.failing.kind())
    };
    match &fault.failing {
        Failing::Slow(delay) => types::Fault { milliseconds: i64::try_from(delay.as_millis()).ok(), ..base },
        Failing::Status { status, retry_after } => types::Fault {
            status: Some(status.as_u16().into()),
            retry_after_seconds: retry_after.and_then(|it| i64::try_from(it).ok()),
            ..base
        },
    }
}

fn plain(id: String, kind: types::FaultKind) -> types::Fault {
    types::Fault {
        id,
        kind,
        account: None,
        webhook_id: None,
        operation: None,
        status: None,
        retry_after_seconds: None,
        milliseconds: None,
        ends_at: None,
        remaining: None,
    }
}
