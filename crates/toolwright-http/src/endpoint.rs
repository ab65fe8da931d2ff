//! The endpoint: what happens to one request, in order.

mod asked;
mod binding;
mod keys;
mod limit_headers;
mod lists;
mod mcp;
mod parking;
mod passed;
mod plain;
mod session;

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use toolwright::catalog::Effect;
use toolwright::{Context, Server, Tool};

use crate::access::Access;
use crate::config::HttpConfig;
use crate::guard::Guard;
use crate::limits::{Admission, RateHeaders, read_body};
use crate::plain::is_plain;
use crate::{Caller, Refusal};

use asked::{Asked, invalid_request};
use keys::Keys;
use limit_headers::LimitHeaders;
use lists::Lists;
use mcp::Mcp;
use session::SessionIds;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How much longer than a call the answer may take, before the request itself is given up.
const GRACE: Duration = Duration::from_secs(2);

/// Serves the endpoint's path.
pub(crate) struct Endpoint {
    server: Server,
    mcp: Mcp,
    guard: Arc<Guard>,
    lists: Lists,
    admission: Admission,
    /// Only where there are sessions.
    session_ids: Option<SessionIds>,
    /// Only where a product is stood in for.
    keys: Option<Keys>,
    config: HttpConfig,
    stop: CancellationToken,
}

/// A refusal, with the id of the request that it answers.
struct Refused {
    id: Option<Value>,
    refusal: Refusal,
}

impl Refused {
    /// As those expect it who know nothing of MCP: there JSON-RPC's own `null` is the id of what has none.
    fn without_id(refusal: Refusal) -> Self {
        Self { id: Some(Value::Null), refusal }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { id: None, refusal }
    }
}

impl Endpoint {
    pub(crate) fn new(
        server: Server,
        config: HttpConfig,
        guard: Arc<Guard>,
        stop: CancellationToken,
    ) -> Self {
        let mcp = if config.sessions {
            // No call that goes on for as long as it may is without a use for as long as this.
            let timeouts = server.toolset().tools().filter_map(|tool| tool.timeout);
            let longest = timeouts.fold(config.call_timeout, Duration::max);
            let park_after = config.park_after.max(longest + GRACE);
            Mcp::sessions(server.clone(), Arc::clone(&config.shared), config.max_body_bytes, park_after)
        } else {
            Mcp::stateless(server.clone(), config.max_body_bytes)
        };
        let admission = Admission::new(config.concurrency, config.queue, config.call_timeout);
        let lists = Lists::default();
        let session_ids = config.sessions.then(|| SessionIds::new(Arc::clone(&config.shared)));
        let header = server.toolset().key_header().cloned();
        let keys = config.product.map(|product| Keys::new(product, config.upstream.clone(), header));
        Self { server, mcp, guard, lists, admission, session_ids, keys, config, stop }
    }

    /// Answers one request, whatever it is.
    pub(crate) async fn serve(&self, request: Request<Body>) -> Response<Body> {
        let (mut parts, body) = request.into_parts();
        let request_id = self.request_id(&parts.headers);
        let mut known = HeaderMap::new();
        let answer = self.answer(&mut parts, body, &request_id, &mut known).await;
        self.finish(answer, known, &request_id)
    }

    /// The answer, or the refusal as one, with what is known of the caller's limits and the request's id.
    fn finish(
        &self,
        answer: Result<Response<Body>, Refused>,
        known: HeaderMap,
        request_id: &str,
    ) -> Response<Body> {
        let mut response = match answer {
            Ok(response) => response,
            Err(Refused { id, refusal }) => {
                tracing::debug!(status = refusal.status.as_u16(), kind = refusal.kind, "refused");
                if let Some(metrics) = &self.config.metrics {
                    metrics.refused(refusal.kind);
                }
                refusal.with_data("request_id", request_id).into_response(id.as_ref())
            }
        };
        if !limit_headers::tell_a_limit(response.headers()) {
            response.headers_mut().extend(known);
        }
        if let Ok(request_id) = HeaderValue::from_str(request_id) {
            response.headers_mut().entry(REQUEST_ID).or_insert(request_id);
        }
        response
    }

    async fn answer(
        &self,
        parts: &mut Parts,
        body: Body,
        request_id: &str,
        known: &mut HeaderMap,
    ) -> Result<Response<Body>, Refused> {
        let arrived = Instant::now();
        self.guard.check(parts)?;
        let access = self.config.access.get();
        let caller = self.caller(&access, &parts.headers, request_id).await?;
        self.recall(&caller, Effect::Read, known);
        for name in access.credential_headers() {
            // Who calls is known: nothing behind this point needs a credential, so that nothing can print one.
            parts.headers.remove(name);
        }
        if let Some(plain) = self.config.plain.as_ref().filter(|_| is_plain(&parts.headers)) {
            let sender = Sender { access: &access, caller: &caller, arrived, request_id };
            let answer = self.answer_plain(plain, parts, body, sender).await;
            return answer.map_err(Refused::without_id);
        }
        if let Some(session_ids) = &self.session_ids {
            session_ids.open(&mut parts.headers, &caller.fingerprint).await?;
        }
        if parts.method != Method::POST {
            let response = self.mcp.answer(take(parts), Bytes::new()).await;
            return Ok(mcp::until_stopped(response, &self.stop));
        }
        if !is_json(&parts.headers) {
            let wrong = "the body must be JSON, with `Content-Type: application/json`";
            return Err(
                Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, -32_600, "invalid_request", wrong).into()
            );
        }
        let body = read_body(body, self.config.max_body_bytes, self.config.body_timeout).await?;
        let asked = Asked::read(&body)?;
        let refused = |refusal| Refused { id: asked.id(), refusal };
        let tool = self.called(&asked);
        if let Some(tool) = tool {
            self.recall(&caller, tool.effect, known);
        }
        let timeout = tool.and_then(|tool| tool.timeout).unwrap_or(self.config.call_timeout);
        let call =
            Call { access: &access, caller: &caller, asked: &asked, tool, arrived, timeout, request_id };
        let mut response = self.dispatch(parts, &call, body.clone()).await.map_err(refused)?;
        if let Some(session_ids) = &self.session_ids {
            session_ids.seal(&mut response, &caller.fingerprint).await.map_err(refused)?;
        }
        Ok(response)
    }

    /// The id that the client gave the request, or a new one.
    fn request_id(&self, headers: &HeaderMap) -> String {
        given_request_id(headers).unwrap_or_else(|| match self.config.product {
            Some(product) => (product.request_id)(),
            None => uuid::Uuid::new_v4().to_string(),
        })
    }

    /// Who calls. Where a product is stood in for, with a key that the API knows.
    async fn caller(
        &self,
        access: &Access,
        headers: &HeaderMap,
        request_id: &str,
    ) -> Result<Caller, Refusal> {
        let caller = access.caller(headers).await;
        let Some(keys) = &self.keys else { return caller };
        let caller = caller.map_err(|refusal| keys.in_words(refusal, request_id))?;
        keys.check(&caller, request_id, &self.admission).await?;
        Ok(caller)
    }

    /// What the API last told this caller of its limits, for a response that makes no call of its own.
    fn recall(&self, caller: &Caller, effect: Effect, known: &mut HeaderMap) {
        if let Some(keys) = &self.keys {
            *known = keys.limits(&caller.fingerprint, effect);
        }
    }

    /// Answers a POST whose message has been read.
    async fn dispatch(
        &self,
        parts: &mut Parts,
        call: &Call<'_>,
        body: Bytes,
    ) -> Result<Response<Body>, Refusal> {
        let told = self.count(call).await?;
        let limits = LimitHeaders::default();
        let mut response = match self.prepared(parts, call) {
            Some(response) => response,
            None => self.forward(parts, call, body, &limits).await?,
        };
        // What the API says about its own limits is nearer to the truth, and the two are not mixed.
        let upstream = limits.take();
        if let Some(keys) = &self.keys {
            let key = &call.caller.fingerprint;
            if limits.refused_the_key() {
                keys.forget(key);
            } else {
                keys.heard(key, call.tool.map_or(Effect::Read, |tool| tool.effect), &upstream);
            }
            // As the product's own endpoint: result and response tell one name.
            if let Some(request_id) = limits.request_id() {
                response.headers_mut().insert(REQUEST_ID, request_id);
            }
        }
        if let Some(told) = told.filter(|_| !limit_headers::tell_a_limit(&upstream)) {
            told.write(response.headers_mut());
        }
        response.headers_mut().extend(upstream);
        Ok(response)
    }

    /// Counts a request that the caller may make, and says what is left.
    async fn count(&self, call: &Call<'_>) -> Result<Option<RateHeaders>, Refusal> {
        let Some(effect) = authorize(call)? else { return Ok(None) };
        let shared = &*self.config.shared;
        self.config.rates.check(shared, &call.caller.fingerprint, effect).await.map(Some)
    }

    /// The tool that a request calls, where it calls one that is served.
    fn called(&self, asked: &Asked<'_>) -> Option<&Tool> {
        if asked.method.as_deref() != Some("tools/call") {
            return None;
        }
        self.server.toolset().tool(asked.params()?.name.as_deref()?)
    }

    fn prepared(&self, parts: &Parts, call: &Call<'_>) -> Option<Response<Body>> {
        let is_list = call.asked.method.as_deref() == Some("tools/list") && self.session_ids.is_none();
        let is_plain = is_list && mcp::accepts_json(&parts.headers);
        is_plain.then(|| self.lists.answer(&self.server, &call.caller.granted, &parts.headers, call.asked))?
    }

    async fn forward(
        &self,
        parts: &mut Parts,
        call: &Call<'_>,
        body: Bytes,
        limits: &LimitHeaders,
    ) -> Result<Response<Body>, Refusal> {
        let method = call.asked.method.as_deref();
        if method == Some("initialize") && self.mcp.open_sessions().await >= self.config.max_sessions {
            return Err(overloaded("as many sessions are open as this server keeps"));
        }
        let permit = if is_work(method) { Some(self.admission.admit().await?) } else { None };
        parts.extensions.insert(self.context(parts, call, limits));
        let work = self.mcp.answer(take(parts), body);
        let left = (call.timeout + GRACE).saturating_sub(call.arrived.elapsed());
        let response = tokio::time::timeout(left, work).await.map_err(|_| timed_out(call.timeout))?;
        if mcp::is_unread_message(&response) {
            return Err(invalid_request("the message is not one that MCP knows"));
        }
        if method == Some(mcp::LISTEN) {
            return Ok(mcp::until_stopped(response, &self.stop));
        }
        Ok(response.map(|body| match permit {
            Some(permit) => Body::new(permit.hold(body)),
            None => body,
        }))
    }

    /// The caller, as tools see it.
    fn context(&self, parts: &Parts, call: &Call<'_>, limits: &LimitHeaders) -> Context {
        let sender = Sender {
            access: call.access,
            caller: call.caller,
            arrived: call.arrived,
            request_id: call.request_id,
        };
        self.context_of(sender, call.timeout)
            .with_notifications(mcp::accepts_events(&parts.headers))
            .with_observer(Arc::new(limits.clone()))
    }

    /// The same for whatever is answered within this time.
    fn context_of(&self, sender: Sender<'_>, timeout: Duration) -> Context {
        let mut context = Context::new(self.config.upstream.clone())
            .with_credential(sender.caller.credential.clone())
            .with_granted(sender.caller.granted.clone())
            .with_deadline(sender.arrived + timeout)
            .with_request_id(sender.request_id)
            .with_caller(sender.caller.fingerprint.as_str())
            .with_fetch_policy(self.config.fetch_policy);
        if let Some(metrics) = &self.config.metrics {
            context = context.with_observer(Arc::new(metrics.clone()));
        }
        let observers = self.config.observers.iter().map(Arc::clone);
        observers.fold(context, Context::with_observer)
    }
}

/// What a request does, as limits count it; none where it is not counted.
///
/// # Errors
/// It calls a tool whose scopes the caller does not have.
fn authorize(call: &Call<'_>) -> Result<Option<Effect>, Refusal> {
    if !call.asked.is_request() {
        return Ok(None);
    }
    let Some(tool) = call.tool else {
        return Ok(Some(Effect::Read));
    };
    let missing = call.caller.granted.missing(&tool.scopes);
    if missing.is_empty() {
        return Ok(Some(tool.effect));
    }
    Err(call.access.insufficient_scope(&tool.scopes, &missing))
}

fn timed_out(timeout: Duration) -> Refusal {
    let message = format!("no answer within {} s", timeout.as_secs());
    Refusal::new(StatusCode::GATEWAY_TIMEOUT, -32_004, "timeout", message)
}

/// Who sent a request, and when.
#[derive(Clone, Copy)]
struct Sender<'a> {
    access: &'a Access,
    caller: &'a Caller,
    arrived: Instant,
    request_id: &'a str,
}

/// One message, and who sent it.
struct Call<'a> {
    access: &'a Access,
    caller: &'a Caller,
    asked: &'a Asked<'a>,
    /// The tool that it calls, where that is served.
    tool: Option<&'a Tool>,
    arrived: Instant,
    /// How long it may take.
    timeout: Duration,
    request_id: &'a str,
}

fn overloaded(why: &str) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, -32_004, "overloaded", why)
        .with_retry_after(Duration::from_secs(5))
}

/// Whether a method makes the server, or the API, work. Streams that only wait are no work.
fn is_work(method: Option<&str>) -> bool {
    matches!(method, Some("tools/call" | "resources/read" | "prompts/get" | "completion/complete"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    kind.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json")
}

/// The id that the client gave the request, if it is fit for a header and a log line.
fn given_request_id(headers: &HeaderMap) -> Option<String> {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let fits =
        |id: &&str| !id.is_empty() && id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_graphic());
    given.filter(fits).map(ToOwned::to_owned)
}

/// The parts of a request, out of their place.
fn take(parts: &mut Parts) -> Parts {
    let (empty, ()) = Request::new(()).into_parts();
    std::mem::replace(parts, empty)
}
