//! The files of messages, at the addresses that messages show. They need no key: the id is the secret.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

use super::Kirim;
use crate::clock::Timestamp;
use crate::store::Sql as _;

/// The address of a file.
pub(super) fn url(base: &str, id: &str) -> String {
    format!("{base}/files/{id}")
}

pub(super) async fn show(State(kirim): State<Kirim>, Path(id): Path<String>) -> Response {
    let found = kirim.network.read(move |view| {
        let sql = "SELECT mime_type, file, expires_at FROM media WHERE id = ?1";
        let found: Option<(String, Option<String>, Option<Timestamp>)> =
            view.first(sql, (&id,), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(found.filter(|(_, _, expires)| expires.is_none_or(|at| view.now < at)))
    });
    let Ok(Some((mime_type, Some(file), _))) = found.await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match kirim.outside.files.get(&file).await {
        Ok(Some(bytes)) => {
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_str(&mime_type).ok()),
                (X_CONTENT_TYPE_OPTIONS, Some(HeaderValue::from_static("nosniff"))),
            ];
            let mut response = bytes.into_response();
            response
                .headers_mut()
                .extend(headers.into_iter().filter_map(|(name, value)| Some((name, value?))));
            response
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
