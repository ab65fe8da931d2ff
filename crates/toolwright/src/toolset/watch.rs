//! The observers of one call.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};
use toolwright_client::{Captured, Failure};

use crate::{Observed, Observer, Tool, ToolError};

/// Tells everyone who watches a call how it goes. Without observers it costs nothing, not even a look at the clock.
pub(super) struct Watch(Vec<Box<dyn Observed>>);

impl Watch {
    pub(super) fn start(observers: &[Arc<dyn Observer>], tool: &Tool, arguments: &Map<String, Value>) -> Self {
        Self(observers.iter().map(|observer| observer.call_started(tool, arguments)).collect())
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
