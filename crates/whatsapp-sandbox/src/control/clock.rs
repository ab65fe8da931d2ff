//! Time and chance.

use std::time::Duration;

use axum::extract::State;
use axum::routing::on;
use whatsapp_sandbox_client::types;

use super::Control;
use super::answer::{Answer, Problem, data};
use super::routes::Route;
use crate::clock::Timestamp;
use crate::rest::Body;

pub(super) const ROUTES: &[Route] = &[
    ("clock_get", |method| on(method, get)),
    ("clock_set", |method| on(method, set)),
    ("clock_advance", |method| on(method, advance)),
    ("seed_get", |method| on(method, get_seed)),
    ("seed_set", |method| on(method, set_seed)),
];

async fn get(State(control): State<Control>) -> Answer {
    Ok(data(render(&control)))
}

async fn set(State(control): State<Control>, Body(body): Body<types::SetClock>) -> Answer {
    let at = match (body.mode, &body.now) {
        (types::ClockMode::System, _) => None,
        (types::ClockMode::Manual, None) => Some(control.network.now()),
        (types::ClockMode::Manual, Some(text)) => Some(instant(text)?),
    };
    control.network.set_clock(at);
    Ok(data(render(&control)))
}

async fn advance(State(control): State<Control>, Body(body): Body<types::AdvanceClock>) -> Answer {
    let by = Duration::from_millis(u64::try_from(body.milliseconds).unwrap_or(0));
    control.network.advance(by).await?;
    Ok(data(render(&control)))
}

async fn get_seed(State(control): State<Control>) -> Answer {
    Ok(data(seed(&control)))
}

async fn set_seed(State(control): State<Control>, Body(body): Body<types::SetSeed>) -> Answer {
    control.network.entropy().reseed(body.seed.and_then(|seed| u64::try_from(seed).ok()));
    Ok(data(seed(&control)))
}

/// The clock as it is now.
pub(super) fn render(control: &Control) -> types::Clock {
    let stands_at = control.network.stands_at();
    types::Clock {
        mode: if stands_at.is_some() { types::ClockMode::Manual } else { types::ClockMode::System },
        now: stands_at.unwrap_or_else(|| control.network.now()).to_string(),
    }
}

fn seed(control: &Control) -> types::Seed {
    types::Seed { seed: control.network.entropy().seed().and_then(|seed| i64::try_from(seed).ok()) }
}

/// Reads ISO 8601.
pub(super) fn instant(text: &str) -> Result<Timestamp, Problem> {
    Timestamp::parse(text).ok_or_else(|| {
        Problem::invalid(format!("`{text}` is no instant: write it as 2026-01-01T12:00:00.000Z"))
    })
}
