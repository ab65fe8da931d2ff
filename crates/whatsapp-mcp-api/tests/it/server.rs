//! The program as a process with an address, and requests to it.

use std::process::Stdio;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// After this long a process that has not answered hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server with an account of its own. It is killed when it is dropped.
pub(crate) struct Server {
    _child: Child,
    /// The address without a path.
    pub(crate) url: String,
    http: reqwest::Client,
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// Null where the body is no JSON.
    pub(crate) body: Value,
}

/// Waits for what must happen.
pub(crate) async fn soon<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, event).await.expect("the process hangs")
}

/// The program, untouched by the settings of whoever runs the tests.
pub(crate) fn program(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whatsapp-mcp-api"));
    command.args(flags).env_clear().kill_on_drop(true);
    command
}

/// A client that asks no proxy.
pub(crate) fn http() -> reqwest::Client {
    // Every test asks for the provider; only the first to come installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

impl Server {
    /// With the simulated API, on a free port.
    pub(crate) async fn start(flags: &[&str]) -> Self {
        let mut command = program(&[&["--sandbox"], flags].concat());
        command.env("WHATSAPP_MCP_PORT", "0");
        Self::launch(command).await
    }

    /// Starts this command and waits until it serves.
    pub(crate) async fn launch(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut log = String::new();
        let url = soon(async {
            loop {
                let Some(line) = lines.next_line().await.unwrap() else {
                    panic!("the server does not start: {log}")
                };
                log.extend([line.as_str(), "\n"]);
                if let Some((_, rest)) = line.split_once("serving MCP at ") {
                    break rest.split("/mcp").next().unwrap().to_owned();
                }
            }
        })
        .await;
        // Whoever writes to a pipe that nobody reads waits.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { _child: child, url, http: http() }
    }

    pub(crate) fn mcp(&self) -> String {
        format!("{}/mcp", self.url)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: impl ToString) -> Answer {
        send(self.request(Method::POST, path).body(body.to_string())).await
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    soon(async {
        let response = request.send().await.expect("the server answers");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Answer { status, headers, text, body }
    })
    .await
}
