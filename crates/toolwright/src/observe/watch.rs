//! The observers of one call.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};
use toolwright_client::{CallContext, Captured, Failure};

use crate::{Context, Observed, Observer, Tool, ToolError};

/// Tells everyone who watches a caller's calls how one of them goes. Without observers it costs nothing, not even a look
/// at the clock.
///
/// [`Toolset::call`](crate::Toolset::call) has its own. It is for whoever does by another way what a tool does, such as a
/// transport that passes a request on to the API.
#[must_use = "a call whose end is not told counts as abandoned"]
pub struct Watch(Vec<Box<dyn Observed>>);

impl Watch {
    /// A call of this tool begins.
    pub fn start(context: &Context, tool: &Tool, arguments: &Map<String, Value>) -> Self {
        let start = |observer: &Arc<dyn Observer>| observer.call_started(tool, arguments, context);
        Self(context.observers().iter().map(start).collect())
    }

    /// What is no call, so that nobody watches it.
    pub fn nobody() -> Self {
        Self(Vec::new())
    }

    /// The context of a request, with the headers that the observers want on it.
    #[must_use]
    pub fn mark(&self, call: CallContext) -> CallContext {
        let headers = self.0.iter().flat_map(|observed| observed.headers());
        headers.fold(call, |call, (name, value)| call.with_header(name, value))
    }

    /// The time, if anyone wants to know how long something takes.
    pub fn clock(&self) -> Option<Instant> {
        (!self.0.is_empty()).then(Instant::now)
    }

    /// The request to the API that began at this time has ended in this way.
    pub fn upstream_ended(&mut self, outcome: &Result<Captured, Failure>, since: Option<Instant>) {
        let took = since.map(|since| since.elapsed()).unwrap_or_default();
        for observed in &mut self.0 {
            observed.upstream_ended(outcome.as_ref(), took);
        }
    }

    /// The call ended, with this error if it failed.
    pub fn end(self, error: Option<&ToolError>) {
        for observed in self.0 {
            observed.ended(error.map_or(Ok(()), Err));
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watch").field("observers", &self.0.len()).finish()
    }
}
