//! What handlers take from a request, each with the errors of its surface where it does not fit. That it is one that the
//! document describes was checked before.

use std::convert::Infallible;

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use serde::de::DeserializeOwned;

use super::{Surface, fit, path, payload, query};
use crate::contract::Payload;

/// The variables of the path, decoded, in the order of the template.
#[derive(Debug)]
pub(crate) struct At<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Surface> FromRequestParts<S> for At<T> {
    type Rejection = S::Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, S::Problem> {
        Ok(Self(path(parts, state).await?))
    }
}

/// The query parameters.
#[derive(Debug)]
pub(crate) struct Ask<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Surface> FromRequestParts<S> for Ask<T> {
    type Rejection = S::Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, S::Problem> {
        Ok(Self(query(parts, state).await?))
    }
}

/// The JSON body as a type.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Surface> FromRequest<S> for Body<T> {
    type Rejection = S::Problem;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, S::Problem> {
        Ok(Self(fit(payload(&mut request).value)?))
    }
}

/// The JSON body as it is, and the bytes that it was read from.
impl<S: Surface> FromRequest<S> for Payload {
    type Rejection = Infallible;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(payload(&mut request))
    }
}
