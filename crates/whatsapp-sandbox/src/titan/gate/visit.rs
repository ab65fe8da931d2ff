//! Requests of end users with client tokens: the one session, the actions that its rules allow, whom they reach, from
//! which pages, and how many sends a day.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts as _, RawPathParams, Request};
use axum::response::Response;
use http::StatusCode;
use http::header::ORIGIN;
use http::request::Parts;

use super::{DOCS, Problem, Titan, forbidden};
use crate::access::client::{self, Visitor};
use crate::contract::Payload;
use crate::jid::Jid;
use crate::titan::routes::Entry;

/// The actions that count against the sends of a day.
const SENDS: [&str; 2] = ["send_message", "send_reaction"];

/// A request that was let in.
pub(super) struct Visit {
    /// Set if it was counted as a send.
    counted: Option<Arc<Visitor>>,
}

/// Lets a request in, or says why not.
pub(super) async fn begin(
    titan: &Titan,
    entry: &Entry,
    visitor: &Arc<Visitor>,
    asked: Asked,
) -> Result<Visit, Problem> {
    let (rules, session) = (&visitor.rules, &visitor.session);
    if !rules.allow_origin(asked.origin.as_deref()) {
        return Err(forbidden(format!("the client rules of session `{session}` do not allow this origin")));
    }
    let action = entry.rule.client_action.as_deref().unwrap_or_default();
    if !rules.allow(action) {
        return Err(forbidden(format!(
            "the client rules of session `{session}` do not allow `{action}`, which {} is",
            entry.id
        )));
    }
    let named = asked.named().await;
    if named.session.as_deref() != Some(session) {
        return Err(forbidden(format!("the client token is for session `{session}` only")));
    }
    if let Some(chat) = named.chat.as_deref().and_then(|it| Jid::parse(it).ok()) {
        let guest = Arc::clone(visitor);
        let reaches = titan.network.read(move |view| guest.reaches(view, &chat)).await?;
        if !reaches {
            return Err(forbidden(format!(
                "the client rules of session `{session}` (recipient mode `{}`) keep the client token from this chat",
                rules.recipient_mode
            )));
        }
    }
    let counts = SENDS.contains(&action) && rules.max_daily > 0;
    if counts {
        let guest = Arc::clone(visitor);
        let reserved = titan.network.change(move |change| client::reserve(change, &guest)).await?;
        if let Err(wait) = reserved {
            return Err(enough(rules.max_daily, wait));
        }
    }
    Ok(Visit { counted: counts.then(|| Arc::clone(visitor)) })
}

impl Visit {
    /// Gives the answer; a send that was refused does not count.
    pub(super) async fn end(self, titan: &Titan, response: Response) -> Response {
        if let Some(visitor) = self.counted
            && !response.status().is_success()
            && let Err(error) = titan.network.change(move |change| client::release(change, &visitor)).await
        {
            tracing::warn!(%error, "a refused send could not be taken back from the day's count");
        }
        response
    }
}

/// What is looked at of a request.
pub(super) struct Asked {
    origin: Option<String>,
    path: Parts,
    in_body: Named,
}

/// The session and the chat that a request names.
#[derive(Default)]
struct Named {
    session: Option<String>,
    chat: Option<String>,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let payload = request.extensions().get::<Payload>();
        let text = |name: &str| Some(payload?.value.get(name)?.as_str()?.to_owned());
        let in_body = Named { session: text("session"), chat: text("chatId") };
        let (mut path, ()) = Request::new(()).into_parts();
        path.extensions = request.extensions().clone();
        let origin = request.headers().get(ORIGIN).and_then(|it| it.to_str().ok()).map(str::to_owned);
        Self { origin, path, in_body }
    }

    /// What stands in the path wins over what the body says.
    async fn named(mut self) -> Named {
        let mut named = self.in_body;
        if let Ok(path) = RawPathParams::from_request_parts(&mut self.path, &()).await {
            for (name, value) in &path {
                match name {
                    "session" => named.session = Some(value.to_owned()),
                    "chatId" => named.chat = Some(value.to_owned()),
                    _ => {}
                }
            }
        }
        named
    }
}

fn enough(most: u32, wait: Duration) -> Problem {
    let seconds = wait.as_secs();
    let error =
        format!("the client rules allow {most} sends a day: the next one begins in {seconds} seconds");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, error).with_docs(DOCS).with_retry_after(wait)
}
