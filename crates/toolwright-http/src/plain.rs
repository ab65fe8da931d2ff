//! Serving clients that speak plain JSON-RPC: a layer of the endpoint that is off by default.
//!
//! Before the standard's Streamable HTTP was common, small servers took one JSON-RPC request by POST and answered with one
//! JSON object, without looking at any header. Scripts, and agents that were set up for such a server, still write to it
//! in that way. With [`HttpConfig::plain`](crate::HttpConfig::plain) set, the endpoint answers them as such a server
//! does, and standard clients of both eras as before.
//!
//! # Which clients are plain
//!
//! The standard makes every client say in `Accept` that it takes `text/event-stream`, and say the protocol's version in
//! `MCP-Protocol-Version` in every request after the handshake (in every request at all in the stateless era). A request
//! that does neither comes from a plain client. So `curl` is one, and no client of the standard is.
//!
//! # What plain clients get
//!
//! - `initialize` answers with the version that was asked for, or `2024-11-05`, and no instructions.
//! - `notifications/initialized` is answered with 202, also when it has an `id`.
//! - `tools/list` has name, description and input schema of each tool, on one page.
//! - `tools/call` has one text block: the API's JSON, indented by two.
//! - Other methods get the error -32601, with status 200, and so does an empty body.
//! - What fails in a call gets the status 500, the error -32000, the id `null`, and the API's own words. A body that is no
//!   JSON gets 400 and -32602.
//! - `Mcp-Session-Id` is echoed or made, and means nothing.
//! - Other methods of HTTP get 404.
//!
//! What the server refuses before it looks at the message (a host, an origin, a credential, a limit) is refused with the
//! status that everyone gets. Policy, scopes, limits, deadlines, metrics and the audit log are those of every call.

mod answer;
mod browsers;

use http::HeaderMap;
use http::header::ACCEPT;
use serde_json::{Map, Value};

pub(crate) use answer::{
    called, failed, listed, malformed, name, not_found, notified, opened, result, session, unknown_method,
};
pub(crate) use browsers::{allow_every_page, not_served};

/// How plain clients are served.
#[derive(Debug, Clone)]
pub struct PlainClients {
    /// The name and the version that `initialize` tells.
    pub name: String,
    /// The same.
    pub version: String,
    /// Reads the arguments of a call by the rules of the server that is stood in for.
    pub arguments: ReadArguments,
}

/// From the name of a tool and the arguments that came to those that the tool takes, or to what is wrong with them in the
/// words that these clients know.
pub type ReadArguments = fn(&str, &Map<String, Value>) -> Result<Map<String, Value>, String>;

impl PlainClients {
    /// Tells this name and version, and takes arguments as they are.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { name: name.into(), version: version.into(), arguments: |_, arguments| Ok(arguments.clone()) }
    }

    /// Reads arguments in this way.
    #[must_use]
    pub fn with_arguments(self, arguments: ReadArguments) -> Self {
        Self { arguments, ..self }
    }
}

/// Whether a request with these headers comes from a plain client.
pub(crate) fn is_plain(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter();
    !headers.contains_key("mcp-protocol-version")
        && !accepted
            .any(|it| it.as_bytes().to_ascii_lowercase().windows(17).any(|it| it == b"text/event-stream"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn plain(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_plain(&pairs.collect())
    }

    #[test]
    fn whoever_says_nothing_of_streams_and_versions_is_plain() {
        assert!(plain(&[]));
        assert!(plain(&[("accept", "*/*"), ("content-type", "application/json")]));
        assert!(plain(&[("accept", "application/json"), ("mcp-session-id", "one")]));
    }

    #[test]
    fn clients_of_the_standard_are_not() {
        // The first request of the handshake era.
        assert!(!plain(&[("accept", "application/json, text/event-stream")]));
        assert!(!plain(&[("accept", "application/json, Text/Event-Stream;q=0.5")]));
        // The end of a session, which accepts anything.
        assert!(!plain(&[("mcp-protocol-version", "2025-11-25")]));
        assert!(!plain(&[("mcp-protocol-version", "2026-07-28"), ("accept", "application/json")]));
    }
}
