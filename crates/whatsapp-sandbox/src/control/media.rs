//! The files of messages.

use axum::extract::State;
use axum::response::IntoResponse as _;
use axum::routing::on;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use serde::Deserialize;
use whatsapp_sandbox_client::types;

use super::Control;
use super::answer::{Answer, Problem, data};
use super::routes::Route;
use crate::clock::Timestamp;
use crate::network::Refusal;
use crate::network::media::{self, Media};
use crate::rest::{Ask, At};

pub(super) const ROUTES: &[Route] = &[
    ("media_list", |method| on(method, list)),
    ("media_expire", |method| on(method, expire)),
    ("media_get", |method| on(method, get)),
];

/// Media types that a browser may show in place. Anything else, which somebody may have made to run scripts, is saved.
const SHOWN: [&str; 8] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "video/mp4",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
];

/// How much is listed.
#[derive(Debug, Deserialize)]
struct Part {
    limit: Option<u32>,
}

async fn list(State(control): State<Control>, Ask(part): Ask<Part>) -> Answer {
    let limit = part.limit.unwrap_or(100).clamp(1, 500);
    let (files, now) = control.network.read(move |view| Ok((media::latest(view, limit)?, view.now))).await?;
    Ok(data(files.into_iter().map(|it| render(it, now)).collect::<Vec<_>>()))
}

async fn expire(State(control): State<Control>, At(id): At<String>) -> Answer {
    let (media, now) =
        control.network.change(move |change| Ok((media::expire(change, &id)?, change.now))).await?;
    Ok(data(render(media, now)))
}

async fn get(State(control): State<Control>, At((account, id)): At<(String, String)>) -> Answer {
    let media = control
        .read_as(account, move |view, me| {
            let media = media::get(view, me, &id)?;
            if media.is_expired(view.now) { Err(Refusal::MediaExpired(media.id)) } else { Ok(media) }
        })
        .await?;
    let bytes = match &media.file {
        Some(name) => control.outside.files.get(name).await.map_err(|error| Problem::failure(&error))?,
        None => None,
    };
    let Some(bytes) = bytes else { return Err(Refusal::MediaExpired(media.id).into()) };
    let shown = SHOWN.contains(&media.mime_type.as_str());
    let mut response = ([(CONTENT_TYPE, media.mime_type)], bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !shown {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    Ok(response)
}

fn render(media: Media, now: Timestamp) -> types::MediaRecord {
    types::MediaRecord {
        expired: media.is_expired(now),
        expires_at: media.expires_at.map(|at| at.to_string()),
        id: media.id,
        message_id: media.message_id,
        mime_type: media.mime_type,
        file_length: media.file_length,
        filename: media.filename,
        persisted_url: media.copy.map(|copy| copy.url),
    }
}
