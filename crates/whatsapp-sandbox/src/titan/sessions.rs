//! Sessions.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Map, Value, json};
use titan_api_client::types;

use super::answer::{Answer, Problem, created, data, success};
use super::routes::Route;
use super::{Titan, e164};
use crate::clock::Timestamp;
use crate::network::account::Account;
use crate::network::fault::{self, Restriction};
use crate::network::session::{self, Session, State as Phase};
use crate::network::{Change, Refusal, View};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("sessions_create", |method| on(method, create)),
    ("sessions_list", |method| on(method, list)),
    ("sessions_get", |method| on(method, get)),
    ("sessions_update", |method| on(method, update)),
    ("sessions_delete", |method| on(method, delete)),
    ("sessions_start", |method| on(method, start)),
    ("sessions_stop", |method| on(method, stop)),
    ("sessions_restart", |method| on(method, restart)),
    ("sessions_logout", |method| on(method, log_out)),
    ("sessions_me", |method| on(method, me)),
];

/// A session, the account that it is paired with, and until when that is time-locked.
#[derive(Debug)]
struct Paired {
    session: Session,
    account: Option<Account>,
    time_locked: Option<Timestamp>,
}

async fn create(State(titan): State<Titan>, Body(body): Body<types::CreateSession>) -> Answer {
    let config = body.config.map(text);
    let paired = titan
        .network
        .change(move |change| {
            let session = session::create(change, &body.name, body.proxy.as_deref(), config.as_deref())?;
            let start = body.start.unwrap_or(false);
            pair(change, if start { session::start(change, &session.name)? } else { session })
        })
        .await?;
    Ok(created(render(&paired)))
}

async fn list(State(titan): State<Titan>) -> Answer {
    let sessions = titan
        .network
        .read(|view| {
            let sessions = session::list(view)?.into_iter();
            let sessions = sessions.filter(|it| !session::is_reserved(&it.name));
            sessions.map(|session| pair(view, session)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    Ok(data(sessions.iter().map(render).collect::<Vec<_>>()))
}

async fn get(State(titan): State<Titan>, At(name): At<String>) -> Answer {
    let paired = titan.network.read(move |view| pair(view, session::get(view, &name)?)).await?;
    Ok(data(render(&paired)))
}

async fn update(
    State(titan): State<Titan>,
    At(name): At<String>,
    Body(body): Body<types::UpdateSession>,
) -> Answer {
    let config = body.config.map(text);
    answer(&titan, move |change| session::configure(change, &name, body.proxy.as_deref(), config.as_deref()))
        .await
}

async fn delete(State(titan): State<Titan>, At(name): At<String>) -> Answer {
    titan.network.change(move |change| session::delete(change, &name)).await?;
    Ok(success())
}

async fn start(State(titan): State<Titan>, At(name): At<String>) -> Answer {
    answer(&titan, move |change| session::start(change, &name)).await
}

async fn stop(State(titan): State<Titan>, At(name): At<String>) -> Answer {
    answer(&titan, move |change| session::stop(change, &name)).await
}

async fn restart(State(titan): State<Titan>, At(name): At<String>) -> Answer {
    answer(&titan, move |change| session::restart(change, &name)).await
}

async fn log_out(State(titan): State<Titan>, At(name): At<String>) -> Answer {
    titan.network.change(move |change| session::log_out(change, &name)).await?;
    Ok(success())
}

async fn me(State(titan): State<Titan>, At(name): At<String>) -> Answer {
    let account = titan
        .network
        .read(move |view| session::get(view, &name)?.account(view)?.ok_or(Refusal::NotPaired(name)))
        .await?;
    Ok(data(account_fields(&account)))
}

/// Changes a session and answers with what it is then.
async fn answer(
    titan: &Titan,
    work: impl FnOnce(&Change<'_>) -> Result<Session, Refusal> + Send + 'static,
) -> Answer {
    let paired = titan
        .network
        .change(move |change| {
            let session = work(change)?;
            pair(change, session)
        })
        .await?;
    Ok::<_, Problem>(data(render(&paired)))
}

fn pair(view: &View<'_>, session: Session) -> Result<Paired, Refusal> {
    let time_locked = match session.account {
        Some(account) => fault::until(view, account, Restriction::TimeLock)?,
        None => None,
    };
    Ok(Paired { account: session.account(view)?, session, time_locked })
}

fn text(config: Map<String, Value>) -> String {
    Value::Object(config).to_string()
}

/// What Titan's page knows nothing of: the state in the network's own words, when it ends by itself, how much of the
/// history has come in percent, and until when `WhatsApp` refuses first messages to people never written with.
fn details(session: &Session, time_locked: Option<Timestamp>) -> Value {
    json!({
        "state": session.state.name(),
        "until": session.until.map(|it| it.to_string()),
        "synced": session.synced,
        "timeLockedUntil": time_locked.map(|it| it.to_string()),
    })
}

fn render(Paired { session, account, time_locked }: &Paired) -> Value {
    let (status, reason) = status_words(session.state);
    let mut fields = Map::new();
    fields.insert("name".to_owned(), session.name.as_str().into());
    fields.insert("status".to_owned(), status.into());
    fields.insert("statusReason".to_owned(), reason.into());
    fields.extend(account.as_ref().map(account_fields).unwrap_or_default());
    if let Some(proxy) = &session.proxy {
        fields.insert("proxy".to_owned(), proxy.as_str().into());
    }
    fields.insert("sandbox".to_owned(), details(session, *time_locked));
    fields.insert("createdAt".to_owned(), session.created_at.to_string().into());
    fields.insert("updatedAt".to_owned(), session.updated_at.to_string().into());
    Value::Object(fields)
}

/// Titan's words for a state: the status, and the reason where there is one.
pub(super) fn status_words(state: Phase) -> (&'static str, Option<&'static str>) {
    match state {
        Phase::Pairing => ("CONNECTING", Some("SCAN_QR")),
        Phase::Connecting => ("CONNECTING", Some("AUTO_RECONNECT")),
        Phase::Connected => ("CONNECTED", None),
        Phase::New => ("DISCONNECTED", None),
        Phase::ManualStop => ("DISCONNECTED", Some("MANUAL_STOP")),
        Phase::QrTimeout => ("DISCONNECTED", Some("QR_TIMEOUT")),
        Phase::LoggedOut => ("DISCONNECTED", Some("LOGGED_OUT")),
        // Titan's page names no other reason for an attempt that came to nothing.
        Phase::Rejected | Phase::PasskeyRequired => ("DISCONNECTED", Some("FAILED")),
        Phase::TemporaryBan => ("DISCONNECTED", Some("TEMPORARY_BAN")),
        Phase::StreamError => ("DISCONNECTED", Some("STREAM_ERROR")),
    }
}

/// What a session shows of its account.
fn account_fields(account: &Account) -> Map<String, Value> {
    let platform = if account.business_name.is_some() { "smba" } else { "consumer" };
    let fields = json!({
        "phoneNumber": e164(&account.phone),
        "pushName": account.push_name,
        "businessName": account.business_name,
        "platform": platform,
        "lid": account.lid_jid().to_string(),
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
