//! Pairing: the QR code and the code to type.

use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::on;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::{Map, Value};
use titan_api_client::types;

use super::Titan;
use super::answer::{Answer, Problem, bare};
use super::routes::Route;
use crate::drawing;
use crate::jid::Jid;
use crate::network::{Refusal, pairing};
use crate::rest::{Ask, At, Body};

pub(super) const ROUTES: &[Route] =
    &[("pair_qr", |method| on(method, qr)), ("pair_code", |method| on(method, code))];

/// How the QR code is wanted.
#[derive(Debug, Deserialize)]
struct QrQuery {
    format: Option<QrFormat>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum QrFormat {
    Image,
}

async fn qr(State(titan): State<Titan>, At(session): At<String>, Ask(query): Ask<QrQuery>) -> Answer {
    let text = titan.network.change(move |change| pairing::qr(change, &session)).await?;
    match query.format {
        None => Ok(bare(Map::from_iter([
            ("qr".to_owned(), Value::String(text)),
            ("event".to_owned(), Value::Null),
        ]))),
        Some(QrFormat::Image) => match drawing::qr(&text) {
            Some(png) => Ok(([(CONTENT_TYPE, "image/png")], png).into_response()),
            None => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the QR code could not be drawn")),
        },
    }
}

async fn code(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::RequestPairingCode>,
) -> Answer {
    let phone = Jid::parse(&body.phone_number).map_err(Refusal::from)?;
    let code = titan.network.change(move |change| pairing::code(change, &session, &phone)).await?;
    let expires_at = code.expires_at.to_string();
    Ok(bare(Map::from_iter([
        ("code".to_owned(), Value::String(code.text)),
        ("expiresAt".to_owned(), Value::String(expires_at)),
    ])))
}
