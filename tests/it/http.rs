//! The Titan server over HTTP, in front of a sandbox or of a server that misbehaves.

mod browsers;
mod callers;
mod faults;
mod limits;
mod scopes_on_the_wire;
mod sessions;
mod watching;
mod wire;

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use toolwright::client::{Credential, Upstream};
use toolwright::{Granted, Server};
use toolwright_http::access::Access;
use toolwright_http::run::{RunOptions, run};
use toolwright_http::{HttpConfig, router};

use crate::world;

pub(crate) const STATELESS: &str = "2026-07-28";
pub(crate) const HANDSHAKE: &str = "2025-11-25";

/// A server on a port of its own. It stops when it is dropped.
pub(crate) struct Served {
    pub(crate) url: String,
    http: reqwest::Client,
    stop: CancellationToken,
}

/// One answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// The JSON-RPC message: the body, or the last event of a stream.
    pub(crate) fn message(&self) -> Value {
        let text =
            self.body.lines().filter_map(|line| line.strip_prefix("data:")).rfind(|data| data.contains('{'));
        serde_json::from_str(text.unwrap_or(&self.body)).unwrap_or(Value::Null)
    }

    pub(crate) fn code(&self) -> Option<i64> {
        self.message()["error"]["code"].as_i64()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Served {
    /// Serves the Titan tools with this configuration.
    pub(crate) async fn start(config: HttpConfig) -> Self {
        Self::start_server(Server::for_each_caller(world::toolset()), config).await
    }

    pub(crate) async fn start_server(server: Server, config: HttpConfig) -> Self {
        let stop = CancellationToken::new();
        let path = config.path.clone();
        let routes = router(server, config, stop.clone()).expect("the configuration is well-formed");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let url = format!("http://{}{path}", listener.local_addr().expect("the listener has an address"));
        let options = RunOptions { stop: stop.clone(), ..RunOptions::default() };
        tokio::spawn(run(listener, routes, options, stop.clone().cancelled_owned()));
        let http = reqwest::Client::builder().no_proxy().build().expect("a client can be made");
        Self { url, http, stop }
    }

    /// A request as a client sends it, with these headers in place of its own.
    pub(crate) async fn send(
        &self,
        method: http::Method,
        body: impl Into<String>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut sent = HeaderMap::new();
        let usual = [("content-type", "application/json"), ("accept", "application/json, text/event-stream")];
        for (name, value) in usual.iter().chain(headers) {
            let name: http::HeaderName = name.parse().expect("a header name");
            if value.is_empty() {
                sent.remove(name);
            } else {
                sent.insert(name, value.parse().expect("a header value"));
            }
        }
        let request = self.http.request(method, &self.url).headers(sent).body(body.into());
        let answer = request.send().await.expect("the server answers");
        let (status, headers) = (answer.status(), answer.headers().clone());
        Answer { status, headers, body: answer.text().await.unwrap_or_default() }
    }

    pub(crate) async fn post(&self, message: &Value, headers: &[(&str, &str)]) -> Answer {
        self.send(http::Method::POST, message.to_string(), headers).await
    }

    /// A request of the stateless era, with the headers that belong to it.
    pub(crate) async fn stateless(&self, method: &str, params: Value, headers: &[(&str, &str)]) -> Answer {
        let mut params = params;
        params["_meta"] = meta(STATELESS);
        let name = params["name"].as_str().or(params["uri"].as_str()).unwrap_or("").to_owned();
        let mut all =
            vec![("mcp-protocol-version", STATELESS), ("mcp-method", method), ("mcp-name", name.as_str())];
        all.extend_from_slice(headers);
        self.post(&request(method, params), &all).await
    }

    /// A request of the handshake era, without a session.
    pub(crate) async fn handshake(&self, method: &str, params: Value, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("mcp-protocol-version", HANDSHAKE)];
        all.extend_from_slice(headers);
        self.post(&request(method, params), &all).await
    }

    /// A call in either era.
    pub(crate) async fn call(
        &self,
        era: world::Era,
        tool: &str,
        arguments: Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let params = json!({ "name": tool, "arguments": arguments });
        match era {
            world::Era::Stateless => self.stateless("tools/call", params, headers).await,
            world::Era::Handshake => self.handshake("tools/call", params, headers).await,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[expect(clippy::needless_pass_by_value, reason = "callers write it in place")]
pub(crate) fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

pub(crate) fn meta(version: &str) -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientInfo": { "name": "tests", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

/// The configuration for an API at this address, whose callers may do what `granted` says.
pub(crate) fn config(url: &str, key: &str, granted: &str) -> HttpConfig {
    let upstream = Upstream::builder(url).build().expect("a base URL");
    let granted: Granted = granted.parse().expect("scopes");
    HttpConfig::new(upstream, Access::fixed(Credential::bearer(key).expect("a key"), granted))
}
