//! The requests that are sent, as bytes.

/// The tool that is called, and the arguments of the call.
pub(crate) const TOOL: &str = "groups_get";
const ARGUMENTS: &str = r#"{"session":"main","groupId":"120363041234567890@g.us"}"#;

/// The protocol era of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    Handshake,
    Stateless,
}

impl Era {
    pub(crate) const BOTH: [Self; 2] = [Self::Handshake, Self::Stateless];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Handshake => "handshake era",
            Self::Stateless => "stateless era",
        }
    }
}

/// A `tools/call`.
pub(crate) fn call(era: Era, session: Option<&str>) -> Vec<u8> {
    post(era, "tools/call", &format!(r#""name":"{TOOL}","arguments":{ARGUMENTS}"#), session)
}

/// A `tools/list`.
pub(crate) fn list(era: Era) -> Vec<u8> {
    post(era, "tools/list", "", None)
}

/// What begins a session.
pub(crate) fn initialize() -> Vec<u8> {
    let params =
        r#""protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"figures","version":"1"}"#;
    post(Era::Handshake, "initialize", params, None)
}

fn post(era: Era, method: &str, params: &str, session: Option<&str>) -> Vec<u8> {
    let mut params = params.to_owned();
    let mut headers = String::new();
    match era {
        Era::Handshake => headers.push_str("MCP-Protocol-Version: 2025-11-25\r\n"),
        Era::Stateless => {
            headers = format!("MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: {method}\r\n");
            if method == "tools/call" {
                headers = format!("{headers}Mcp-Name: {TOOL}\r\n");
            }
            let comma = if params.is_empty() { "" } else { "," };
            params.push_str(comma);
            params.push_str(
                r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#,
            );
        }
    }
    if let Some(session) = session {
        headers = format!("{headers}Mcp-Session-Id: {session}\r\n");
    }
    let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{params}}}}}"#);
    format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
