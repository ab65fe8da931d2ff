//! What all HTTP surfaces of the sandbox share: reading a JSON body, and the status that a refusal gets.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest as _, Request};
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::network::Kind;

#[cfg(test)]
mod tests;

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
    Shape(String),
    #[error("the body does not fit: there is no field `{0}`")]
    UnknownField(String),
}

impl BodyProblem {
    /// The HTTP status for it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken | Self::Syntax(_) | Self::Shape(_) | Self::UnknownField(_) => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

/// Reads a JSON body, and gives the bytes as well. No body at all is read as `{}`, so that only what is required is
/// missed.
pub(crate) async fn json(request: Request) -> Result<(Value, Bytes), BodyProblem> {
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
    if bytes.is_empty() {
        return Ok((Value::Object(Map::new()), bytes));
    }
    if !is_json {
        return Err(BodyProblem::MediaType);
    }
    let value = serde_json::from_slice(&bytes).map_err(BodyProblem::Syntax)?;
    Ok((value, bytes))
}

/// The body as a type; an error names the field.
pub(crate) fn fit<T: DeserializeOwned>(value: Value) -> Result<T, BodyProblem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let what = error.into_inner();
        BodyProblem::Shape(if path == "." { what.to_string() } else { format!("`{path}`: {what}") })
    })
}

/// The same, and refuses what the type would silently drop. Types that take more than they keep need this.
pub(crate) fn fit_exactly<T: DeserializeOwned + Serialize>(value: Value) -> Result<T, BodyProblem> {
    let mut given = Vec::new();
    collect_members(&value, "", &mut given);
    let body: T = fit(value)?;
    let kept = serde_json::to_value(&body).map_err(|error| BodyProblem::Shape(error.to_string()))?;
    match given.into_iter().find(|pointer| kept.pointer(pointer).is_none()) {
        Some(pointer) => Err(BodyProblem::UnknownField(pointer.trim_start_matches('/').to_owned())),
        None => Ok(body),
    }
}

/// The JSON pointer of every member that is not null: an optional field that is null is as good as absent.
fn collect_members(value: &Value, at: &str, members: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                collect_members(value, &pointer, members);
                members.push(pointer);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_members(item, &format!("{at}/{index}"), members);
            }
        }
        _ => {}
    }
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
