//! What happens on the network, live. A typed method reads an answer whole; this one has no end.

use std::collections::VecDeque;

use progenitor_client::ClientInfo as _;
use reqwest::header::{ACCEPT, HeaderName, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;
use toolwright_client::Failure;

use crate::Client;

/// The most bytes of one event.
const MAX_EVENT: usize = 4 << 20;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// The number of the event, greater than those before.
    pub id: i64,
    /// When it happened, in ISO 8601.
    pub at: String,
    /// What happened, such as `message`, `receipt` or `session_status`.
    pub kind: String,
    /// The JID of the account whose doing or whose state it is.
    pub account: Option<String>,
    /// The session that it is about.
    pub session: Option<String>,
    /// The accounts that can observe it.
    #[serde(default)]
    pub observers: Vec<Observer>,
    /// What is to be told of it; its fields depend on the kind.
    pub body: Value,
}

/// An account that can observe an event.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Observer {
    /// Its JID.
    pub account: String,
    /// The JID of the chat in which it observes it.
    #[serde(rename = "chatId")]
    pub chat_id: Option<String>,
}

/// Why there are no more events.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EventsError {
    /// The connection could not be made, or broke.
    #[error(transparent)]
    Connection(#[from] Failure),
    /// The sandbox refused; the sentence is its own.
    #[error("the sandbox answered with {status}: {message}")]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// What it said.
        message: String,
    },
    /// What came is no event.
    #[error("the stream has something that is no event: {0}")]
    Malformed(String),
}

/// The events of a sandbox as they happen. Dropping it ends the connection.
#[derive(Debug)]
pub struct Events {
    response: Response,
    buffer: Vec<u8>,
    ready: VecDeque<Event>,
}

impl Client {
    /// Follows what happens: from now on, or from the event after this one.
    pub async fn events(&self, after: Option<i64>) -> Result<Events, EventsError> {
        let address = format!("{}/_sandbox/events", self.baseurl());
        let url = Url::parse(&address).map_err(|error| Failure::InvalidRequest(error.to_string()))?;
        let mut request = Request::new(Method::GET, url);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        if let Some(after) = after {
            request.headers_mut().insert(HeaderName::from_static("last-event-id"), after.into());
        }
        let response = self.inner().upstream().transport().send(request).await?;
        let status = response.status();
        if status != StatusCode::OK {
            let body: Value = response.json().await.unwrap_or_default();
            let message = body["error"].as_str().unwrap_or("no reason given").to_owned();
            return Err(EventsError::Refused { status, message });
        }
        Ok(Events { response, buffer: Vec::new(), ready: VecDeque::new() })
    }
}

impl Events {
    /// The next event, as soon as it happens; `None` when the sandbox has ended the stream. Dropping the future before
    /// it is ready loses nothing.
    pub async fn next(&mut self) -> Result<Option<Event>, EventsError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Ok(Some(event));
            }
            let chunk = self.response.chunk().await.map_err(|error| Failure::Transport(error.to_string()))?;
            let Some(chunk) = chunk else { return Ok(None) };
            self.buffer.extend_from_slice(&chunk);
            self.take_whole_blocks()?;
        }
    }

    /// Events are separated by an empty line.
    fn take_whole_blocks(&mut self) -> Result<(), EventsError> {
        while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
            let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
            self.ready.extend(read(&block)?);
        }
        if self.buffer.len() > MAX_EVENT {
            return Err(EventsError::Malformed(format!("it is larger than {} MB", MAX_EVENT >> 20)));
        }
        Ok(())
    }
}

/// The event of a block; none in a block of comments.
fn read(block: &[u8]) -> Result<Option<Event>, EventsError> {
    let block = std::str::from_utf8(block).map_err(|error| EventsError::Malformed(error.to_string()))?;
    let lines = block.lines().filter_map(|line| line.strip_prefix("data:"));
    let data: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    if data.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(&data.join("\n"))
        .map(Some)
        .map_err(|error| EventsError::Malformed(error.to_string()))
}
