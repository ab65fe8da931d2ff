//! The routes that play the other side: the phone that scans or types, and what an account's chats look like.
//!
//! They belong to the sandbox and to no product. They need no key, and are served on loopback only.

use axum::extract::{FromRequest, FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::network::{Network, Refusal};
use crate::rest::{self, BodyProblem};

mod overview;
mod phone;
mod transcript;

/// The control routes, all below `/_sandbox`.
pub(crate) fn router(network: Network) -> Router {
    Router::new()
        .route("/_sandbox", get(overview::show))
        .route("/_sandbox/sessions/{session}/scan", post(phone::scan))
        .route("/_sandbox/sessions/{session}/enter-code", post(phone::enter_code))
        .route("/_sandbox/sessions/{session}/chats/{chatId}/messages", get(transcript::show))
        .with_state(network)
}

/// Why a control route does not do what it was asked.
#[derive(Debug)]
struct Problem(StatusCode, String);

type Answer = Result<Response, Problem>;

fn data(value: &Value) -> Response {
    Json(json!({ "data": value, "simulated": true })).into_response()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1, "simulated": true }))).into_response()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self(rest::status(refusal.kind()), refusal.to_string())
    }
}

impl From<BodyProblem> for Problem {
    fn from(problem: BodyProblem) -> Self {
        Self(problem.status(), problem.to_string())
    }
}

/// The JSON body.
#[derive(Debug)]
struct Body<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (value, _) = rest::json(request).await?;
        Ok(Self(rest::fit(value)?))
    }
}

/// The variables of the path.
#[derive(Debug)]
struct At<T>(T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(values)) => Ok(Self(values)),
            Err(rejection) => Err(Problem(StatusCode::BAD_REQUEST, rejection.body_text())),
        }
    }
}

type Shared = State<Network>;
