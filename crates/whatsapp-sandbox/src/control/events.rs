//! What happens, live, as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::Control;
use super::account as who;
use super::answer::Problem;
use crate::network::event::{self, Recorded};
use crate::network::id::AccountId;
use crate::network::{Refusal, View, account, conversation};
use crate::rest::Ask;

/// The most events that are read at once.
const BATCH: u32 = 200;
/// How often an idle connection gets a comment.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Told when the whole state was replaced, by a reset or an import: nothing that a client knows holds any more.
const REPLACED: &str = "state_replaced";

/// Where the stream begins, and whose it is.
#[derive(Debug, Deserialize)]
pub(super) struct Part {
    after: Option<i64>,
    account: Option<String>,
}

/// Tells everything that happens until the connection ends or the sandbox is stopped.
pub(super) async fn stream(
    State(control): State<Control>,
    headers: HeaderMap,
    Ask(part): Ask<Part>,
) -> Result<Response, Problem> {
    let after = match headers.get("last-event-id") {
        Some(id) => {
            let id = id.to_str().ok().and_then(|id| id.trim().parse().ok()).filter(|id| *id >= 0);
            Some(id.ok_or_else(|| {
                Problem::invalid("`Last-Event-ID` must be the id of an event, a whole number")
            })?)
        }
        None => part.after,
    };
    // Subscribed before the first look, so that nothing falls between them.
    let (events, replaced, stopped) =
        (control.network.events(), control.network.replacements(), control.stopped.clone());
    let (cursor, observer) = control
        .network
        .read(move |view| {
            let newest = event::newest(view)?;
            let observer = part.account.map(|text| who::find(view, &text)).transpose()?;
            Ok((after.unwrap_or(newest).min(newest), observer.map(|it| it.id)))
        })
        .await?;
    let feed = Feed { control, cursor, observer, ready: VecDeque::new(), events, replaced, stopped };
    let stream = stream::unfold(feed, |mut feed| async move {
        let event = feed.next().await?;
        Some((Ok::<_, Infallible>(event), feed))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

/// One reader of events.
struct Feed {
    control: Control,
    /// The last event that was read.
    cursor: i64,
    /// Only what this account can observe, if there is one.
    observer: Option<AccountId>,
    ready: VecDeque<Event>,
    events: watch::Receiver<i64>,
    replaced: watch::Receiver<u64>,
    stopped: watch::Receiver<bool>,
}

impl Feed {
    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if *self.stopped.borrow() {
                return None;
            }
            self.read().await.ok()?;
            if !self.ready.is_empty() {
                continue;
            }
            tokio::select! {
                changed = self.events.changed() => changed.ok()?,
                changed = self.replaced.changed() => {
                    changed.ok()?;
                    self.start_over().await.ok()?;
                }
                _ = self.stopped.changed() => return None,
            }
        }
    }

    /// Reads what is new, past what is not for this reader.
    async fn read(&mut self) -> Result<(), Problem> {
        loop {
            let (cursor, observer) = (self.cursor, self.observer);
            let (told, last) = self
                .control
                .network
                .read(move |view| {
                    let recorded = event::since(view, cursor, BATCH)?;
                    let last = recorded.last().map(|it| it.id);
                    let mine = recorded.into_iter().filter(|it| concerns(it, observer));
                    Ok((mine.map(|it| tell(view, &it)).collect::<Result<Vec<_>, Refusal>>()?, last))
                })
                .await?;
            let Some(last) = last else { return Ok(()) };
            self.cursor = last;
            self.ready.extend(told.into_iter().map(|(id, kind, data)| {
                Event::default().id(id.to_string()).event(kind).data(data.to_string())
            }));
            if !self.ready.is_empty() {
                return Ok(());
            }
        }
    }

    /// The state is another one: goes on from its newest event.
    async fn start_over(&mut self) -> Result<(), Problem> {
        let (newest, now) = self.control.network.read(|view| Ok((event::newest(view)?, view.now))).await?;
        self.cursor = newest;
        let data = json!({
            "id": newest,
            "at": now.to_string(),
            "kind": REPLACED,
            "account": null,
            "session": null,
            "observers": [],
            "body": {},
        });
        self.ready.push_back(Event::default().id(newest.to_string()).event(REPLACED).data(data.to_string()));
        Ok(())
    }
}

fn concerns(recorded: &Recorded, observer: Option<AccountId>) -> bool {
    observer.is_none_or(|me| recorded.account == Some(me) || recorded.observers.contains(&me))
}

/// The number of an event, its kind, and all of it as JSON.
fn tell(view: &View<'_>, recorded: &Recorded) -> Result<(i64, String, Value), Refusal> {
    let jid = |id: AccountId| Ok::<_, Refusal>(account::by_id(view, id)?.jid().to_string());
    let observers = recorded.observers.iter().map(|observer| {
        let chat = recorded.conversation.map(|it| conversation::jid(view, *observer, it)).transpose()?;
        Ok(json!({ "account": jid(*observer)?, "chatId": chat.map(|it| it.to_string()) }))
    });
    let mut body = serde_json::to_value(&recorded.event).unwrap_or_default();
    let kind = body.as_object_mut().and_then(|body| body.shift_remove("kind"));
    let kind = kind.as_ref().and_then(Value::as_str).unwrap_or("unknown").to_owned();
    let data = json!({
        "id": recorded.id,
        "at": recorded.at.to_string(),
        "kind": kind,
        "account": recorded.account.map(jid).transpose()?,
        "session": recorded.session,
        "observers": observers.collect::<Result<Vec<_>, Refusal>>()?,
        "body": body,
    });
    Ok((recorded.id, kind, data))
}
