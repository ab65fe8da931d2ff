//! One request that is passed on to the API: see [`crate::passed`].

use std::time::Instant;

use axum::body::Body;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, RETRY_AFTER};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Request, Response, StatusCode};
use serde_json::Value;
use toolwright::Context;
use toolwright::catalog::Effect;
use toolwright::client::{
    CallContext, Captured, Failure, FileContent, GenericOperation, GenericRequest, QueryStyle, RequestBody,
    execute,
};
use url::form_urlencoded;

use super::{Endpoint, Refused, Sender};
use crate::limits::read_body;
use crate::passed::Passed;
use crate::{Caller, Refusal};

impl Endpoint {
    /// Lets the API answer a request on one of its own routes.
    pub(crate) async fn pass_on(&self, route: &Passed, request: Request<Body>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let request_id = self.request_id(&parts.headers);
        let response = self.passed_on(route, parts, body, &request_id).await;
        self.finish(response.map_err(Refused::from), HeaderMap::new(), &request_id)
    }

    async fn passed_on(
        &self,
        route: &Passed,
        parts: Parts,
        body: Body,
        request_id: &str,
    ) -> Result<Response<Body>, Refusal> {
        let arrived = Instant::now();
        self.guard.check(&parts)?;
        let access = self.config.access.get();
        let caller = self.caller(&access, &parts.headers, request_id).await?;
        let sender = Sender { access: &access, caller: &caller, arrived, request_id };
        let effect = self.permit(route, &sender)?;
        let told = self.config.rates.check(&*self.config.shared, &caller.fingerprint, effect).await?;
        let body = read_body(body, self.config.max_body_bytes, self.config.body_timeout).await?;
        let _permit = self.admission.admit().await?;
        let credential = caller.credential.clone().in_header(self.server.toolset().key_header());
        let call = CallContext::new(self.config.upstream.clone(), credential)
            .with_deadline(arrived + self.config.call_timeout)
            .with_request_id(request_id.to_owned());
        execute(&call, outgoing(route, &parts, body)).await;
        let mut answer = match call.outcome() {
            Some(Ok(answer)) => answer,
            Some(Err(failure)) => {
                let obstacle = match failure {
                    Failure::Timeout { .. } => self.obstacle(&caller).await,
                    _ => None,
                };
                return Err(no_answer(&failure, obstacle.as_deref()));
            }
            None => return Err(no_answer(&Failure::Transport("nothing was sent".to_owned()), None)),
        };
        if let Some(pointer) = route.names_endpoint {
            answer.body = self.naming_endpoint(answer.body, pointer, &parts.headers);
        }
        let mut response = incoming(answer);
        told.write(response.headers_mut());
        Ok(response)
    }

    /// What keeps the API from answering, as far as it says.
    async fn obstacle(&self, caller: &Caller) -> Option<String> {
        let context = Context::new(self.config.upstream.clone())
            .with_credential(caller.credential.clone())
            .with_granted(caller.granted.clone());
        self.server.toolset().obstacle(&context).await
    }

    /// What the route does, as limits count it.
    ///
    /// # Errors
    /// The caller may not call the tool that does the same, or nobody may.
    fn permit(&self, route: &Passed, sender: &Sender<'_>) -> Result<Effect, Refusal> {
        let Some(name) = route.tool else {
            return Ok(if route.method == "GET" { Effect::Read } else { Effect::Write });
        };
        let Some(tool) = self.server.toolset().tool(name).filter(|tool| !tool.asks_first()) else {
            let message =
                format!("whoever runs this server has switched `{name}` off, and this route with it");
            return Err(Refusal::new(StatusCode::FORBIDDEN, -32_003, "refused_by_policy", message));
        };
        let missing = sender.caller.granted.missing(&tool.scopes);
        if missing.is_empty() {
            return Ok(tool.effect);
        }
        Err(sender.access.insufficient_scope(&tool.scopes, &missing))
    }

    /// An answer with the address of this endpoint, as the client knows it, where the API names its own. One that is no
    /// JSON stays as it is.
    fn naming_endpoint(&self, body: Bytes, pointer: &str, asked: &HeaderMap) -> Bytes {
        let host = asked.get(HOST).and_then(|host| host.to_str().ok());
        let (Ok(mut value), Some(host)) = (serde_json::from_slice::<Value>(&body), host) else { return body };
        let Some(place) = value.pointer_mut(pointer) else { return body };
        *place = format!("{}://{host}{}", self.config.scheme, self.config.path).into();
        format!("{value:#}").into()
    }
}

/// The request as the API gets it: with the query, the body and its type, and no other header of the client.
fn outgoing(route: &Passed, parts: &Parts, body: Bytes) -> GenericRequest {
    let operation = GenericOperation::new(route.path, route.method, route.path);
    let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let request = query.fold(GenericRequest::new(operation), |request, (name, value)| {
        request.query(&name, value.into_owned().into(), QueryStyle::Repeated)
    });
    if body.is_empty() {
        return request;
    }
    let given = parts.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let mime_type = Some(given.unwrap_or("application/json").to_owned());
    request.body(RequestBody::Binary(FileContent { bytes: body, filename: None, mime_type }))
}

/// The API's answer: its status, its type, for how long it may be kept, and its body.
fn incoming(answer: Captured) -> Response<Body> {
    let Captured { status, headers, body, .. } = answer;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    for name in &PASSED_BACK {
        if let Some(value) = headers.get(name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// `x-sandbox` says that the answer is simulated.
static PASSED_BACK: [HeaderName; 4] =
    [CONTENT_TYPE, CACHE_CONTROL, RETRY_AFTER, HeaderName::from_static("x-sandbox")];

fn no_answer(failure: &Failure, obstacle: Option<&str>) -> Refusal {
    let (status, kind) = match failure {
        Failure::Timeout { .. } => (StatusCode::GATEWAY_TIMEOUT, "timeout"),
        _ => (StatusCode::BAD_GATEWAY, "upstream_unavailable"),
    };
    let message = match obstacle {
        Some(obstacle) => format!("{obstacle} {failure}"),
        None => failure.to_string(),
    };
    Refusal::new(status, -32_004, kind, message)
}
