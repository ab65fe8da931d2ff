//! One request that is passed on to the API: see [`crate::passed`].

use std::time::Instant;

use axum::body::Body;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, RETRY_AFTER};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode};
use serde_json::{Map, Value};
use toolwright::catalog::Effect;
use toolwright::client::{
    CallContext, Captured, Failure, FileContent, GenericOperation, GenericRequest, QueryStyle, RequestBody,
    execute,
};
use toolwright::observe::Watch;
use toolwright::{Context, ErrorKind, Tool, ToolError};
use url::form_urlencoded;

use super::{Endpoint, Refused, Sender};
use crate::Refusal;
use crate::limits::read_body;
use crate::passed::Passed;

impl Endpoint {
    /// Lets the API answer a request on one of its own routes.
    pub(crate) async fn pass_on(&self, route: &Passed, request: Request<Body>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let request_id = self.request_id(&parts.headers);
        let response = self.passed_on(route, parts, body, &request_id).await;
        self.finish(response.map_err(Refused::without_id), HeaderMap::new(), &request_id)
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
        let tool = self.permit(route, &sender)?;
        let effect = effect(route, tool);
        let told = self.config.rates.check(&*self.config.shared, &caller.fingerprint, effect).await?;
        let body = read_body(body, self.config.max_body_bytes, self.config.body_timeout).await?;
        let _permit = self.admission.admit().await?;
        let timeout = tool.and_then(|tool| tool.timeout).unwrap_or(self.config.call_timeout);
        let context = self.context_of(sender, timeout);
        let credential = caller.credential.clone().in_header(self.server.toolset().key_header());
        let call = CallContext::new(self.config.upstream.clone(), credential)
            .with_deadline(arrived + timeout)
            .with_request_id(request_id.to_owned());
        let stands_for = tool.filter(|_| route.is_call).map(|tool| (tool, arguments(&parts, &body)));
        let answer = self.ask(&context, call, outgoing(route, &parts, body), stands_for).await;
        let mut answer = answer.map_err(|error| no_answer(&error))?;
        if let Some(pointer) = route.names_endpoint {
            answer.body = self.naming_endpoint(answer.body, pointer, &parts);
        }
        let mut response = incoming(answer);
        told.write(response.headers_mut());
        Ok(response)
    }

    /// The API's answer, whatever it says. Those who watch calls see the tool and the arguments for which the request stands.
    async fn ask(
        &self,
        context: &Context,
        call: CallContext,
        request: GenericRequest,
        stands_for: Option<(&Tool, Map<String, Value>)>,
    ) -> Result<Captured, ToolError> {
        let mut watch = match &stands_for {
            Some((tool, arguments)) => Watch::start(context, tool, arguments),
            None => Watch::nobody(),
        };
        let (call, since) = (watch.mark(call), watch.clock());
        execute(&call, request).await;
        let nothing = || Err(Failure::Transport("nothing was sent".to_owned()));
        let outcome = call.outcome().unwrap_or_else(nothing);
        watch.upstream_ended(&outcome, since);
        match outcome {
            Ok(answer) => {
                let kind = Some(answer.status).filter(|it| !it.is_success()).map(ErrorKind::of_status);
                let said = |kind| ToolError::new(kind, format!("the API answered {}", answer.status));
                watch.end(kind.map(said).as_ref());
                Ok(answer)
            }
            Err(failure) => {
                let error = match stands_for {
                    Some((tool, _)) => ToolError::no_answer(tool, &failure, call.request_id()),
                    None => ToolError::new(ErrorKind::of_failure(&failure), failure.to_string()),
                };
                let error = self.server.toolset().explained(error, context).await;
                watch.end(Some(&error));
                Err(error)
            }
        }
    }

    /// The tool whose callers may use the route, where it is for some only.
    ///
    /// # Errors
    /// The caller may not call it, or nobody may.
    fn permit(&self, route: &Passed, sender: &Sender<'_>) -> Result<Option<&Tool>, Refusal> {
        let Some(name) = route.tool else { return Ok(None) };
        let Some(tool) = self.server.toolset().tool(name).filter(|tool| !tool.asks_first()) else {
            let message =
                format!("whoever runs this server has switched `{name}` off, and this route with it");
            return Err(Refusal::new(StatusCode::FORBIDDEN, -32_003, "refused_by_policy", message));
        };
        let missing = sender.caller.granted.missing(&tool.scopes);
        if missing.is_empty() {
            return Ok(Some(tool));
        }
        Err(sender.access.insufficient_scope(&tool.scopes, &missing))
    }

    /// An answer with the address of this endpoint, as the client knows it, where the API names its own. One that is no
    /// JSON stays as it is.
    fn naming_endpoint(&self, body: Bytes, pointer: &str, parts: &Parts) -> Bytes {
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        // HTTP/2 has the name in the URI.
        let host = host.or_else(|| parts.uri.authority().map(Authority::as_str));
        let (Ok(mut value), Some(host)) = (serde_json::from_slice::<Value>(&body), host) else { return body };
        let Some(place) = value.pointer_mut(pointer) else { return body };
        *place = format!("{}://{host}{}", self.config.scheme, self.config.path).into();
        format!("{value:#}").into()
    }
}

/// What the route does, as limits count it.
fn effect(route: &Passed, tool: Option<&Tool>) -> Effect {
    match tool {
        Some(tool) => tool.effect,
        None if route.method == "GET" => Effect::Read,
        None => Effect::Write,
    }
}

/// What a request asks for, as the arguments of a call: the members of its body, or those of its query where it is read
/// only. Of several of one name in a query the first counts.
fn arguments(parts: &Parts, body: &Bytes) -> Map<String, Value> {
    if parts.method == Method::POST {
        return serde_json::from_slice(body).unwrap_or_default();
    }
    let mut arguments = Map::new();
    for (name, value) in query(parts) {
        arguments.entry(name).or_insert(value.into());
    }
    arguments
}

fn query(parts: &Parts) -> impl Iterator<Item = (String, String)> {
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    form_urlencoded::parse(query).map(|(name, value)| (name.into_owned(), value.into_owned()))
}

/// The request as the API gets it: with the query, the body and its type, and no other header of the client.
fn outgoing(route: &Passed, parts: &Parts, body: Bytes) -> GenericRequest {
    let operation = GenericOperation::new(route.path, route.method, route.path);
    let request = query(parts).fold(GenericRequest::new(operation), |request, (name, value)| {
        request.query(&name, value.into(), QueryStyle::Repeated)
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

fn no_answer(error: &ToolError) -> Refusal {
    let status = match error.kind {
        ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        ErrorKind::InvalidArguments => StatusCode::BAD_REQUEST,
        _ => StatusCode::BAD_GATEWAY,
    };
    Refusal::new(status, -32_004, error.kind.as_str(), error.message.as_str())
}
