//! What a client needs to reach this server over HTTP, where it runs by itself.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use serde_json::{Map, Value, json};

use super::Client;
use crate::App;
use crate::settings::{Settings, UsageError};

/// Where the server listens, if nothing else is said.
pub(crate) const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3100);
/// The endpoint's path, if nothing else is said.
pub(crate) const DEFAULT_PATH: &str = "/mcp";

/// How the server is reached.
#[derive(Debug)]
pub(super) struct Remote {
    name: String,
    url: String,
    /// The variable of the key or token that the client has to send.
    token: Option<String>,
}

impl Remote {
    pub(super) fn of(app: &App, settings: &Settings) -> Self {
        let listen = settings.text("listen").map_or_else(|| DEFAULT_LISTEN.to_string(), str::to_owned);
        let path = settings.text("http_path").unwrap_or(DEFAULT_PATH);
        let host = settings.list("allowed_hosts").and_then(<[String]>::first).filter(|host| *host != "*");
        let scheme = if settings.path("tls_certificate").is_some() { "https" } else { "http" };
        let url = match host {
            Some(host) => format!("https://{host}{path}"),
            None => format!("{scheme}://{}{path}", listen.replace("0.0.0.0", "127.0.0.1")),
        };
        let token = match settings.text("credentials") {
            Some("forward") => Some(format!("{}_API_KEY", app.env_prefix)),
            // The client finds its way to the authorization server by itself.
            Some("oauth") => None,
            _ if settings.path("caller_tokens_file").is_some() => {
                Some(format!("{}_MCP_TOKEN", app.env_prefix))
            }
            _ => ["client_key", "client_key_file"]
                .iter()
                .any(|key| settings.is_set(key))
                .then(|| format!("{}_MCP_CLIENT_KEY", app.env_prefix)),
        };
        Self { name: app.name.trim_end_matches("-mcp").to_owned(), url, token }
    }

    /// The text for a client, and notes about it.
    ///
    /// # Errors
    /// This client's file starts programs only.
    pub(super) fn render(&self, client: Client) -> anyhow::Result<(String, Vec<String>)> {
        let Self { name, url, .. } = self;
        let (text, place) = match client {
            Client::ClaudeDesktop => {
                return Err(UsageError::new(format!(
                    "the file of claude-desktop starts programs: leave out --transport http, or add {url} as a connector in its settings"
                ))
                .into());
            }
            Client::ClaudeCode => {
                let header =
                    self.token.as_ref().map(|token| format!(" --header \"Authorization: Bearer ${token}\""));
                let line =
                    format!("claude mcp add --transport http {name} {url}{}", header.unwrap_or_default());
                (line, "Run it in a shell; add `--scope user` before the name for all projects.")
            }
            Client::Cursor => {
                let file =
                    json!({ "mcpServers": { name: self.server(None, |token| format!("${{env:{token}}}")) } });
                let place = "Put it into ~/.cursor/mcp.json, or into .cursor/mcp.json of one project.";
                (serde_json::to_string_pretty(&file)?, place)
            }
            Client::VsCode => {
                (self.vscode()?, "Put it into .vscode/mcp.json, or run `MCP: Open User Configuration`.")
            }
        };
        Ok((text, vec![place.to_owned()]))
    }

    fn vscode(&self) -> serde_json::Result<String> {
        let input = format!("{}-token", self.name);
        let mut file = Map::new();
        if self.token.is_some() {
            let description = format!("What opens {}", self.name);
            let input = json!([{ "type": "promptString", "id": input, "description": description, "password": true }]);
            file.insert("inputs".into(), input);
        }
        let server = self.server(Some("http"), |_| format!("${{input:{input}}}"));
        file.insert("servers".into(), json!({ &self.name: server }));
        serde_json::to_string_pretty(&file)
    }

    fn server(&self, kind: Option<&str>, fill: impl Fn(&str) -> String) -> Map<String, Value> {
        let mut server = Map::new();
        if let Some(kind) = kind {
            server.insert("type".into(), kind.into());
        }
        server.insert("url".into(), self.url.clone().into());
        if let Some(token) = &self.token {
            server.insert("headers".into(), json!({ "Authorization": format!("Bearer {}", fill(token)) }));
        }
        server
    }
}
