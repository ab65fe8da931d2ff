//! The gate in front of every operation: who calls, how often, whether the request is one that the document describes, and
//! whether it was made before.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::Kirim;
use super::answer::{self, Problem, Reply};
use super::api_key::{self, Caller};
use crate::access::bucket::Level;
use crate::clock::Timestamp;
use crate::contract::Operation;

mod once;

pub(super) use once::UnderWay;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What takes no key, whatever the method.
const KEYLESS: [&str; 2] = ["/v1/health", "/v1/openapi.json"];

/// The id of a request.
#[derive(Clone, Debug)]
struct RequestId(String);

/// Gives the request an id, and finishes the answer with it.
pub(super) async fn frame(State(kirim): State<Kirim>, mut request: Request, next: Next) -> Response {
    let id = format!("req_{}", kirim.network.entropy().ulid(kirim.network.now()));
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Reply>() {
        Some(mut reply) => {
            // What was put around the reply on its way here.
            reply.headers.extend(std::mem::take(response.headers_mut()));
            reply.finish(&id)
        }
        None => answer::with_request_id(response, &id),
    }
}

/// Lets a request pass to its operation.
pub(super) async fn enter(
    State((kirim, rule)): State<(Kirim, Arc<Operation>)>,
    mut request: Request,
    next: Next,
) -> Response {
    if rule.credentials.is_empty() {
        return pass(&kirim, &rule, None, request, next).await;
    }
    let caller = match identify(&kirim, request.headers()).await {
        Ok(caller) => caller,
        Err(problem) => return unknown(problem),
    };
    let level = count(&kirim, &caller, request.method());
    let mut response = if let Some(problem) = too_many(level) {
        problem.into_response()
    } else {
        request.extensions_mut().insert(caller.clone());
        pass(&kirim, &rule, Some(&caller), request, next).await
    };
    show(level, &mut response);
    response
}

/// Answers a request that no operation takes. It counts like any other of its organisation; without a key nobody learns
/// what there is.
pub(super) async fn astray(kirim: &Kirim, request: &Parts, problem: Problem) -> Response {
    let path = request.uri.path();
    if !path.starts_with("/v1/") || KEYLESS.contains(&path) {
        return problem.into_response();
    }
    let caller = match identify(kirim, &request.headers).await {
        Ok(caller) => caller,
        Err(problem) => return unknown(problem),
    };
    let level = count(kirim, &caller, &request.method);
    let mut response = too_many(level).unwrap_or(problem).into_response();
    show(level, &mut response);
    response
}

/// The answer to somebody whom nobody knows. It tells no limits: there is no organisation of which they could be.
fn unknown(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// What an organisation is told that has no token left.
fn too_many(level: Level) -> Option<Problem> {
    let wait = level.wait?;
    let why = format!("the organisation has used up its {} requests a minute", level.size);
    // In whole seconds, and never too early.
    let wait = Duration::from_secs(wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX));
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded", why);
    Some(problem.with_retry_after(wait))
}

async fn pass(
    kirim: &Kirim,
    rule: &Operation,
    caller: Option<&Caller>,
    request: Request,
    next: Next,
) -> Response {
    let request = match rule.check(request).await {
        Ok(request) => request,
        Err(misfit) => return Problem::from(misfit).into_response(),
    };
    match caller {
        Some(caller) if request.method() == Method::POST => once::run(kirim, caller, request, next).await,
        _ => next.run(request).await,
    }
}

/// Whose key it is.
async fn identify(kirim: &Kirim, headers: &HeaderMap) -> Result<Caller, Problem> {
    let unauthorized = |code, message: &str| Problem::new(StatusCode::UNAUTHORIZED, code, message);
    let Some(secret) = bearer(headers) else {
        let how = "no API key: send it in the header `Authorization: Bearer <key>`";
        return Err(unauthorized("missing_api_key", how));
    };
    let secret = kirim.keys.stands_for(secret).unwrap_or_default();
    let known = kirim.network.read(move |view| api_key::authenticate(view, &secret)).await?;
    known.map_err(|problem| unauthorized(problem.code(), &problem.to_string()))
}

/// Takes a token out of the organisation's bucket for this class of requests.
fn count(kirim: &Kirim, caller: &Caller, method: &Method) -> Level {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let it = &caller.organization;
    let (class, size) = if reads { ("read", it.read_per_minute) } else { ("write", it.write_per_minute) };
    let size = kirim.limit.unwrap_or(size);
    // Buckets fill as the network ages, also while its clock stands, and are full in each new world.
    let age = Timestamp::from_unix_millis(0).after(kirim.network.age());
    let level = kirim.buckets.take(&format!("{}/{}/{class}", kirim.network.generation(), it.id), size, age);
    Level { full_at: kirim.network.now().after(level.full_at.since(age)), ..level }
}

fn show(level: Level, response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(LIMIT, level.size.into());
    headers.insert(REMAINING, level.remaining.into());
    // In whole seconds, and no sooner than it is full.
    headers.insert(RESET, level.full_at.after(Duration::from_millis(999)).unix_seconds().into());
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim().to_owned()).filter(|it| !it.is_empty())
}
