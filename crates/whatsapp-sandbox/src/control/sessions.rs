//! Linked devices, and the phone that links them.

use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::on;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use whatsapp_sandbox_client::types;

use super::Control;
use super::account::e164;
use super::answer::{Answer, Problem, data};
use super::routes::Route;
use crate::drawing;
use crate::jid::Jid;
use crate::network::account::Account;
use crate::network::pairing::{self, Denial, Showing};
use crate::network::session::{self, Session, State as SessionState};
use crate::network::{Refusal, View, fault};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("sessions_list", |method| on(method, list)),
    ("sessions_get", |method| on(method, get)),
    ("sessions_qr_png", |method| on(method, qr_png)),
    ("sessions_qr_svg", |method| on(method, qr_svg)),
    ("sessions_scan", |method| on(method, scan)),
    ("sessions_enter_code", |method| on(method, enter_code)),
    ("sessions_reject", |method| on(method, reject)),
    ("sessions_unlink", |method| on(method, unlink)),
    ("sessions_disconnect", |method| on(method, disconnect)),
];

async fn list(State(control): State<Control>) -> Answer {
    let url = control.url.clone();
    let sessions = control
        .network
        .read(move |view| {
            let sessions = session::list(view)?;
            sessions.into_iter().map(|it| render(view, it, &url)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    Ok(data(sessions))
}

async fn get(State(control): State<Control>, At(name): At<String>) -> Answer {
    let url = control.url.clone();
    let session = control.network.read(move |view| render(view, session::get(view, &name)?, &url)).await?;
    Ok(data(session))
}

async fn qr_png(State(control): State<Control>, At(name): At<String>) -> Answer {
    let qr = shown_qr(&control, name).await?;
    picture("image/png", drawing::qr(&qr))
}

async fn qr_svg(State(control): State<Control>, At(name): At<String>) -> Answer {
    let qr = shown_qr(&control, name).await?;
    picture("image/svg+xml", drawing::qr_svg(&qr).map(String::into_bytes))
}

async fn scan(State(control): State<Control>, At(name): At<String>, Body(body): Body<types::Scan>) -> Answer {
    let phone = body.phone_number.as_deref().map(Jid::parse).transpose().map_err(Refusal::from)?;
    let account = control.network.change(move |change| pairing::scan(change, &name, phone.as_ref())).await?;
    Ok(data(linked(&account)))
}

async fn enter_code(
    State(control): State<Control>,
    At(name): At<String>,
    Body(body): Body<types::EnterCode>,
) -> Answer {
    let account =
        control.network.change(move |change| pairing::enter_code(change, &name, &body.code)).await?;
    Ok(data(linked(&account)))
}

async fn reject(
    State(control): State<Control>,
    At(name): At<String>,
    Body(body): Body<types::Reject>,
) -> Answer {
    let denial = match body.reason {
        Some(types::RejectReason::Passkey) => Denial::Passkey,
        Some(types::RejectReason::Declined) | None => Denial::Reject,
    };
    let url = control.url.clone();
    let session = control
        .network
        .change(move |change| render(change, pairing::deny(change, &name, denial)?, &url))
        .await?;
    Ok(data(session))
}

async fn unlink(State(control): State<Control>, At(name): At<String>) -> Answer {
    let url = control.url.clone();
    let session =
        control.network.change(move |change| render(change, session::log_out(change, &name)?, &url)).await?;
    Ok(data(session))
}

async fn disconnect(
    State(control): State<Control>,
    At(name): At<String>,
    Body(body): Body<types::Disconnect>,
) -> Answer {
    let back_after = body.seconds.map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
    let url = control.url.clone();
    let session = control
        .network
        .change(move |change| render(change, fault::disconnect(change, &name, back_after)?, &url))
        .await?;
    Ok(data(session))
}

/// The text of the QR code on show. Looking at it here does not set the simulated phone on its way.
async fn shown_qr(control: &Control, name: String) -> Result<String, Problem> {
    let shown = control
        .network
        .read(move |view| {
            let qr = pairing::showing(view, &name)?.qr;
            qr.ok_or_else(|| Refusal::NotPairing(name))
        })
        .await?;
    Ok(shown)
}

/// The next code takes this one's place soon, so that nobody may keep it.
fn picture(content_type: &'static str, bytes: Option<Vec<u8>>) -> Answer {
    let Some(bytes) = bytes else { return Err(Problem::conflict("the QR code is too long to be drawn")) };
    Ok(([(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-store")], bytes).into_response())
}

fn render(view: &View<'_>, session: Session, url: &str) -> Result<types::Session, Refusal> {
    let account = session.account(view)?;
    let Showing { qr, code, phone, code_until } = pairing::showing(view, &session.name)?;
    let picture =
        |kind: &str| qr.as_ref().map(|_| format!("{url}/_sandbox/sessions/{}/qr.{kind}", session.name));
    let until = code_until.filter(|_| qr.is_none()).or(session.until);
    let seconds_left = until.map(|until| i64::try_from(until.since(view.now).as_secs()).unwrap_or(i64::MAX));
    Ok(types::Session {
        state: state(session.state),
        account: account.as_ref().map(linked),
        qr_png_url: picture("png"),
        qr_svg_url: picture("svg"),
        qr,
        pairing_code: code,
        pairing_phone_number: phone.as_deref().map(e164),
        seconds_left,
        synced: session.synced.into(),
        updated_at: session.updated_at.to_string(),
        name: session.name,
    })
}

fn linked(account: &Account) -> types::LinkedAccount {
    types::LinkedAccount {
        phone_number: e164(&account.phone),
        jid: account.jid().to_string(),
        push_name: account.push_name.clone(),
    }
}

fn state(it: SessionState) -> types::SessionState {
    match it {
        SessionState::New => types::SessionState::New,
        SessionState::Pairing => types::SessionState::Pairing,
        SessionState::Connecting => types::SessionState::Connecting,
        SessionState::Connected => types::SessionState::Connected,
        SessionState::ManualStop => types::SessionState::ManualStop,
        SessionState::QrTimeout => types::SessionState::QrTimeout,
        SessionState::LoggedOut => types::SessionState::LoggedOut,
        SessionState::Rejected => types::SessionState::Rejected,
        SessionState::PasskeyRequired => types::SessionState::PasskeyRequired,
        SessionState::TemporaryBan => types::SessionState::TemporaryBan,
        SessionState::StreamError => types::SessionState::StreamError,
    }
}
