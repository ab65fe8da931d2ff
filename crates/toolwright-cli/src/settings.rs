//! The settings: found in flags, environment and file, checked, and made into what the commands need.

mod conflicts;
mod file;
pub(crate) mod table;
mod value;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use toolwright::client::{Credential, UpstreamBuilder};
use toolwright::{Granted, Pattern, Policy, ToolsetBuilder};

use crate::DropIn;
use crate::config::remote::DEFAULT_LISTEN;
use table::Setting;
pub(crate) use value::Value;

/// In what the settings of two programs differ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names {
    /// The program.
    pub(crate) app: &'static str,
    /// What its environment variables begin with.
    pub(crate) env_prefix: &'static str,
    /// Its own defaults, by key.
    pub(crate) defaults: &'static [(&'static str, &'static str)],
    /// What is different where the program stands in for another.
    pub(crate) drop_in: Option<DropIn>,
}

/// Looks up an environment variable.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Where a value was found; the greater wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// The program itself.
    Default,
    File {
        path: PathBuf,
        line: usize,
    },
    /// The variables for host and port that the product has of its own.
    HostAndPort,
    Environment,
    Flag,
}

/// No `Debug`: the value may be the key.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) value: Value,
    pub(crate) source: Source,
}

/// All settings of this start. A missing one has its default.
///
/// `Debug` shows no values, as one of them is the key.
pub(crate) struct Settings {
    names: Names,
    found: BTreeMap<&'static str, Found>,
    file: Option<PathBuf>,
    granted: Granted,
    credential: Credential,
}

/// A mistake in how the program was started, as opposed to a failure of what it was asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsageError(String);

impl UsageError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    fn all(problems: &[String]) -> Self {
        match problems {
            [only] => Self(only.clone()),
            _ => Self(format!("the settings are wrong:\n- {}", problems.join("\n- "))),
        }
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

impl Settings {
    /// Finds and checks all settings. All mistakes come in one error.
    pub(crate) fn read(
        names: &Names,
        matches: &ArgMatches,
        env: Environment<'_>,
    ) -> Result<Self, UsageError> {
        let mut problems = Vec::new();
        let mut settings = Self {
            names: *names,
            found: BTreeMap::new(),
            file: None,
            granted: Granted::all(),
            credential: Credential::None,
        };
        for setting in table::all() {
            if let Err(problem) = settings.find(setting, matches, env) {
                problems.push(problem);
            }
        }
        if let Err(problem) = settings.find_address(env) {
            problems.push(problem);
        }
        settings.file = settings.path("config").map(Path::to_path_buf).or_else(|| default_file(names, env));
        if let Some(path) = settings.file.clone() {
            match file::read(&path) {
                Ok(entries) => settings.fill(entries, &path),
                Err(wrong) => problems.extend(wrong),
            }
        }
        for (key, text) in names.defaults {
            if let Err(problem) = settings.fall_back(key, text) {
                problems.push(problem);
            }
        }
        if problems.is_empty() {
            problems = settings.conflicts();
        }
        if problems.is_empty() {
            settings.granted = settings.read_granted().unwrap_or_else(|problem| {
                problems.push(problem);
                Granted::none()
            });
            settings.credential = settings.read_credential().unwrap_or_else(|problem| {
                problems.push(problem);
                Credential::None
            });
        }
        if problems.is_empty() { Ok(settings) } else { Err(UsageError::all(&problems)) }
    }

    fn find(
        &mut self,
        setting: &'static Setting,
        matches: &ArgMatches,
        env: Environment<'_>,
    ) -> Result<(), String> {
        let flag = matches.try_get_raw(setting.key).ok().flatten();
        let (source, texts) = match flag {
            Some(texts) => (Source::Flag, texts.map(ToOwned::to_owned).collect()),
            // Templates of containers and clients set a variable to nothing where they mean not to set it.
            None => match env(&setting.variable(&self.names)).filter(|text| !text.is_empty()) {
                Some(text) => (Source::Environment, vec![text]),
                None => return Ok(()),
            },
        };
        let place = self.describe(setting, &source);
        let value = setting.kind.read(&texts).map_err(|wrong| format!("{place} {wrong}"))?;
        self.found.insert(setting.key, Found { value, source });
        Ok(())
    }

    /// Takes `listen` from the variables for host and port that the program has beside it.
    fn find_address(&mut self, env: Environment<'_>) -> Result<(), String> {
        let Some((host_name, port_name)) = self.names.drop_in.and_then(|it| it.address_variables) else {
            return Ok(());
        };
        let text = |name| env(name).and_then(|it| it.into_string().ok()).filter(|it| !it.trim().is_empty());
        let (host, port) = (text(host_name), text(port_name));
        if self.found.contains_key("listen") || (host.is_none() && port.is_none()) {
            return Ok(());
        }
        let usual = Setting::find("listen").and_then(|it| it.default(&self.names).parse().ok());
        let mut address: SocketAddr = usual.unwrap_or(DEFAULT_LISTEN);
        if let Some(port) = port {
            let Ok(port) = port.trim().parse() else {
                return Err(format!("{port_name} is no port: give a number from 0 to 65535"));
            };
            address.set_port(port);
        }
        if let Some(host) = host {
            let host = host.trim().replace("localhost", "127.0.0.1");
            let Ok(host) = host.trim_matches(['[', ']']).parse() else {
                return Err(format!("{host_name} is no IP address: write one such as 127.0.0.1"));
            };
            address.set_ip(host);
        }
        let value = Value::Text(address.to_string());
        self.found.insert("listen", Found { value, source: Source::HostAndPort });
        Ok(())
    }

    fn fill(&mut self, entries: file::Entries, path: &Path) {
        for (setting, value, line) in entries {
            let source = Source::File { path: path.to_path_buf(), line };
            self.found.entry(setting.key).or_insert(Found { value, source });
        }
    }

    /// Takes a default of the program where nothing else was found.
    fn fall_back(&mut self, key: &str, text: &str) -> Result<(), String> {
        let setting = Setting::find(key)
            .ok_or_else(|| format!("this program has a default for `{key}`, which is no setting"))?;
        if self.found.contains_key(setting.key) {
            return Ok(());
        }
        let place = self.describe(setting, &Source::Default);
        let value = setting.kind.read(&[text.into()]).map_err(|wrong| format!("{place} {wrong}"))?;
        self.found.insert(setting.key, Found { value, source: Source::Default });
        Ok(())
    }

    fn read_granted(&self) -> Result<Granted, String> {
        match self.list("scopes") {
            None => Ok(Granted::all()),
            Some(scopes) => {
                scopes.join(" ").parse().map_err(|error| format!("{}: {error}", self.place("scopes")))
            }
        }
    }

    fn read_credential(&self) -> Result<Credential, String> {
        let from_file = match (self.found.get("api_key"), self.found.get("api_key_file")) {
            (None, None) => return Ok(Credential::None),
            (Some(key), Some(file)) if same_layer(&key.source, &file.source) => {
                let (key, file) = (self.place("api_key"), self.place("api_key_file"));
                return Err(format!("{key} and {file} both give the key: remove one"));
            }
            (Some(key), Some(file)) => file.source > key.source,
            (key, _) => key.is_none(),
        };
        if !from_file {
            let text = self.text("api_key").unwrap_or_default();
            let place = self.place("api_key");
            if text.trim().starts_with("${") {
                return Err(format!(
                    "{place} is a placeholder that nobody has filled in: put the key itself there, or use --api-key-file"
                ));
            }
            return Credential::key(text).map_err(|error| format!("{place}: {error}"));
        }
        let path = self.path("api_key_file").unwrap_or_else(|| Path::new(""));
        let place = format!("{} ({})", self.place("api_key_file"), path.display());
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("{place} cannot be read: {error}"))?;
        Credential::key(&text).map_err(|error| format!("{place}: {error}"))
    }

    /// The values that were found, by key.
    pub(crate) fn found(&self) -> impl Iterator<Item = (&'static Setting, &Found)> {
        table::all().filter_map(|setting| Some((setting, self.found.get(setting.key)?)))
    }

    /// The file that was read.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether a flag gave the value.
    pub(crate) fn is_flag(&self, key: &str) -> bool {
        self.found.get(key).is_some_and(|found| found.source == Source::Flag)
    }

    /// Whether anything gave the value.
    pub(crate) fn is_set(&self, key: &str) -> bool {
        self.found.contains_key(key)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match &self.found.get(key)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        self.found.get(key).is_some_and(|found| found.value == Value::Switch(true))
    }

    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        match self.found.get(key)?.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn size(&self, key: &str) -> Option<usize> {
        self.number(key).and_then(|number| usize::try_from(number).ok())
    }

    pub(crate) fn path(&self, key: &str) -> Option<&Path> {
        match &self.found.get(key)?.value {
            Value::Path(path) => Some(path),
            _ => None,
        }
    }

    pub(crate) fn list(&self, key: &str) -> Option<&[String]> {
        match &self.found.get(key)?.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Where a setting stands, as an error names it: `--log`, `TITAN_MCP_LOG` or a line of the file.
    pub(crate) fn place(&self, key: &str) -> String {
        match (Setting::find(key), self.found.get(key)) {
            (Some(setting), Some(found)) => self.describe(setting, &found.source),
            _ => format!("`{key}`"),
        }
    }

    fn describe(&self, setting: &Setting, source: &Source) -> String {
        match source {
            Source::Default => format!("this program's `{}`", setting.key),
            Source::Flag => format!("--{}", setting.flag()),
            Source::HostAndPort => match setting.own_address(&self.names) {
                Some((host, port)) => format!("{host} and {port}"),
                None => setting.variable(&self.names),
            },
            Source::Environment => setting.variable(&self.names),
            Source::File { path, line } => format!("{}:{line}: `{}`", path.display(), setting.key),
        }
    }

    /// The scopes within which tools are listed and called.
    pub(crate) fn granted(&self) -> &Granted {
        &self.granted
    }

    /// What the API is shown.
    pub(crate) fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The tools that these settings choose.
    pub(crate) fn choose(&self, toolset: ToolsetBuilder) -> ToolsetBuilder {
        self.choose_by(self.policy(), toolset)
    }

    /// The tools that these settings choose for a person who calls them by hand, and need not be asked once more.
    pub(crate) fn choose_unasked(&self, toolset: ToolsetBuilder) -> ToolsetBuilder {
        self.choose_by(Policy { confirm: Vec::new(), ..self.policy() }, toolset)
    }

    fn policy(&self) -> Policy {
        let patterns = |key| {
            self.list(key).unwrap_or_default().iter().map(|text| Pattern::from(text.as_str())).collect()
        };
        Policy {
            include: patterns("include"),
            exclude: patterns("exclude"),
            domains: self.list("domains").unwrap_or_default().to_vec(),
            toolset: self.text("toolset").map(str::to_owned),
            read_only: self.flag("read_only"),
            confirm: patterns("confirm"),
        }
    }

    fn choose_by(&self, policy: Policy, toolset: ToolsetBuilder) -> ToolsetBuilder {
        let toolset = toolset.policy(policy).output_schemas(!self.flag("no_output_schemas"));
        match self.size("response_budget") {
            Some(bytes) => toolset.response_budget(bytes),
            None => toolset,
        }
    }

    /// The limits of each call.
    pub(crate) fn limit(&self, mut upstream: UpstreamBuilder) -> UpstreamBuilder {
        if let Some(seconds) = self.number("timeout") {
            upstream = upstream.timeout(Duration::from_secs(seconds));
        }
        if let Some(bytes) = self.number("max_response_bytes") {
            upstream = upstream.max_response_bytes(bytes);
        }
        // Of the sandbox it is known.
        upstream.repeat_writes(self.flag("repeat_writes") || self.flag("sandbox"))
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Settings").field("keys", &self.found.keys()).finish_non_exhaustive()
    }
}

fn same_layer(one: &Source, other: &Source) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn default_file(names: &Names, env: Environment<'_>) -> Option<PathBuf> {
    let folder = |name: &str| env(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    let base = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(base.join(names.app).join("config.toml")).filter(|path| path.is_file())
}
