//! Calls from one account to another.

use axum::extract::State;
use axum::routing::on;
use whatsapp_sandbox_client::types;

use super::Control;
use super::answer::{Answer, created, success};
use super::routes::Route;
use crate::jid::Jid;
use crate::network::{Refusal, account, call};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("calls_offer", |method| on(method, offer)),
    ("calls_answer", |method| on(method, answer)),
    ("calls_hang_up", |method| on(method, hang_up)),
];

async fn offer(
    State(control): State<Control>,
    At(account): At<String>,
    Body(body): Body<types::OfferCall>,
) -> Answer {
    let to = Jid::parse(&body.to).map_err(Refusal::from)?;
    let who = account.clone();
    let id = control
        .change_as(account, move |change, me| {
            call::offer(change, me, &account::expect(change, &to)?, body.video.unwrap_or(false))
        })
        .await?;
    Ok(created(&format!("/_sandbox/accounts/{who}/calls/{id}"), types::Call { id }))
}

async fn answer(
    State(control): State<Control>,
    At((account, id)): At<(String, String)>,
    Body(body): Body<types::AnswerCall>,
) -> Answer {
    control.change_as(account, move |change, me| call::answer(change, me, &id, body.accepted)).await?;
    Ok(success())
}

async fn hang_up(State(control): State<Control>, At((account, id)): At<(String, String)>) -> Answer {
    control.change_as(account, move |change, me| call::hang_up(change, me, &id)).await?;
    Ok(success())
}
