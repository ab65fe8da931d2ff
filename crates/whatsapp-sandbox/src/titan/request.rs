//! What handlers take from a request, each with Titan's errors where it does not fit. That it is one that the document
//! describes was checked before.

use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::Problem;
use crate::contract::Payload;
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

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Problem> {
        Ok(Self(rest::fit(rest::payload(&mut request).value)?))
    }
}

/// The JSON body as it is, and the bytes that it was read from.
#[derive(Debug)]
pub(super) struct Raw(pub(super) Value, pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Problem> {
        let Payload { value, bytes } = rest::payload(&mut request);
        Ok(Self(value, bytes))
    }
}
