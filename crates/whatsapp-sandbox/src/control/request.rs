//! What handlers take from a request. That it is one that the document describes was checked before.

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Problem;
use crate::rest;

/// The variables of the path, decoded, in the order of the template.
#[derive(Debug)]
pub(super) struct At<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(rest::path(parts, state).await?))
    }
}

/// The query parameters.
#[derive(Debug)]
pub(super) struct Ask<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Ask<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(rest::query(parts, state).await?))
    }
}

/// The JSON body as a type.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Raw(value) = Raw::from_request(request, state).await?;
        Ok(Self(rest::fit(value)?))
    }
}

/// The JSON body as it is; an empty object where the operation takes none.
#[derive(Debug)]
pub(super) struct Raw(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Problem> {
        Ok(Self(rest::payload(&mut request).value))
    }
}
