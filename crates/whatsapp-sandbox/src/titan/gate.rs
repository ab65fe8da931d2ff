//! The gate in front of every operation: who calls, how often, and with which scopes.

use axum::extract::{Extension, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{AUTHORIZATION, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use super::answer::Problem;
use super::routes::Operation;
use super::{Titan, scope};
use crate::access::key::{self, ApiKey};
use crate::access::rate::Verdict;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const DOCS: &str = "https://docs.usetitan.app/authentication";

/// Who calls.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    Known(ApiKey),
    /// No key that opens anything; the sentence says why.
    Unknown(String),
}

/// Looks the key up and counts the request. Every answer tells how many requests are left.
pub(super) async fn meter(State(titan): State<Titan>, mut request: Request, next: Next) -> Response {
    let caller = match identify(&titan, request.headers().get(AUTHORIZATION)).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let name = match &caller {
        Caller::Known(key) => key.id.as_str(),
        Caller::Unknown(_) => "",
    };
    let verdict = titan.limiter.count(name, titan.network.now());
    let mut response = if let Some(wait) = verdict.retry_after {
        too_many(wait.as_secs())
    } else {
        request.extensions_mut().insert(caller);
        next.run(request).await
    };
    show(verdict, &mut response);
    response
}

/// Lets a request pass to its operation if the key carries the scope.
pub(super) async fn authorize(
    State(operation): State<Operation>,
    Extension(caller): Extension<Caller>,
    mut request: Request,
    next: Next,
) -> Response {
    let key = match caller {
        Caller::Known(key) => key,
        Caller::Unknown(why) => return unauthorized(why),
    };
    if let Some(scope) = scope::of(operation)
        && !key.allows(scope)
    {
        return Problem::new(
            StatusCode::FORBIDDEN,
            format!("the API key lacks the scope `{scope}`, which {} needs", operation.id),
        )
        .with_docs(DOCS)
        .into_response();
    }
    request.extensions_mut().insert(key);
    next.run(request).await
}

async fn identify(titan: &Titan, header: Option<&HeaderValue>) -> Result<Caller, Problem> {
    let secret = header
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim().to_owned());
    let Some(secret) = secret else {
        let how = "no API key: send it in the header `Authorization: Bearer <key>`";
        return Ok(Caller::Unknown(how.to_owned()));
    };
    Ok(match titan.network.read(move |view| key::authenticate(view, &secret)).await? {
        Ok(key) => Caller::Known(key),
        Err(problem) => Caller::Unknown(problem.to_string()),
    })
}

fn unauthorized(why: String) -> Response {
    let mut response = Problem::new(StatusCode::UNAUTHORIZED, why).with_docs(DOCS).into_response();
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn too_many(seconds: u64) -> Response {
    let error = format!("too many requests: try again in {seconds} seconds");
    let mut response = Problem::new(StatusCode::TOO_MANY_REQUESTS, error).into_response();
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}

fn show(verdict: Verdict, response: &mut Response) {
    response.headers_mut().insert(LIMIT, verdict.limit.into());
    response.headers_mut().insert(REMAINING, verdict.remaining.into());
}
