//! Requests that are carried out later: accepted with 202, and told as `command.result` when they are done.

use axum::Router;
use axum::body::{self, Body};
use axum::extract::Request;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tower::ServiceExt as _;

use super::answer::{Problem, accepted};
use super::gate::Caller;
use super::routes::Entry;
use super::{DIALECT, Titan};
use crate::access::command::{self, Command};
use crate::access::webhook::Owner;
use crate::contract::Payload;
use crate::delivery::{Notice, outbox};
use crate::network::Refusal;
use crate::store::StoreError;

const PREFER: &str = "prefer";
const RESPOND_ASYNC: &str = "respond-async";
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The most bytes of an answer that are told.
const MAX_RESULT: usize = 1 << 20;

/// Whether the caller wants to hear of the outcome later, and the document lets the operation do so.
pub(super) fn wanted(entry: &Entry, headers: &HeaderMap) -> bool {
    entry.rule.takes_header(PREFER) && headers.get_all(PREFER).iter().any(prefers_async)
}

/// Whether one of the preferences in a header's value is the one that is known here (RFC 7240).
fn prefers_async(value: &HeaderValue) -> bool {
    let preferences = value.to_str().unwrap_or_default().split(',');
    preferences.filter_map(|it| it.split(';').next()).any(|it| it.trim().eq_ignore_ascii_case(RESPOND_ASYNC))
}

/// Keeps a request that was checked, and answers under which id its outcome will come. The same idempotency key for
/// the same request leads to the answer that was kept, as it would have at once.
pub(super) async fn accept(
    titan: &Titan,
    caller: &Caller,
    mut request: Request,
) -> Result<Response, Problem> {
    let Payload { value, bytes } = request.extensions_mut().remove().unwrap_or_default();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let given = request.headers().get(IDEMPOTENCY_KEY).and_then(|it| it.to_str().ok()).map(str::to_owned);
    let command = Command {
        id: String::new(),
        caller: caller.name().into_owned(),
        session: text(value.get("session")),
        method: request.method().to_string(),
        target: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        repeat_key: given.unwrap_or_default(),
        body: bytes.to_vec(),
    };
    let id = titan
        .network
        .change(move |change| {
            let id = command::new_id(change);
            let repeat_key =
                if command.repeat_key.is_empty() { id.clone() } else { command.repeat_key.clone() };
            command::accept(change, &Command { id: id.clone(), repeat_key, ..command })?;
            Ok(id)
        })
        .await?;
    titan.commands.notify_one();
    Ok(accepted(json!({ "correlationId": id })))
}

/// Carries out what was accepted, one after the other, until the sandbox is stopped.
#[derive(Debug)]
pub(crate) struct Commands {
    pub(super) titan: Titan,
    /// The operations, without the gate that looks credentials up.
    pub(super) operations: Router,
}

impl Commands {
    /// Works until `stopped` says so, or nobody is left to say it.
    pub(crate) async fn work(self, mut stopped: watch::Receiver<bool>) {
        tokio::select! {
            () = self.work_on() => {}
            _ = stopped.changed() => {}
        }
    }

    async fn work_on(&self) {
        loop {
            match self.titan.network.read(command::next).await {
                Ok(Some(command)) => {
                    if let Err(error) = self.carry_out(command).await {
                        tracing::error!(%error, "the outcome of a command could not be kept");
                        self.titan.commands.notified().await;
                    }
                }
                Ok(None) => self.titan.commands.notified().await,
                Err(Refusal::Store(StoreError::Closed)) => return,
                Err(error) => {
                    tracing::error!(%error, "the commands could not be read");
                    self.titan.commands.notified().await;
                }
            }
        }
    }

    /// Calls the operation and keeps its outcome for the webhooks, in the transaction that forgets the command.
    async fn carry_out(&self, command: Command) -> Result<(), Refusal> {
        let (success, result) = self.outcome(&command).await;
        let session = command.session.clone();
        self.titan
            .network
            .change(move |change| {
                let data = json!({ "correlationId": command.id, "success": success, "result": result });
                let body = Map::from_iter([("data".to_owned(), data)]);
                let notice = Notice {
                    audience: Owner::titan(),
                    name: "command.result",
                    session,
                    lane: Some(String::new()),
                    at: change.now,
                    body,
                };
                outbox::enqueue(change, &DIALECT, &notice)?;
                command::forget(change, &command.id)
            })
            .await?;
        self.titan.outside.deliveries.wake();
        Ok(())
    }

    async fn outcome(&self, command: &Command) -> (bool, Value) {
        let request = Request::builder()
            .method(command.method.as_str())
            .uri(&command.target)
            .header(CONTENT_TYPE, "application/json")
            .header(IDEMPOTENCY_KEY, &command.repeat_key)
            .extension(Caller::Earlier(command.caller.clone()))
            .body(Body::from(command.body.clone()));
        let Ok(request) = request else {
            return (false, json!({ "error": "the request cannot be repeated" }));
        };
        let Ok(response) = self.operations.clone().oneshot(request).await;
        let status = response.status();
        let bytes = body::to_bytes(response.into_body(), MAX_RESULT).await.unwrap_or_default();
        let mut answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return (true, answer.get_mut("data").map(Value::take).unwrap_or_default());
        }
        let error = answer.get_mut("error").map(Value::take).unwrap_or_default();
        (false, json!({ "error": error, "status": status.as_u16() }))
    }
}
