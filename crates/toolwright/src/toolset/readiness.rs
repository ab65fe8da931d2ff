//! Why an API that waits until it can do what it is asked for does not answer in time.

use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use super::Toolset;
use crate::observe::Watch;
use crate::{Context, ErrorKind, ToolError};

/// How long the API may take to say how it is. A caller waits for it whose own time is over.
const PATIENCE: Duration = Duration::from_secs(1);

/// What an API that makes calls wait until it is ready is asked when a call ended without an answer in time.
#[derive(Debug, Clone, Copy)]
pub struct Readiness {
    /// The tool that tells how the API is: it takes no arguments, and changes nothing.
    pub tool: &'static str,
    /// From its result to what keeps the API from answering and what to do about it, as whole sentences; none where the
    /// API is ready.
    pub obstacle: fn(&Value) -> Option<String>,
}

impl Toolset {
    /// What keeps the API from answering this caller, and what to do about it; none where it is ready, does not say, or
    /// nobody told how to ask. Observers do not see the question.
    pub async fn obstacle(&self, context: &Context) -> Option<String> {
        let readiness = self.0.readiness?;
        let tool = self.find(readiness.tool)?;
        let context = context.aside(Instant::now() + PATIENCE);
        let mut watch = Watch::start(&context, tool, &Map::new());
        // Boxed, as few calls need it.
        let output = Box::pin(self.run(tool, Map::new(), &context, &mut watch)).await.ok()?;
        (readiness.obstacle)(output.raw.as_deref()?)
    }

    /// The same error, which begins with the obstacle where it is a time-out and there is one.
    pub async fn explained(&self, error: ToolError, context: &Context) -> ToolError {
        if error.kind != ErrorKind::Timeout {
            return error;
        }
        match self.obstacle(context).await {
            Some(obstacle) => {
                error.with(|details| details.message = format!("{obstacle} {}", sentence(&details.message)))
            }
            None => error,
        }
    }
}

/// The same with a capital at its start, to follow another sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
