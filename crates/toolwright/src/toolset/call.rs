//! A call of a tool, from policy to result.

use std::sync::Arc;

use serde_json::{Map, Value};
use toolwright_client::{Captured, Failure, execute};

use super::{Toolset, consent};
use crate::api::{Decoded, Invoke};
use crate::arguments::Arguments;
use crate::error::{
    CallError, Scrubber, ToolError, from_failure, insufficient_scope, internal, invalid_arguments,
    invalid_mismatch, refused_by_policy,
};
use crate::nearest::nearest;
use crate::observe::Watch;
use crate::output::{Answer, Output};
use crate::policy::Refusal;
use crate::schema::shorten;
use crate::tool::{Run, Tool};
use crate::{Context, Granted};

impl Toolset {
    /// Calls a tool.
    ///
    /// The policy and the caller's scopes are looked at first, then the arguments; then the user is asked, where the
    /// policy wants it. Only then is anything sent.
    ///
    /// # Errors
    /// There is no such tool; or it was refused, or failed, as [`ToolError`] tells.
    pub async fn call(
        &self,
        name: &str,
        arguments: Map<String, Value>,
        context: &Context,
    ) -> Result<Output, CallError> {
        let Some(tool) = self.find(name) else {
            return Err(self.unknown_tool(name, context.granted()));
        };
        self.watched(tool, arguments, context, tool.refusal.as_ref()).await
    }

    /// Calls a tool as a part of a hand-written one. The policy does not keep it from running: that the hand-written tool
    /// is offered stands for its parts. Everything else is as with [`Toolset::call`].
    ///
    /// # Errors
    /// There is no such tool; or it was refused, or failed, as [`ToolError`] tells.
    pub async fn call_part(
        &self,
        name: &str,
        arguments: Map<String, Value>,
        context: &Context,
    ) -> Result<Output, CallError> {
        let Some(tool) = self.find(name) else {
            return Err(self.unknown_tool(name, context.granted()));
        };
        self.watched(tool, arguments, context, None).await
    }

    /// Runs a tool under the eyes of the observers, or refuses it.
    async fn watched(
        &self,
        tool: &Arc<Tool>,
        arguments: Map<String, Value>,
        context: &Context,
        refusal: Option<&Refusal>,
    ) -> Result<Output, CallError> {
        let mut watch = Watch::start(context, tool, &arguments);
        let result = match refusal {
            Some(refusal) => Err(refused_by_policy(tool, refusal)),
            None => self.run(tool, arguments, context, &mut watch).await,
        };
        let result = match result {
            // What a hand-written tool hands on from its parts is explained already.
            Err(error) if matches!(tool.run, Run::Operation { .. }) => {
                Err(self.explained(error, context).await)
            }
            result => result,
        };
        let result = result.map_err(|error| named(error, context));
        watch.end(result.as_ref().err());
        match &result {
            Ok(_) => tracing::debug!(tool = tool.name, "called"),
            Err(error) => {
                let kind = error.kind.as_str();
                let request_id = error.request_id.as_deref();
                tracing::debug!(tool = tool.name, kind, status = error.status, request_id, "failed");
            }
        }
        Ok(result?)
    }

    pub(super) async fn run(
        &self,
        tool: &Arc<Tool>,
        arguments: Map<String, Value>,
        context: &Context,
        watch: &mut Watch,
    ) -> Result<Output, ToolError> {
        let missing = context.granted().missing(&tool.scopes);
        if !missing.is_empty() {
            return Err(insufficient_scope(tool, &missing));
        }
        let arguments = Arguments::check(tool, arguments)?;
        let broken = self.0.rules.map_or_else(Vec::new, |rules| rules(&tool.name, arguments.values()));
        if !broken.is_empty() {
            return Err(invalid_arguments(tool, broken, true));
        }
        if tool.needs_consent {
            // Boxed, as `execute` below: few calls need it, and all others would carry the room for it.
            Box::pin(consent::obtain(tool, &arguments, context)).await?;
        }
        match &tool.run {
            Run::HandWritten(handler) => {
                let output = handler(arguments, context.clone(), self.clone()).await?;
                Ok(output.conforming_to(tool))
            }
            Run::Operation { invoke, .. } => self.send(tool, *invoke, arguments, context, watch).await,
        }
    }

    async fn send(
        &self,
        tool: &Arc<Tool>,
        invoke: Invoke,
        mut arguments: Arguments,
        context: &Context,
        watch: &mut Watch,
    ) -> Result<Output, ToolError> {
        let mut call = watch.mark(context.request(tool.timeout, self.key_header()));
        let key = arguments.take_idempotency_key();
        if let Some(key) = &key {
            call = call.with_idempotency_key(key.value.clone());
        }
        let policy = context.fetch_policy(tool.timeout);
        let loaded = context.cancellation().run_until_cancelled(arguments.load_files(&policy)).await;
        match loaded {
            Some(loaded) => loaded.map_err(|mismatch| invalid_mismatch(tool, mismatch))?,
            None => return Err(from_failure(tool, &Failure::Cancelled, call.request_id(), None)),
        }
        let sent = watch.clock();
        let decoded = match invoke {
            Invoke::Typed(function) => {
                let decoded = function(call.clone(), arguments).await;
                decoded.map_err(|mismatch| invalid_mismatch(tool, mismatch))?
            }
            Invoke::Generic => {
                let request =
                    arguments.into_request().map_err(|mismatch| invalid_mismatch(tool, mismatch))?;
                Box::pin(execute(&call, request)).await;
                Decoded::AsDocumented
            }
        };
        let outcome = call.outcome();
        if let Some(outcome) = &outcome {
            watch.upstream_ended(outcome, sent);
        }
        let answer = match outcome {
            Some(Ok(answer)) => answer,
            Some(Err(failure)) => {
                return Err(from_failure(tool, &failure, call.request_id(), key.as_ref()));
            }
            None => return Err(internal(format!("`{}` ended without an answer or a failure", tool.name))),
        };
        let scrubber = Scrubber::new(context.credential());
        Answer {
            tool,
            api: &self.0.catalog.api.name,
            base_url: context.upstream().base_url(),
            request_id: scrubber.scrub(request_id(&answer).unwrap_or_else(|| call.request_id())).into_owned(),
            scrubber,
            budget: self.0.response_budget,
            captured: &answer,
            key: key.as_ref(),
        }
        .into_output(&decoded)
    }

    fn unknown_tool(&self, name: &str, granted: &Granted) -> CallError {
        let callable = self.list(granted);
        let near = nearest(name, callable.iter().map(|tool| tool.name.as_str()));
        CallError::UnknownTool {
            name: shorten(name, 64),
            suggestions: near.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// An error with the request's id, which the API has not given one that it never saw.
fn named(error: ToolError, context: &Context) -> ToolError {
    error.with(|details| {
        if details.request_id.is_none() {
            details.request_id = context.request_id().map(str::to_owned);
        }
    })
}

/// The API's own name for the request, where it gave one.
fn request_id(answer: &Captured) -> Option<&str> {
    let id = answer.headers.get("x-request-id")?.to_str().ok()?;
    (!id.is_empty() && id.len() <= 200).then_some(id)
}
