//! The program as a process, over HTTP or with pipes, and the official client in front of it.

use std::process::Stdio;
use std::time::Duration;

use http::HeaderMap;
use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// After this long a process that has not answered hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// The number of the demo organisation.
pub(crate) const NUMBER: &str = "106540352242922";

/// The official client.
pub(crate) type Client = RunningService<RoleClient, ()>;

/// A running server. It is killed when it is dropped.
pub(crate) struct HttpServer {
    _child: Child,
    pub(crate) url: String,
    http: reqwest::Client,
}

/// One answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.header(name).parse().unwrap_or_else(|_| panic!("{name} of {self:?}"))
    }
}

/// Waits for what must happen.
pub(crate) async fn soon<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, event).await.expect("the process hangs")
}

/// The program, untouched by the settings of whoever runs the tests.
pub(crate) fn program(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kirim-mcp"));
    command.args(flags).env_clear().kill_on_drop(true);
    command
}

/// A client that asks no proxy.
pub(crate) fn http() -> reqwest::Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl HttpServer {
    /// Serves the API at this base URL, on a free port and otherwise as the program does by itself.
    pub(crate) async fn start(api: &str, flags: &[&str]) -> Self {
        let flags = [&["--transport=http", "--listen=127.0.0.1:0"], flags].concat();
        let mut command = program(&flags);
        command.env("KIRIM_BASE_URL", api).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = soon(async {
            loop {
                let line = lines.next_line().await.unwrap().expect("the server starts");
                if let Some((_, rest)) = line.split_once("serving MCP at ") {
                    break rest.split(';').next().unwrap().to_owned();
                }
            }
        })
        .await;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { _child: child, url, http: http() }
    }

    /// Posts a message with this key, as the product documents it.
    pub(crate) async fn post(&self, key: Option<&str>, message: &Value) -> Answer {
        let request = self.http.post(&self.url).header("accept", "application/json, text/event-stream");
        let request = match key {
            Some(key) => request.header("authorization", key),
            None => request,
        };
        soon(async {
            let response = request.json(message).send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let text = response.text().await.unwrap();
            Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
        })
        .await
    }

    /// Calls a tool with this key.
    pub(crate) async fn call(&self, key: &str, tool: &str, arguments: Value) -> Answer {
        self.post(Some(&format!("Bearer {key}")), &call(tool, &arguments)).await
    }

    /// The official client, with this key.
    pub(crate) async fn connect(&self, key: &str) -> Client {
        let config = StreamableHttpClientTransportConfig::with_uri(self.url.as_str()).auth_header(key);
        let transport = StreamableHttpClientTransport::with_client(http(), config);
        soon(().serve(transport)).await.expect("the handshake")
    }
}

/// The message that calls a tool.
pub(crate) fn call(tool: &str, arguments: &Value) -> Value {
    json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": { "name": tool, "arguments": arguments }
    })
}

/// The official client, which starts the program itself.
pub(crate) async fn with_pipes(api: &str, key: &str, flags: &[&str]) -> Client {
    let mut command = program(flags);
    command.env("KIRIM_BASE_URL", api).env("KIRIM_API_KEY", key);
    soon(().serve(TokioChildProcess::new(command).unwrap())).await.expect("the handshake")
}

/// Calls a tool through the official client.
pub(crate) async fn use_tool(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    let Value::Object(arguments) = arguments else { panic!("not an object: {arguments}") };
    soon(client.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments))).await.unwrap()
}

/// The structured content of a call that succeeded.
pub(crate) async fn result(client: &Client, tool: &'static str, arguments: Value) -> Value {
    let result = use_tool(client, tool, arguments).await;
    assert_ne!(result.is_error, Some(true), "{result:?}");
    result.structured_content.expect("structured content")
}
