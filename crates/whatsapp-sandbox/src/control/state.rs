//! The whole state at once: forgotten, written out, and read in.

use axum::body::Body as HttpBody;
use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::on;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use whatsapp_sandbox_client::types;

use super::Control;
use super::answer::{Answer, data, success};
use super::routes::Route;
use crate::contract::Payload;
use crate::network::{Network, Refusal, event};
use crate::rest::{Ask, Body};
use crate::seed;

mod dump;
mod restore;
mod tables;

pub(super) const ROUTES: &[Route] = &[
    ("state_reset", |method| on(method, begin_anew)),
    ("state_export", |method| on(method, export)),
    ("state_import", |method| on(method, import)),
];

/// What the field `format` says.
const FORMAT: &str = "whatsapp-sandbox-state";

/// What is written out.
#[derive(Debug, Deserialize)]
struct Part {
    media: Option<bool>,
}

async fn begin_anew(State(control): State<Control>, Body(body): Body<types::Reset>) -> Answer {
    let demo = !matches!(body.to, Some(types::ResetTo::Empty));
    control.faults.clear_all();
    reset(&control.network, demo).await?;
    Ok(success())
}

/// Forgets everything and begins anew, with or without the demo. A seed is drawn from afresh, so that the same things
/// come out as at the first start.
async fn reset(network: &Network, demo: bool) -> Result<(), Refusal> {
    let entropy_seed = network.entropy().seed();
    let newest = network
        .change(move |change| {
            restore::empty(change)?;
            if let Some(entropy_seed) = entropy_seed {
                change.entropy().reseed(Some(entropy_seed));
            }
            seed::plant(change, demo)?;
            event::newest(change)
        })
        .await?;
    network.replaced(newest);
    Ok(())
}

async fn export(State(control): State<Control>, Ask(part): Ask<Part>) -> Answer {
    let state = dump::dump(&control, part.media.unwrap_or(true)).await?;
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CONTENT_DISPOSITION, "attachment; filename=\"whatsapp-sandbox-state.json\""),
    ];
    Ok((headers, HttpBody::from(state)).into_response())
}

async fn import(State(control): State<Control>, Payload { value: body, .. }: Payload) -> Answer {
    Ok(data(restore::restore(&control, body).await?))
}
