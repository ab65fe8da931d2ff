//! `config`: what a client needs to start this server with these settings.

pub(crate) mod remote;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::ArgMatches;
use serde_json::{Map, Value, json};
use toolwright::client::Upstream;

use crate::settings::table::Setting;
use crate::settings::{Settings, Source, UsageError, Value as Setted};
use crate::{App, terminal};
use remote::Remote;

/// A program that starts MCP servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    ClaudeDesktop,
    ClaudeCode,
    Cursor,
    VsCode,
}

impl Client {
    pub(crate) const ALL: [Self; 4] = [Self::ClaudeDesktop, Self::ClaudeCode, Self::Cursor, Self::VsCode];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::ClaudeDesktop => "claude-desktop",
            Self::ClaudeCode => "claude-code",
            Self::Cursor => "cursor",
            Self::VsCode => "vscode",
        }
    }

    /// The client that the command line names.
    pub(crate) fn of(matches: &ArgMatches) -> Result<Self, UsageError> {
        let name = matches.get_one::<String>("client").map(String::as_str);
        let found = Self::ALL.into_iter().find(|client| Some(client.as_str()) == name);
        found.ok_or_else(|| {
            UsageError::new("which client? Give claude-desktop, claude-code, cursor or vscode")
        })
    }
}

/// How the server is started: never with a key in it.
#[derive(Debug)]
struct Start {
    /// The server's name in the client.
    name: String,
    command: String,
    args: Vec<String>,
    env: Vec<(String, String)>,
    /// The variable of the key, where the client has to give it.
    key: Option<String>,
}

/// Prints the configuration, and on stderr where it belongs.
pub(crate) fn print(app: &App, settings: &Settings, client: Client) -> anyhow::Result<ExitCode> {
    let (text, notes) = if settings.text("transport") == Some("http") {
        Remote::of(app, settings).render(client)?
    } else {
        let program = std::env::current_exe().context("the path of this program is not known")?;
        Start::of(app, settings, &program)?.render(client)?
    };
    terminal::print(&text)?;
    for note in notes {
        terminal::note(&note);
    }
    Ok(ExitCode::SUCCESS)
}

impl Start {
    fn of(app: &App, settings: &Settings, program: &Path) -> anyhow::Result<Self> {
        let (mut args, mut env) = (Vec::new(), Vec::new());
        for (setting, found) in settings.found().filter(|(setting, _)| !setting.is_secret()) {
            let text = text(&found.value)?;
            match &found.source {
                Source::Flag => args.push(flag(setting, &found.value, &text)),
                Source::Environment | Source::HostAndPort => env.push((setting.variable(&app.names()), text)),
                // The server will read the same file, and has the same defaults.
                Source::File { .. } | Source::Default => {}
            }
        }
        let sandbox = settings.flag("sandbox");
        if let Some(url) = settings.text("base_url") {
            // A base URL may hold a password, which is then not printed.
            Upstream::builder(url)
                .build()
                .map_err(|error| UsageError::new(format!("{}: {error}", settings.place("base_url"))))?;
        } else if !sandbox {
            env.insert(0, (format!("{}_BASE_URL", app.env_prefix), "https://api.example.com".to_owned()));
        }
        let has_key_file = settings.path("api_key_file").is_some();
        let key_in_file = settings
            .found()
            .any(|(setting, found)| setting.key == "api_key" && matches!(found.source, Source::File { .. }));
        let is_keyless = sandbox || app.drop_in.is_some_and(|it| it.keyless);
        let needs_key = !is_keyless && !has_key_file && !key_in_file;
        Ok(Self {
            name: app.name.trim_end_matches("-mcp").to_owned(),
            command: program.display().to_string(),
            args,
            env,
            key: needs_key.then(|| format!("{}_API_KEY", app.env_prefix)),
        })
    }

    fn render(&self, client: Client) -> anyhow::Result<(String, Vec<String>)> {
        let key = self.key.as_deref().unwrap_or_default();
        let mut notes = match client {
            Client::ClaudeDesktop => vec![
                "Put it into claude_desktop_config.json (Settings, Developer, Edit Config), then restart Claude Desktop."
                    .to_owned(),
            ],
            Client::ClaudeCode => vec!["Run it in a shell; add `--scope user` before the name for all projects.".to_owned()],
            Client::Cursor => vec!["Put it into ~/.cursor/mcp.json, or into .cursor/mcp.json of one project.".to_owned()],
            Client::VsCode => vec!["Put it into .vscode/mcp.json, or run `MCP: Open User Configuration`.".to_owned()],
        };
        if self.key.is_some() {
            notes.push(match client {
                Client::ClaudeDesktop => format!(
                    "Claude Desktop does not fill in variables: replace ${{{key}}} by the key, or start with --api-key-file."
                ),
                Client::ClaudeCode => format!(
                    "The shell fills in ${key}, and Claude Code stores it; to keep the key out of there, start with --api-key-file."
                ),
                Client::Cursor => format!("Cursor takes {key} from its own environment."),
                Client::VsCode => "VS Code asks for the key once and stores it safely.".to_owned(),
            });
        }
        if self.env.iter().any(|(_, value)| value == "https://api.example.com") {
            notes.push("Replace https://api.example.com by the address of your API.".to_owned());
        }
        let text = match client {
            Client::ClaudeCode => self.shell(),
            Client::ClaudeDesktop => self.json("mcpServers", &format!("${{{key}}}"))?,
            Client::Cursor => self.json("mcpServers", &format!("${{env:{key}}}"))?,
            Client::VsCode => self.vscode()?,
        };
        Ok((text, notes))
    }

    fn server(&self, key: &str) -> Map<String, Value> {
        let mut server = Map::new();
        server.insert("command".into(), self.command.clone().into());
        if !self.args.is_empty() {
            server.insert("args".into(), self.args.clone().into());
        }
        let own = self.env.iter().map(|(name, value)| (name.clone(), value.clone().into()));
        let env: Map<String, Value> = own.chain(self.key.clone().map(|name| (name, key.into()))).collect();
        if !env.is_empty() {
            server.insert("env".into(), env.into());
        }
        server
    }

    fn json(&self, root: &str, key: &str) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&json!({ root: { &self.name: self.server(key) } }))
    }

    fn vscode(&self) -> serde_json::Result<String> {
        let input = format!("{}-api-key", self.name);
        let mut server = Map::from_iter([("type".to_owned(), Value::from("stdio"))]);
        server.extend(self.server(&format!("${{input:{input}}}")));
        let mut file = Map::new();
        if self.key.is_some() {
            let description = format!("The API key of {}", self.name);
            let input = json!([{ "type": "promptString", "id": input, "description": description, "password": true }]);
            file.insert("inputs".into(), input);
        }
        file.insert("servers".into(), json!({ &self.name: server }));
        serde_json::to_string_pretty(&file)
    }

    /// A line for a shell. The key is the only thing in it that the shell fills in.
    fn shell(&self) -> String {
        let mut words = vec!["claude mcp add".to_owned()];
        words.extend(
            self.env.iter().map(|(name, value)| format!("--env {}", quoted(&format!("{name}={value}")))),
        );
        words.extend(self.key.iter().map(|name| format!("--env \"{name}=${name}\"")));
        words.push(format!("--transport stdio {} -- {}", self.name, quoted(&self.command)));
        words.extend(self.args.iter().map(|arg| quoted(arg)));
        words.join(" ")
    }
}

fn flag(setting: &Setting, value: &Setted, text: &str) -> String {
    match value {
        Setted::Switch(true) => format!("--{}", setting.flag()),
        _ => format!("--{}={text}", setting.flag()),
    }
}

/// The value as it is written in a flag or a variable. The client starts the server elsewhere, so paths are absolute.
fn text(value: &Setted) -> anyhow::Result<String> {
    Ok(match value {
        Setted::Text(text) => text.clone(),
        Setted::Switch(switch) => switch.to_string(),
        Setted::Number(number) => number.to_string(),
        Setted::List(items) => items.join(","),
        Setted::Path(path) => {
            let absolute =
                std::path::absolute(path).with_context(|| format!("{} is no path", path.display()))?;
            absolute.display().to_string()
        }
    })
}

fn quoted(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=,@%+".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
