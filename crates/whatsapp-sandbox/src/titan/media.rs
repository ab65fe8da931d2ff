//! Media of messages.

use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::on;
use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Titan;
use super::answer::{Answer, Problem, data};
use super::routes::Route;
use crate::media::{CopyError, extension};
use crate::network::media::{self, Media};
use crate::network::{Refusal, View, session};
use crate::rest::At;

pub(super) const ROUTES: &[Route] = &[
    ("media_info", |method| on(method, info)),
    ("media_download", |method| on(method, download)),
    ("media_persist", |method| on(method, persist)),
];

async fn info(State(titan): State<Titan>, At((session, id)): At<(String, String)>) -> Answer {
    let name = session.clone();
    let media = titan.network.read(move |view| find(view, &name, &id)).await?;
    Ok(data(render(&session, &media)))
}

async fn download(State(titan): State<Titan>, At((session, id)): At<(String, String)>) -> Answer {
    let (media, expired) = titan
        .network
        .read(move |view| {
            let media = find(view, &session, &id)?;
            let expired = media.is_expired(view.now);
            Ok((media, expired))
        })
        .await?;
    let bytes = match &media.copy {
        Some(copy) if expired => {
            titan.outside.copies.get(&copy.key).await.map_err(|error| unreachable(&error))?
        }
        _ => stored(&titan, &media, expired).await?,
    };
    let Some(bytes) = bytes else { return Err(Refusal::MediaExpired(media.id).into()) };
    let headers = [
        (CONTENT_TYPE, value(&media.mime_type)),
        (CONTENT_DISPOSITION, value(&disposition(&media))),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, bytes).into_response())
}

/// Copies a file to where it lasts. One that has been copied stays as it is.
async fn persist(State(titan): State<Titan>, At((session, id)): At<(String, String)>) -> Answer {
    let name = session.clone();
    let (mut media, expired) = titan
        .network
        .read(move |view| {
            let media = find(view, &name, &id)?;
            let expired = media.is_expired(view.now);
            Ok((media, expired))
        })
        .await?;
    if media.copy.is_none() {
        let bytes = stored(&titan, &media, expired).await?;
        let bytes = bytes.ok_or_else(|| Refusal::MediaExpired(media.id.clone()))?;
        let copy = titan
            .outside
            .copies
            .make(&media.id, &media.mime_type, bytes)
            .await
            .map_err(|error| unreachable(&error))?;
        media.copy = Some(copy.clone());
        let id = media.id.clone();
        titan.network.change(move |change| media::persisted(change, &id, &copy)).await?;
    }
    Ok(data(render(&session, &media)))
}

/// The bytes that the network has, unless they have expired.
async fn stored(titan: &Titan, media: &Media, expired: bool) -> Result<Option<Bytes>, Problem> {
    match &media.file {
        Some(file) if !expired => Ok(titan.outside.files.get(file).await.map_err(Refusal::from)?),
        _ => Ok(None),
    }
}

/// Stored media can be read while the session is not connected.
fn find(view: &View<'_>, session: &str, id: &str) -> Result<Media, Refusal> {
    match session::get(view, session)?.account {
        Some(me) => media::get(view, me, id),
        None => Err(Refusal::NoMedia(id.chars().take(64).collect())),
    }
}

fn unreachable(error: &CopyError) -> Problem {
    tracing::warn!(%error, "a lasting copy of media failed");
    Problem::new(StatusCode::BAD_GATEWAY, error.to_string())
}

/// The name under which a browser saves the file. Names beyond ASCII come in the extended form as well.
fn disposition(media: &Media) -> String {
    let unnamed = format!("{}.{}", media.id, extension(&media.mime_type));
    let name = media.filename.as_deref().unwrap_or(&unnamed);
    let is_plain = |it: char| it.is_ascii_graphic() && !matches!(it, '"' | '\\' | '/' | '%') || it == ' ';
    let plain: String = name.chars().map(|it| if is_plain(it) { it } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let encoded = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

fn render(session: &str, media: &Media) -> Value {
    json!({
        "id": media.id,
        "messageId": media.message_id,
        "session": session,
        "mimeType": media.mime_type,
        "fileLength": media.file_length,
        "persisted": media.copy.is_some(),
        "s3Url": media.copy.as_ref().map(|it| &it.url),
    })
}
