//! The observers of one call.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};
use toolwright_client::{CallContext, Captured, Failure};

use crate::{Context, Observed, Observer, Tool, ToolError};

/// Tells everyone who watches a call how it goes. Without observers it costs nothing, not even a look at the clock.
pub(super) struct Watch(Vec<Box<dyn Observed>>);

impl Watch {
    pub(super) fn start(context: &Context, tool: &Tool, arguments: &Map<String, Value>) -> Self {
        let start = |observer: &Arc<dyn Observer>| observer.call_started(tool, arguments, context);
        Self(context.observers().iter().map(start).collect())
    }

    /// The context of a request, with the headers that the observers want on it.
    pub(super) fn mark(&self, call: CallContext) -> CallContext {
        let headers = self.0.iter().flat_map(|observed| observed.headers());
        headers.fold(call, |call, (name, value)| call.with_header(name, value))
    }

    /// The time, if anyone wants to know how long something takes.
    pub(super) fn clock(&self) -> Option<Instant> {
        (!self.0.is_empty()).then(Instant::now)
    }

    pub(super) fn upstream_ended(&mut self, outcome: &Result<Captured, Failure>, since: Option<Instant>) {
        let took = since.map(|since| since.elapsed()).unwrap_or_default();
        for observed in &mut self.0 {
            observed.upstream_ended(outcome.as_ref(), took);
        }
    }

    pub(super) fn end(self, error: Option<&ToolError>) {
        for observed in self.0 {
            observed.ended(error.map_or(Ok(()), Err));
        }
    }
}
