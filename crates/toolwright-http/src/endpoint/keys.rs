//! The keys of a product: whether the API knows them, and what it last told them of its limits.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use http::{HeaderMap, HeaderName, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use toolwright::catalog::Effect;
use toolwright::client::{
    CallContext, Captured, Credential, Failure, GenericOperation, GenericRequest, Upstream, execute,
};

use super::limit_headers;
use crate::limits::Admission;
use crate::product::{KeyProblem, Product};
use crate::{Caller, Fingerprint, Refusal};

/// How long a key counts as known after the API was asked and did not refuse it.
const FRESH: Duration = Duration::from_mins(1);
/// How long the API may take to say whether it knows a key. Callers wait for it.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many keys are kept. Each takes about 1 kB.
const CAPACITY: usize = 10_000;

/// What is known of the keys that call. Nothing in it tells a key.
pub(super) struct Keys {
    product: Product,
    upstream: Upstream,
    /// Where the API wants its keys.
    header: Option<HeaderName>,
    known: Mutex<HashMap<Fingerprint, Known>>,
    /// The checks that go on, each for as long as anybody waits for it.
    checks: Mutex<HashMap<Fingerprint, WeakShared<Check>>>,
}

/// What the API says of a key; nothing where it was not asked.
type Check = BoxFuture<'static, Option<Result<Captured, Failure>>>;

#[derive(Debug, Default)]
struct Known {
    /// When the API was last asked and did not refuse the key.
    cleared: Option<Instant>,
    reads: HeaderMap,
    writes: HeaderMap,
}

impl Keys {
    pub(super) fn new(product: Product, upstream: Upstream, header: Option<HeaderName>) -> Self {
        Self { product, upstream, header, known: Mutex::default(), checks: Mutex::default() }
    }

    /// A refusal of the access, in the words of the product where it is about the key.
    pub(super) fn in_words(&self, refusal: Refusal, request_id: &str) -> Refusal {
        let problem = match refusal.status {
            StatusCode::UNAUTHORIZED => KeyProblem::Missing,
            StatusCode::BAD_REQUEST => KeyProblem::Malformed,
            _ => return refusal,
        };
        self.refused(problem, refusal, request_id)
    }

    /// Refuses a key that has not the form of one, or that the API refuses. To ask the API is work, as calls are.
    pub(super) async fn check(
        &self,
        caller: &Caller,
        request_id: &str,
        admission: &Admission,
    ) -> Result<(), Refusal> {
        let (Credential::Key(key) | Credential::Bearer(key)) = &caller.credential else { return Ok(()) };
        if !(self.product.is_key)(key.expose_secret()) {
            return Err(self.refused(KeyProblem::Malformed, invalid_key(), request_id));
        }
        if self.is_fresh(&caller.fingerprint) {
            return Ok(());
        }
        let _permit = admission.admit().await?;
        if self.is_fresh(&caller.fingerprint) {
            return Ok(());
        }
        match self.asking(caller, request_id).await {
            Some(Ok(answer)) if answer.status == StatusCode::UNAUTHORIZED => Err(refused_by_api(&answer)),
            Some(Ok(answer)) => {
                self.heard(&caller.fingerprint, Effect::Read, &limit_headers::of(&answer.headers));
                // To ask takes a token of the key's limits: who has none left is not asked about with each request.
                if !answer.status.is_server_error() {
                    self.change(&caller.fingerprint, |known| known.cleared = Some(Instant::now()));
                }
                Ok(())
            }
            Some(Err(_)) | None => Ok(()),
        }
    }

    /// Keeps what the API told of its limits in answer to a call.
    pub(super) fn heard(&self, key: &Fingerprint, effect: Effect, limits: &HeaderMap) {
        if !limit_headers::tell_a_limit(limits) {
            return;
        }
        let mut limits = limits.clone();
        // It is about the call that was refused, and no other.
        limits.remove(http::header::RETRY_AFTER);
        self.change(key, |known| match effect {
            Effect::Read => known.reads = limits,
            Effect::Write | Effect::Destructive => known.writes = limits,
        });
    }

    /// What the API last told this key, of the bucket that the effect counts against, or else of the other.
    pub(super) fn limits(&self, key: &Fingerprint, effect: Effect) -> HeaderMap {
        let known = self.lock();
        let Some(known) = known.get(key) else { return HeaderMap::new() };
        match effect {
            Effect::Write | Effect::Destructive if !known.writes.is_empty() => known.writes.clone(),
            _ => known.reads.clone(),
        }
    }

    /// The API has refused the key in the meantime: it is asked again.
    pub(super) fn forget(&self, key: &Fingerprint) {
        self.lock().remove(key);
    }

    fn is_fresh(&self, key: &Fingerprint) -> bool {
        let known = self.lock();
        known.get(key).and_then(|known| known.cleared).is_some_and(|cleared| cleared.elapsed() < FRESH)
    }

    /// The check of this key that goes on, or a new one: it takes a token, so requests that come together share it.
    fn asking(&self, caller: &Caller, request_id: &str) -> Shared<Check> {
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(check) = checks.get(&caller.fingerprint).and_then(WeakShared::upgrade) {
            return check;
        }
        let check = self.ask(caller, request_id).shared();
        checks.retain(|_, check| check.upgrade().is_some());
        checks.extend(check.downgrade().map(|weak| (caller.fingerprint.clone(), weak)));
        check
    }

    fn ask(&self, caller: &Caller, request_id: &str) -> Check {
        let credential = caller.credential.clone().in_header(self.header.as_ref());
        let context = CallContext::new(self.upstream.clone(), credential)
            .with_deadline(Instant::now() + PATIENCE)
            .with_request_id(request_id.to_owned());
        let operation = GenericOperation::new("key check", "GET", self.product.key_check);
        async move {
            execute(&context, GenericRequest::new(operation).header("Accept", "application/json")).await;
            context.outcome()
        }
        .boxed()
    }

    fn change(&self, key: &Fingerprint, change: impl FnOnce(&mut Known)) {
        let mut known = self.lock();
        if known.len() >= CAPACITY && !known.contains_key(key) {
            known.retain(|_, known| known.cleared.is_some_and(|cleared| cleared.elapsed() < FRESH));
            if known.len() >= CAPACITY {
                return;
            }
        }
        change(known.entry(key.clone()).or_default());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Fingerprint, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refused(&self, problem: KeyProblem, refusal: Refusal, request_id: &str) -> Refusal {
        let body = (self.product.refusal)(problem, request_id);
        let challenges = refusal.headers;
        let unauthorized =
            Refusal::new(StatusCode::UNAUTHORIZED, refusal.code, "unauthenticated", refusal.message);
        challenges
            .into_iter()
            .fold(unauthorized, |refusal, (name, value)| refusal.with_header(name, value))
            .with_body(body)
    }
}

fn invalid_key() -> Refusal {
    let challenge = "Bearer error=\"invalid_token\"";
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        -32_001,
        "unauthenticated",
        "the key in `Authorization` is not accepted",
    )
    .with_challenge(http::HeaderValue::from_static(challenge))
}

/// The API's own words, where they are JSON, and what it told of limits.
fn refused_by_api(answer: &Captured) -> Refusal {
    let limits = limit_headers::of(&answer.headers);
    let refusal = limits
        .iter()
        .fold(invalid_key(), |refusal, (name, value)| refusal.with_header(name.clone(), value.clone()));
    match serde_json::from_slice::<Value>(&answer.body) {
        Ok(body) if body.is_object() => refusal.with_body(body),
        _ => refusal,
    }
}
