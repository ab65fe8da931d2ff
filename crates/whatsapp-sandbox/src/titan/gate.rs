//! The gate in front of every operation: who calls and how often, whether they may, and whether the request is one that
//! the document describes.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, StatusCode};

use super::answer::Problem;
use super::routes::Entry;
use super::{Titan, commands, widget};
use crate::access::client::{self, Visitor};
use crate::access::key::{self, ApiKey};
use crate::access::rate::Verdict;
use crate::access::setting;
use crate::network::{Refusal, View};
use crate::seed::MASTER_KEY;

pub(super) mod pages;
mod visit;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const DOCS: &str = "https://docs.usetitan.app/authentication";

/// Who calls.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    Key(ApiKey),
    /// An end user with a client token.
    Client(Arc<Visitor>),
    /// The administrator of the instance.
    Master,
    /// Whoever was let through when the command was accepted that is carried out now.
    Earlier(String),
    /// No credential that opens anything; the sentence says why.
    Nobody(String),
}

impl Caller {
    /// What the caller is called where limits are counted and answers are kept.
    pub(super) fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Key(key) => Cow::Borrowed(&key.id),
            Self::Client(visitor) => Cow::Owned(visitor.name()),
            Self::Master => Cow::Borrowed("master"),
            Self::Earlier(name) => Cow::Borrowed(name),
            Self::Nobody(_) => Cow::Borrowed(""),
        }
    }

    /// The key, if the caller has one.
    pub(super) fn key(&self) -> Option<&ApiKey> {
        match self {
            Self::Key(key) => Some(key),
            _ => None,
        }
    }
}

/// Looks the credential up and counts the request. Every answer tells how many requests are left.
pub(super) async fn meter(State(titan): State<Titan>, mut request: Request, next: Next) -> Response {
    let secret = bearer(request.headers());
    if secret.as_deref().is_some_and(|secret| pages::uses_key(secret, &request)) {
        let error = "a page of another website cannot use a key: make a client token for it";
        return forbidden(error).into_response();
    }
    let page = secret.as_deref().and_then(|secret| pages::calling(secret, request.headers()));
    // What opens nothing here is like a key that nobody has made.
    let secret = secret.map(|secret| titan.keys.stands_for(secret).unwrap_or_default());
    let usual = titan.rate_limit;
    let (caller, limit) = match titan.network.read(move |view| identify(view, secret.as_deref(), usual)).await
    {
        Ok(known) => known,
        Err(refusal) => return Problem::from(refusal).into_response(),
    };
    let name = widget::calling(request.uri())
        .map_or_else(|| caller.name(), |token| format!("widget {token}").into());
    let (generation, age) = (titan.network.generation(), titan.network.age());
    let verdict = titan.limiter.count(&name, limit, generation, age);
    let mut response = if let Some(wait) = verdict.retry_after {
        let error = format!("too many requests: try again in {} seconds", wait.as_secs());
        Problem::new(StatusCode::TOO_MANY_REQUESTS, error).with_retry_after(wait).into_response()
    } else {
        request.extensions_mut().insert(caller);
        next.run(request).await
    };
    show(verdict, &mut response);
    if let Some(origin) = page {
        pages::let_read(origin, &mut response);
    }
    response
}

/// Lets a request pass to its operation: if the caller may, and if the document describes it.
pub(super) async fn enter(
    State((titan, entry)): State<(Titan, Arc<Entry>)>,
    Extension(caller): Extension<Caller>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    authorize(&entry, &caller)?;
    let request = entry.rule.check(request).await?;
    let visit = match &caller {
        Caller::Client(visitor) if !entry.rule.credentials.is_empty() => {
            let asked = visit::Asked::of(&request);
            Some(visit::begin(&titan, &entry, visitor, asked).await?)
        }
        _ => None,
    };
    let response = if commands::wanted(&entry, request.headers()) {
        commands::accept(&titan, &caller, request).await.into_response()
    } else {
        next.run(request).await
    };
    Ok(match visit {
        Some(visit) => visit.end(&titan, response).await,
        None => response,
    })
}

/// Whether the caller's credential opens the operation.
fn authorize(entry: &Entry, caller: &Caller) -> Result<(), Problem> {
    let opens = |scheme: &str| entry.rule.credentials.iter().any(|it| it == scheme);
    if entry.rule.credentials.is_empty() {
        return Ok(());
    }
    let id = entry.id;
    let refusal = match caller {
        Caller::Earlier(_) => return Ok(()),
        Caller::Nobody(why) => {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, why.as_str()).with_docs(DOCS));
        }
        Caller::Key(key) if opens("ApiKey") => match key.lacks(&entry.rule.scopes) {
            None => return Ok(()),
            Some(scope) => format!("the API key lacks the scope `{scope}`, which {id} needs"),
        },
        Caller::Key(_) => format!("{id} needs the master key of the instance; no API key opens it"),
        Caller::Master if opens("MasterKey") => return Ok(()),
        Caller::Master => format!("the master key opens /admin only; {id} needs an API key"),
        Caller::Client(_) if opens("ClientToken") => return Ok(()),
        Caller::Client(_) => format!("no client token opens {id}: call it from your server, with an API key"),
    };
    Err(forbidden(refusal))
}

/// Who calls, and how many requests the caller may make in a minute.
fn identify(view: &View<'_>, secret: Option<&str>, usual: u32) -> Result<(Caller, u32), Refusal> {
    let limit = setting::requests_per_minute(view)?.unwrap_or(usual);
    let Some(secret) = secret else {
        let how = "no API key: send it in the header `Authorization: Bearer <key>`";
        return Ok((Caller::Nobody(how.to_owned()), limit));
    };
    if secret.starts_with(client::PREFIX) {
        return Ok(match client::verify(view, secret)? {
            Ok(visitor) if visitor.rules.rate_limit > 0 => {
                let own = visitor.rules.rate_limit;
                (Caller::Client(Arc::new(visitor)), own)
            }
            Ok(visitor) => (Caller::Client(Arc::new(visitor)), limit),
            Err(problem) => (Caller::Nobody(problem.to_string()), limit),
        });
    }
    if key::digest(secret) == key::digest(MASTER_KEY) {
        // The administrator can always take a limit back that is too narrow.
        return Ok((Caller::Master, usual));
    }
    Ok(match key::authenticate(view, secret)? {
        Ok(key) => (Caller::Key(key), limit),
        Err(problem) => (Caller::Nobody(problem.to_string()), limit),
    })
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim().to_owned()).filter(|it| !it.is_empty())
}

fn forbidden(why: impl Into<String>) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, why).with_docs(DOCS)
}

fn show(verdict: Verdict, response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(LIMIT, verdict.limit.into());
    headers.insert(REMAINING, verdict.remaining.into());
}
