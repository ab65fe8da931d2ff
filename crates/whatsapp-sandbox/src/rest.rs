//! What all HTTP surfaces of the sandbox share: reading a JSON body, and the status that a refusal gets.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest as _, Request};
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::network::Kind;

/// The most bytes of a body: 70 MB of media as base64, and some room.
pub(crate) const MAX_BODY: usize = 96 << 20;

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyProblem {
    #[error("the body must be JSON: send it with `Content-Type: application/json`")]
    MediaType,
    #[error("the body is larger than {} MB", MAX_BODY >> 20)]
    TooLarge,
    #[error("the body was cut off")]
    Broken,
    #[error("the body is no JSON: {0}")]
    Syntax(serde_json::Error),
    #[error("the body does not fit: {0}")]
    Shape(serde_json::Error),
}

impl BodyProblem {
    /// The HTTP status for it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken | Self::Syntax(_) | Self::Shape(_) => StatusCode::BAD_REQUEST,
        }
    }
}

/// Reads a JSON body. No body at all is read as `{}`, so that only what is required is missed.
pub(crate) async fn body<T: DeserializeOwned>(request: Request) -> Result<(T, Bytes), BodyProblem> {
    let is_json = request.headers().get(CONTENT_TYPE).is_some_and(|it| {
        let essence = it.as_bytes().split(|it| *it == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
    });
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(it) if it.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            BodyProblem::TooLarge
        }
        _ => BodyProblem::Broken,
    })?;
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    if !is_json && !bytes.is_empty() {
        return Err(BodyProblem::MediaType);
    }
    let body = serde_json::from_slice(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => BodyProblem::Shape(error),
        _ => BodyProblem::Syntax(error),
    })?;
    Ok((body, bytes))
}

/// The HTTP status for a refusal of the network.
pub(crate) fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Failure => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
