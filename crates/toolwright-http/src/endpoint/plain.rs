//! One request of a plain client: see [`crate::plain`].

use axum::body::Body;
use bytes::Bytes;
use http::request::Parts;
use http::{Method, Response};
use serde_json::{Map, Value, json};
use toolwright::catalog::Effect;
use toolwright::observe::Watch;
use toolwright::{CallError, ErrorKind, ToolError};

use super::asked::Asked;
use super::limit_headers::LimitHeaders;
use super::{Call, Endpoint, Sender};
use crate::Refusal;
use crate::limits::read_body;
use crate::plain::{self, PlainClients};

impl Endpoint {
    /// Answers a plain client.
    pub(super) async fn answer_plain(
        &self,
        plain: &PlainClients,
        parts: &Parts,
        body: Body,
        sender: Sender<'_>,
    ) -> Result<Response<Body>, Refusal> {
        if parts.method != Method::POST {
            return Ok(plain::not_found());
        }
        let body = read_body(body, self.config.max_body_bytes, self.config.body_timeout).await?;
        let message = match read(&body) {
            Ok(message) => message,
            Err(error) => return Ok(plain::malformed(&error)),
        };
        if !matches!(
            message.get("method").and_then(Value::as_str),
            Some("tools/call" | "notifications/initialized")
        ) {
            self.config.rates.check(&*self.config.shared, &sender.caller.fingerprint, Effect::Read).await?;
        }
        let (id, params) = (message.get("id"), message.get("params").unwrap_or(&Value::Null));
        let response = match message.get("method").and_then(Value::as_str) {
            Some("initialize") => plain::result(id, plain::opened(plain, params)),
            Some("notifications/initialized") => plain::notified(),
            Some("tools/list") => {
                let tools = self.server.toolset().list(&sender.caller.granted);
                plain::result(id, plain::listed(tools))
            }
            Some("tools/call") => return self.call_plain(plain, parts, &message, sender).await,
            _ => plain::unknown_method(id, message.get("method")),
        };
        Ok(plain::session(response, &parts.headers))
    }

    async fn call_plain(
        &self,
        plain: &PlainClients,
        parts: &Parts,
        message: &Map<String, Value>,
        sender: Sender<'_>,
    ) -> Result<Response<Body>, Refusal> {
        let params = message.get("params").cloned().unwrap_or_default();
        // The same message as a standard client would send it, so that the same rules can be asked.
        let standard =
            json!({ "jsonrpc": "2.0", "id": 0, "method": "tools/call", "params": params }).to_string();
        let asked = Asked::read(standard.as_bytes())?;
        let Sender { access, caller, arrived, request_id } = sender;
        let tool = self.called(&asked);
        let timeout = tool.and_then(|tool| tool.timeout).unwrap_or(self.config.call_timeout);
        let call = Call { access, caller, asked: &asked, tool, arrived, timeout, request_id };
        let told = self.count(&call).await?;
        let limits = LimitHeaders::default();
        let context = self.context(parts, &call, &limits);
        let name = plain::name(params.get("name"));
        let none = Map::new();
        let given = params.get("arguments").and_then(Value::as_object).unwrap_or(&none);
        let arguments = match (plain.arguments)(&name, given) {
            Ok(arguments) => arguments,
            Err(wrong) => {
                if let Some(tool) = tool {
                    let error = ToolError::new(ErrorKind::InvalidArguments, wrong.as_str());
                    Watch::start(&context, tool, given).end(Some(&error));
                }
                return Ok(plain::failed(&wrong));
            }
        };
        let _permit = self.admission.admit().await?;
        let mut response = match self.server.toolset().call(&name, arguments, &context).await {
            Ok(output) => {
                plain::session(plain::result(message.get("id"), plain::called(&output)), &parts.headers)
            }
            Err(CallError::UnknownTool { name, .. }) => plain::failed(&format!("Unknown tool: {name}")),
            Err(CallError::Tool(error)) => plain::failed(error.said.as_deref().unwrap_or(&error.message)),
        };
        if let Some(told) = told {
            told.write(response.headers_mut());
        }
        response.headers_mut().extend(limits.take());
        Ok(response)
    }
}

/// The members of a message; none where there is no body, or one that is no object.
fn read(body: &Bytes) -> Result<Map<String, Value>, serde_json::Error> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    Ok(match serde_json::from_slice(body)? {
        Value::Object(members) => members,
        _ => Map::new(),
    })
}
