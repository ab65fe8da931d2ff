//! The link between the account and the server.

use axum::body::Body;
use axum::extract::State;
use whatsapp_web_client::types::{Done, PairingCode, StatusState};

use super::answer::{Answer, ok};
use super::device::{self, Device};
use super::{SESSION, Web, rules};
use crate::network::pairing;

pub(super) async fn status(State(web): State<Web>) -> Answer {
    Ok(ok(&web.device().await?.status()))
}

pub(super) async fn start(State(web): State<Web>) -> Answer {
    let device = web
        .network
        .change(|change| {
            device::start(change)?;
            Device::look(change)
        })
        .await?;
    Ok(ok(&device.status()))
}

pub(super) async fn pairing_code(State(web): State<Web>, body: Body) -> Answer {
    let body = rules::body(body).await?;
    let digits = rules::phone(body.get("phone_number"))?;
    let device = web.until(|it| it.is_ready() || it.state == StatusState::Qr).await?;
    if device.is_ready() {
        return Ok(ok(&PairingCode {
            already_authenticated: true,
            code: None,
            status: Some(device.status()),
            phone_number: None,
            instructions: None,
        }));
    }
    let phone = rules::person(&digits);
    let code = web.network.change(move |change| pairing::code(change, SESSION, &phone)).await?;
    Ok(ok(&PairingCode {
        already_authenticated: false,
        phone_number: Some(digits),
        code: Some(code.text),
        instructions: Some(
            "On the phone open Linked devices, choose to link with the phone number instead, and type this code"
                .to_owned(),
        ),
        status: None,
    }))
}

pub(super) async fn log_out(State(web): State<Web>) -> Answer {
    web.network.change(device::log_out).await?;
    Ok(ok(&Done { ok: true }))
}
