//! Who did what: one line of JSON for every tool call, with what it was aimed at and how it ended.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use toolwright::catalog::Location;
use toolwright::client::{Captured, Failure};
use toolwright::{Context, Observed, Observer, Tool, ToolError};

/// Longer texts are cut in the log.
const MAX_TEXT: usize = 256;

/// Writes the log. Clones write to the same place.
#[derive(Clone)]
pub struct AuditLog {
    sink: Arc<Mutex<Box<dyn Write + Send>>>,
    shows_arguments: bool,
}

impl AuditLog {
    /// Appends to a file, which is made if it is not there, readable for its owner only.
    ///
    /// # Errors
    /// The file cannot be opened for writing.
    pub fn append_to(path: &Path) -> io::Result<Self> {
        Ok(Self::write_to(open(path)?))
    }

    /// Writes to anything. Each call is one line, written at once.
    pub fn write_to(sink: impl Write + Send + 'static) -> Self {
        Self { sink: Arc::new(Mutex::new(Box::new(sink))), shows_arguments: false }
    }

    /// Also writes the arguments of each call, message texts included. Without it only what a call was aimed at is
    /// written: identifiers such as session, chat and message.
    #[must_use]
    pub fn with_arguments(mut self, shows: bool) -> Self {
        self.shows_arguments = shows;
        self
    }

    fn write(&self, line: &Line<'_>) {
        let Ok(mut text) = serde_json::to_vec(line) else {
            return;
        };
        text.push(b'\n');
        let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = sink.write_all(&text).and_then(|()| sink.flush()) {
            tracing::error!(%error, "the audit log cannot be written");
        }
    }
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    /// When the call began, in UTC.
    time: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    tool: &'a str,
    target: &'a Map<String, Value>,
    outcome: &'a str,
    /// The API's status, where it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    duration_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<&'a Map<String, Value>>,
}

impl Observer for AuditLog {
    fn call_started(
        &self,
        tool: &Tool,
        arguments: &Map<String, Value>,
        context: &Context,
    ) -> Box<dyn Observed> {
        Box::new(Entry {
            log: self.clone(),
            time: Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
            since: Instant::now(),
            caller: context.caller().map(ToOwned::to_owned),
            request_id: context.request_id().map(ToOwned::to_owned),
            tool: tool.name.clone(),
            target: target(tool, arguments),
            arguments: self.shows_arguments.then(|| arguments.clone()),
            status: None,
            outcome: "abandoned",
        })
    }
}

/// A call that runs. It is written when it is dropped, so that abandoned calls are too.
struct Entry {
    log: AuditLog,
    time: String,
    since: Instant,
    caller: Option<String>,
    request_id: Option<String>,
    tool: String,
    target: Map<String, Value>,
    arguments: Option<Map<String, Value>>,
    status: Option<u16>,
    outcome: &'static str,
}

impl Observed for Entry {
    fn upstream_ended(&mut self, answer: Result<&Captured, &Failure>, _: Duration) {
        self.status = answer.ok().map(|answer| answer.status.as_u16());
    }

    fn ended(mut self: Box<Self>, outcome: Result<(), &ToolError>) {
        self.outcome = outcome.map_or_else(|error| error.kind.as_str(), |()| "ok");
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let duration_ms = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.log.write(&Line {
            time: &self.time,
            caller: self.caller.as_deref(),
            request_id: self.request_id.as_deref(),
            tool: &self.tool,
            target: &self.target,
            outcome: self.outcome,
            status: self.status,
            duration_ms,
            arguments: self.arguments.as_ref(),
        });
    }
}

/// What a call is aimed at: the arguments that go into the path, and those whose names say that they identify something.
fn target(tool: &Tool, arguments: &Map<String, Value>) -> Map<String, Value> {
    let in_path = |name: &str| {
        tool.arguments.iter().any(|argument| argument.name == name && argument.location == Location::Path)
    };
    let identifies = |name: &str| {
        matches!(name, "id" | "to" | "session" | "phone_number")
            || name.ends_with("Id")
            || name.ends_with("_id")
    };
    let aimed = arguments.iter().filter(|(name, _)| in_path(name) || identifies(name));
    aimed.filter_map(|(name, value)| Some((name.clone(), shortened(value)?))).collect()
}

/// Texts and numbers, the texts cut; nothing that could be large.
fn shortened(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(text.chars().take(MAX_TEXT).collect::<String>().into()),
        Value::Number(_) | Value::Bool(_) => Some(value.clone()),
        _ => None,
    }
}

impl fmt::Debug for AuditLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AuditLog")
            .field("shows_arguments", &self.shows_arguments)
            .finish_non_exhaustive()
    }
}
