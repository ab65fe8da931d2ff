//! Media of messages.

use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::on;
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use serde_json::json;

use super::Titan;
use super::answer::{Answer, data};
use super::request::At;
use super::routes::Route;
use crate::network::media::{self, Media};
use crate::network::{Refusal, View, session};

pub(super) const ROUTES: &[Route] =
    &[("media_info", |method| on(method, info)), ("media_download", |method| on(method, download))];

async fn info(State(titan): State<Titan>, At((session, id)): At<(String, String)>) -> Answer {
    let name = session.clone();
    let media = titan.read(move |view| find(view, &name, &id)).await?;
    Ok(data(json!({
        "id": media.id,
        "messageId": media.message_id,
        "session": session,
        "mimeType": media.mime_type,
        "fileLength": media.file_length,
        "persisted": false,
        "s3Url": null,
    })))
}

async fn download(State(titan): State<Titan>, At((session, id)): At<(String, String)>) -> Answer {
    let (media, bytes) = titan
        .read(move |view| {
            let media = find(view, &session, &id)?;
            let bytes = if media.url.is_none() { media::bytes(view, &media.id)? } else { Vec::new() };
            Ok((media, bytes))
        })
        .await?;
    Ok(match media.url {
        Some(url) => (StatusCode::FOUND, [(LOCATION, url)]).into_response(),
        None => ([(CONTENT_TYPE, media.mime_type)], bytes).into_response(),
    })
}

/// Stored media can be read while the session is not connected.
fn find(view: &View<'_>, session: &str, id: &str) -> Result<Media, Refusal> {
    match session::get(view, session)?.account {
        Some(me) => media::get(view, me, id),
        None => Err(Refusal::NoMedia(id.chars().take(64).collect())),
    }
}
