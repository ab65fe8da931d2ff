//! Requests that carry an idempotency key are carried out once; a repetition gets the answer of the first, word for word:
//! its request id and place too, but what is left of the limits now.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::LOCATION;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use tokio::time::timeout;

use super::RequestId;
use crate::access::idempotency::{Repeatable, canonical};
use crate::contract::Payload;
use crate::kirim::Kirim;
use crate::kirim::answer::{Problem, Reply};
use crate::kirim::api_key::Caller;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// How long a repetition waits for the first.
const PATIENCE: Duration = Duration::from_secs(30);

/// The keys of requests that are being carried out, each with whose turn it is.
#[derive(Debug, Default)]
pub(in crate::kirim) struct UnderWay(Mutex<HashMap<String, Arc<Turn<()>>>>);

impl UnderWay {
    /// Waits until no other request under this key is under way; `None` if that takes too long.
    async fn turn(&self, key: &str) -> Option<OwnedMutexGuard<()>> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // What nobody else holds is over.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(key.to_owned()).or_default())
        };
        timeout(PATIENCE, turn.lock_owned()).await.ok()
    }
}

/// Carries the request out, unless its answer is known. A client that leaves meanwhile does not end the work: it will ask
/// again, and what was done must be known by then.
pub(super) async fn run(kirim: &Kirim, caller: &Caller, request: Request, next: Next) -> Response {
    let Some(key) = request.headers().get(KEY) else { return next.run(request).await };
    let key = String::from_utf8_lossy(key.as_bytes()).into_owned();
    let work = under_key(kirim.clone(), caller.organization.id.clone(), key, request, next);
    match kirim.network.to_its_end(work).await {
        Ok(response) => response,
        Err(error) => Problem::failure(&error).into_response(),
    }
}

async fn under_key(kirim: Kirim, owner: String, key: String, request: Request, next: Next) -> Response {
    let Some(_turn) = kirim.under_way.turn(&format!("{owner}/{key}")).await else {
        let why = "the first request with this idempotency key has not ended: try again later";
        return Problem::new(StatusCode::CONFLICT, "idempotency_in_progress", why).into_response();
    };
    let repeatable = Repeatable::under_any_key(&owner, &key, &fingerprint(&request));
    match earlier(&kirim, &repeatable).await {
        Ok(None) => {}
        Ok(Some(reply)) => return told(reply.into_response(), true),
        Err(problem) => return problem.into_response(),
    }
    let request_id = request.extensions().get::<RequestId>().map(|it| it.0.clone());
    let response = next.run(request).await;
    if let Some(reply) = response.extensions().get::<Reply>().filter(|it| !it.status.is_server_error()) {
        let location = reply.headers.get(LOCATION).and_then(|it| it.to_str().ok());
        let answer = json!({
            "status": reply.status.as_u16(), "body": reply.body, "location": location, "request_id": request_id,
        });
        let kept = kirim.network.change(move |change| repeatable.record(change, &answer)).await;
        if let Err(error) = kept {
            tracing::warn!(%error, "an answer could not be kept for repetitions of its request");
        }
    }
    told(response, false)
}

async fn earlier(kirim: &Kirim, repeatable: &Repeatable) -> Result<Option<Reply>, Problem> {
    let repeatable = repeatable.clone();
    let answer = kirim.network.read(move |view| repeatable.earlier_answer(view)).await?;
    Ok(answer.map(|answer| {
        let status = answer["status"].as_u64().and_then(|it| u16::try_from(it).ok());
        let status = status.and_then(|it| StatusCode::from_u16(it).ok()).unwrap_or(StatusCode::OK);
        let mut reply = Reply::new(status, answer["body"].as_object().cloned().unwrap_or_default());
        reply.given_to = answer["request_id"].as_str().map(str::to_owned);
        match answer["location"].as_str() {
            Some(location) => reply.at(location),
            None => reply,
        }
    }))
}

/// What must be the same: method, path and body, however the body is written.
fn fingerprint(request: &Request) -> Vec<u8> {
    let body = request.extensions().get::<Payload>().map(|it| canonical(&it.value)).unwrap_or_default();
    format!("{} {} {body}", request.method(), request.uri().path()).into_bytes()
}

fn told(mut response: Response, replayed: bool) -> Response {
    let value = HeaderValue::from_static(if replayed { "true" } else { "false" });
    response.headers_mut().insert(REPLAYED, value);
    response
}
