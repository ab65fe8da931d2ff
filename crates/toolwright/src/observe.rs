//! Who watches calls: metrics, audit logs, and transports that pass on what the API said about its limits.

mod watch;

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};
use toolwright_client::{Captured, Failure, HeaderName, HeaderValue};

use crate::{Context, Tool, ToolError};

pub use watch::Watch;

/// Watches the calls of a [`Context`].
///
/// It is told before anything is checked or sent, so that refused calls are seen too. Calls of tools that do not exist
/// are not: there is nothing to tell.
pub trait Observer: Send + Sync {
    /// A call begins. What is returned is told how it goes on; dropped without [`Observed::ended`], the call was
    /// abandoned: its caller is gone.
    fn call_started(
        &self,
        tool: &Tool,
        arguments: &Map<String, Value>,
        context: &Context,
    ) -> Box<dyn Observed>;
}

/// Watches one call.
pub trait Observed: Send {
    /// Headers that requests to the API carry on its account, such as the `traceparent` of its span.
    fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        Vec::new()
    }

    /// The API answered, or a request to it failed, after this long, retries included.
    fn upstream_ended(&mut self, _answer: Result<&Captured, &Failure>, _took: Duration) {}

    /// The call ended.
    fn ended(self: Box<Self>, outcome: Result<(), &ToolError>);
}

impl fmt::Debug for dyn Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observer")
    }
}
