//! The program as a process with an address, and requests to it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderMap;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::process::{program, soon};

const STATELESS: &str = "2026-07-28";

/// A running server. It is killed when it is dropped.
pub(crate) struct HttpServer {
    child: Child,
    /// The endpoint.
    pub(crate) url: String,
    log: Arc<Mutex<String>>,
    reading: JoinHandle<()>,
    http: reqwest::Client,
}

/// One answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// How a server ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
}

impl Answer {
    /// The JSON-RPC message: the body, or the last event of a stream.
    pub(crate) fn message(&self) -> Value {
        let text =
            self.body.lines().filter_map(|line| line.strip_prefix("data:")).rfind(|data| data.contains('{'));
        serde_json::from_str(text.unwrap_or(&self.body)).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("printable"))
    }

    /// Whether a tool was called, and did what it should.
    pub(crate) fn is_success(&self) -> bool {
        self.status == 200 && self.message()["result"]["isError"] == false
    }

    /// Everything of it as text.
    pub(crate) fn text(&self) -> String {
        format!("{:?}\n{}", self.headers, self.body)
    }

    async fn read(response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.text().await? })
    }
}

/// A client that opens a connection for each request, and asks no proxy.
pub(crate) fn client() -> reqwest::ClientBuilder {
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0)
}

/// A call of the stateless era.
pub(crate) fn call(
    http: &reqwest::Client,
    url: &str,
    tool: &str,
    arguments: &Value,
) -> reqwest::RequestBuilder {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": STATELESS,
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let params = json!({ "name": tool, "arguments": arguments, "_meta": meta });
    let message = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params });
    post(http, url, &message)
        .header("mcp-protocol-version", STATELESS)
        .header("mcp-method", "tools/call")
        .header("mcp-name", tool)
}

/// Any message.
pub(crate) fn post(http: &reqwest::Client, url: &str, message: &Value) -> reqwest::RequestBuilder {
    http.post(url).header("accept", "application/json, text/event-stream").json(message)
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    soon(async { Answer::read(request.send().await?).await }).await
}

/// Waits until something is so.
pub(crate) async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    soon(async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// Writes a file with callers: names, tokens and scopes.
pub(crate) fn write_callers(folder: &Path, callers: &[(&str, &str, &str)]) -> PathBuf {
    let entries = callers.iter().map(|(name, token, scopes)| {
        format!("[[caller]]\nname = \"{name}\"\ntoken = \"{token}\"\nscopes = [\"{scopes}\"]\n")
    });
    let path = folder.join("callers.toml");
    std::fs::write(&path, entries.collect::<String>()).expect("the file can be written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let owner_only = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, owner_only).expect("the file can be closed to others");
    }
    path
}

impl HttpServer {
    /// Starts it on a free port and waits until it serves.
    pub(crate) async fn start(flags: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", flags).await
    }

    /// Starts it at this address and waits until it serves.
    pub(crate) async fn start_at(listen: &str, flags: &[&str]) -> Self {
        Self::launch(program(&[&["--transport=http", "--listen", listen], flags].concat())).await
    }

    /// Starts this command and waits until it serves.
    pub(crate) async fn launch(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let mut log = String::new();
        let url = soon(async {
            loop {
                let line = lines.next_line().await.expect("UTF-8");
                let Some(line) = line else { panic!("the server does not start: {log}") };
                log.extend([line.as_str(), "\n"]);
                if let Some((_, rest)) = line.split_once("serving MCP at ") {
                    break rest.split(';').next().expect("a URL").to_owned();
                }
            }
        })
        .await;
        let log = Arc::new(Mutex::new(log));
        let kept = Arc::clone(&log);
        let reading = tokio::spawn(async move {
            while let Some(line) = lines.next_line().await.expect("UTF-8") {
                kept.lock().unwrap().extend([line.as_str(), "\n"]);
            }
        });
        Self { child, url, log, reading, http: client().build().expect("a client") }
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// What it has written to stderr so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Its host and port.
    pub(crate) fn address(&self) -> &str {
        let (_, rest) = self.url.split_once("://").expect("a URL");
        rest.split('/').next().expect("an address")
    }

    /// Calls a tool with these headers.
    pub(crate) async fn call(&self, tool: &str, arguments: &Value, headers: &[(&str, &str)]) -> Answer {
        let request = call(&self.http, &self.url, tool, arguments);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        send(request).await.expect("the server answers")
    }

    /// Calls a tool that reads, as the caller with this token.
    pub(crate) async fn read_as(&self, token: &str) -> Answer {
        let token = format!("Bearer {token}");
        self.call("sessions_list", &json!({}), &[("authorization", &token)]).await
    }

    /// Calls a tool that changes something, as the caller with this token.
    pub(crate) async fn write_as(&self, token: &str) -> Answer {
        let token = format!("Bearer {token}");
        let presence = json!({ "session": "main", "presence": "available" });
        self.call("presence_set", &presence, &[("authorization", &token)]).await
    }

    /// What stands at a path of its address; none where nobody listens any more.
    pub(crate) async fn get(&self, path: &str) -> Option<Answer> {
        send(self.http.get(format!("http://{}{path}", self.address()))).await.ok()
    }

    #[cfg(unix)]
    pub(crate) async fn signal(&self, signal: &str) {
        let id = self.child.id().expect("the process runs").to_string();
        let kill = Command::new("kill").args([signal, &id]).status().await.expect("kill runs");
        assert!(kill.success());
    }

    /// Waits for its end.
    pub(crate) async fn ended(mut self) -> End {
        let status = soon(self.child.wait()).await.expect("an exit status");
        soon(&mut self.reading).await.expect("the log");
        End { code: status.code(), stderr: self.log() }
    }

    /// Tells it to stop and waits for its end.
    #[cfg(unix)]
    pub(crate) async fn stop(self) -> End {
        self.signal("-TERM").await;
        self.ended().await
    }
}
