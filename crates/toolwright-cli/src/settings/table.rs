//! All settings in one table. The flags, the variables, the keys of the file and the documentation are made from it.

mod http;

use std::fmt::Write as _;

use super::Names;
use crate::logs::DEFAULT_FILTER;

/// One setting.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its key in the file, and with hyphens its flag.
    pub(crate) key: &'static str,
    /// Its environment variable, without the prefix.
    pub(crate) variable: &'static str,
    pub(crate) kind: Kind,
    pub(crate) group: &'static str,
    /// In words for people; empty where there is none.
    pub(crate) default: &'static str,
    pub(crate) meaning: &'static str,
    /// Whether it can stand in the file.
    pub(crate) in_file: bool,
}

/// What a setting's value is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// A text. The word stands for it in the help.
    Text(&'static str),
    /// Yes or no.
    Switch,
    /// A number within these bounds.
    Number { min: u64, max: u64 },
    /// Several words.
    List,
    /// A file or folder.
    Path,
    /// One of these words.
    Choice(&'static [&'static str]),
}

const API: &str = "The API";
const TOOLS: &str = "Which tools";
const SIZES: &str = "Limits";
const PROCESS: &str = "The server itself";
const TRIAL: &str = "Without an account";

const fn setting(
    key: &'static str,
    variable: &'static str,
    kind: Kind,
    group: &'static str,
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting { key, variable, kind, group, default, meaning, in_file: true }
}

/// Every setting, in the order of the help.
pub(crate) fn all() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().chain(http::SETTINGS).chain(TRIALS)
}

static SETTINGS: &[Setting] = &[
    setting(
        "base_url",
        "BASE_URL",
        Kind::Text("URL"),
        API,
        "",
        "Where the API is, such as https://api.example.com",
    ),
    setting(
        "api_key",
        "API_KEY",
        Kind::Text("KEY"),
        API,
        "",
        "The API key. As a flag it shows in the list of processes: prefer the variable or a key file",
    ),
    setting(
        "api_key_file",
        "API_KEY_FILE",
        Kind::Path,
        API,
        "",
        "A file that holds the API key and nothing else",
    ),
    setting(
        "timeout",
        "MCP_TIMEOUT",
        Kind::Number { min: 1, max: 86_400 },
        API,
        "30",
        "How long a call may take, in seconds, retries included. A tool with a time of its own keeps that",
    ),
    setting(
        "repeat_writes",
        "MCP_REPEAT_WRITES",
        Kind::Switch,
        API,
        "false",
        "Repeat a write that has an idempotency key like a read, twice at most: for an API that honours such keys",
    ),
    setting(
        "scopes",
        "MCP_SCOPES",
        Kind::List,
        TOOLS,
        "all; the API decides what its key may do",
        "The scopes of the key, with * for all of a kind, as in messages:*. Tools that need others are not listed",
    ),
    setting(
        "toolset",
        "TOOLSET",
        Kind::Text("NAME"),
        TOOLS,
        "the API's own, or full where it has none",
        "Only tools of this set; full for all tools. Without it, include and domains choose among all tools",
    ),
    setting(
        "include",
        "MCP_INCLUDE",
        Kind::List,
        TOOLS,
        "all",
        "Only tools whose names match, with * for anything, as in *send*",
    ),
    setting(
        "exclude",
        "MCP_EXCLUDE",
        Kind::List,
        TOOLS,
        "none",
        "No tools whose names match, with * for anything, as in *delete*",
    ),
    setting(
        "domains",
        "MCP_DOMAINS",
        Kind::List,
        TOOLS,
        "all",
        "Only tools of these domains, which are the tags of the API's document",
    ),
    setting("read_only", "MCP_READ_ONLY", Kind::Switch, TOOLS, "false", "Only tools that change nothing"),
    setting(
        "confirm",
        "MCP_CONFIRM",
        Kind::List,
        TOOLS,
        "none",
        "Ask the person at the client before tools run whose names match, as in *delete*. Clients that cannot ask get a refusal",
    ),
    setting(
        "no_output_schemas",
        "MCP_NO_OUTPUT_SCHEMAS",
        Kind::Switch,
        TOOLS,
        "false",
        "Leave the schemas of results out of the list of tools, and structured content out of results: fewer tokens",
    ),
    setting(
        "max_response_bytes",
        "MCP_MAX_RESPONSE_BYTES",
        Kind::Number { min: 1, max: u32::MAX as u64 },
        SIZES,
        "16777216",
        "How large an answer of the API may be, in bytes; a larger one is an error",
    ),
    setting(
        "response_budget",
        "MCP_RESPONSE_BUDGET",
        Kind::Number { min: 1_000, max: u32::MAX as u64 },
        SIZES,
        "100000",
        "How much text of a result the model gets, in bytes; more is cut, with a note that says so",
    ),
    setting(
        "page_size",
        "MCP_PAGE_SIZE",
        Kind::Number { min: 1, max: 100_000 },
        SIZES,
        "250",
        "How many entries one page of a list has; a client that does not follow pages sees the first only",
    ),
    setting(
        "transport",
        "MCP_TRANSPORT",
        Kind::Choice(&["stdio", "http"]),
        PROCESS,
        "stdio",
        "How clients connect",
    ),
    setting(
        "log",
        "MCP_LOG",
        Kind::Text("FILTER"),
        PROCESS,
        DEFAULT_FILTER,
        "What is logged to stderr, such as info",
    ),
    setting(
        "log_format",
        "MCP_LOG_FORMAT",
        Kind::Choice(&["text", "json"]),
        PROCESS,
        "text",
        "How it is logged",
    ),
    Setting {
        key: "config",
        variable: "MCP_CONFIG",
        kind: Kind::Path,
        group: PROCESS,
        default: "config.toml in the program's folder of $XDG_CONFIG_HOME or ~/.config, if there is one",
        meaning: "The TOML file with settings",
        in_file: false,
    },
];

static TRIALS: &[Setting] = &[
    setting(
        "sandbox",
        "MCP_SANDBOX",
        Kind::Switch,
        TRIAL,
        "false",
        "Use a simulated API inside this process, with its own key unless --api-key gives another",
    ),
    setting(
        "data",
        "MCP_DATA",
        Kind::Path,
        TRIAL,
        "in memory",
        "The folder in which the sandbox keeps its state",
    ),
    setting(
        "sandbox_port",
        "MCP_SANDBOX_PORT",
        Kind::Number { min: 1, max: u16::MAX as u64 },
        TRIAL,
        "a free one",
        "The port of this machine on which the sandbox and its page answer",
    ),
    setting(
        "sandbox_allow_private",
        "MCP_SANDBOX_ALLOW_PRIVATE",
        Kind::Switch,
        TRIAL,
        "false",
        "Let the sandbox fetch media from, and deliver webhooks to, this machine and private networks",
    ),
];

impl Setting {
    /// The setting with this key.
    pub(crate) fn find(key: &str) -> Option<&'static Self> {
        all().find(|setting| setting.key == key)
    }

    /// The flag without its two hyphens.
    pub(crate) fn flag(&self) -> String {
        self.key.replace('_', "-")
    }

    /// The environment variable.
    pub(crate) fn variable(&self, names: &Names) -> String {
        format!("{}_{}", names.env_prefix, self.variable)
    }

    /// What is taken where nothing is said, in words for people; empty where there is nothing.
    pub(crate) fn default(&self, names: &Names) -> &'static str {
        let own = names.defaults.iter().find(|(key, _)| *key == self.key);
        own.map_or(self.default, |(_, value)| value)
    }

    /// The variables for host and port of this setting that the product has of its own, in place of its variable.
    pub(crate) fn own_address(&self, names: &Names) -> Option<(&'static str, &'static str)> {
        names.drop_in.filter(|_| self.key == "listen")?.address_variables
    }

    /// Whether it means something only where there is a sandbox.
    pub(crate) fn is_for_sandbox(&self) -> bool {
        self.group == TRIAL
    }

    /// Whether its value may be a secret, which is never printed.
    pub(crate) fn is_secret(&self) -> bool {
        matches!(self.key, "api_key" | "client_key" | "redis_url")
    }

    /// What stands for the value in the help.
    pub(crate) fn placeholder(&self) -> String {
        match self.kind {
            Kind::Text(word) => word.to_owned(),
            Kind::Switch => "true|false".to_owned(),
            Kind::Number { .. } => "NUMBER".to_owned(),
            Kind::List => "A,B".to_owned(),
            Kind::Path => "PATH".to_owned(),
            Kind::Choice(words) => words.join("|"),
        }
    }
}

/// These settings as a Markdown table.
pub(crate) fn to_markdown(names: &Names, settings: impl Iterator<Item = &'static Setting>) -> String {
    let mut text =
        "| Flag | Environment | TOML key | Default | Meaning |\n|---|---|---|---|---|\n".to_owned();
    for setting in settings {
        let cell = |text: &str| text.replace('|', "\\|");
        let flag = match setting.kind {
            Kind::Switch => format!("--{}", setting.flag()),
            _ => format!("--{} {}", setting.flag(), setting.placeholder()),
        };
        let key = if setting.in_file { format!("`{}`", setting.key) } else { "–".to_owned() };
        let default = match setting.default(names) {
            "" => "–",
            default => default,
        };
        let own = setting.own_address(names);
        let own = own.map(|(host, port)| format!(", or `{host}` and `{port}`")).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | `{}`{own} | {key} | {} | {}. |",
            cell(&flag),
            setting.variable(names),
            cell(default),
            cell(setting.meaning)
        );
    }
    text
}
