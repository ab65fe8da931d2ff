//! The file with caller tokens.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toolwright::Granted;
use toolwright::client::Credential;

use super::caller_token::{CallerToken, check_distinct};

/// What may stand in an entry.
const KEYS: [&str; 6] = ["name", "token", "token_sha256", "scopes", "api_key", "api_key_file"];

/// What is wrong with a file of callers: one line for each mistake, with file, line and entry. No value of the file is
/// repeated except the names of callers and scopes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct CallerFileError(Vec<String>);

/// Reads callers from a TOML file:
///
/// ```toml
/// [[caller]]
/// name = "support-agent"                 # for limits and logs
/// token_sha256 = "9f86d081884c7d65…"     # or token = "…"
/// scopes = ["messages:*", "chats:read"]  # ["*"] for all
/// api_key_file = "keys/support"          # optional, or api_key = "…": the caller's own key of the API
/// ```
///
/// A relative path starts at the file's folder.
///
/// # Errors
/// All mistakes of the file.
pub fn read_callers(path: &Path) -> Result<Vec<CallerToken>, CallerFileError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        CallerFileError(vec![format!("the file of callers {shown} cannot be read: {error}")])
    })?;
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let mut reader = Reader { path, text: &text, folder, problems: Vec::new() };
    let callers = reader.file();
    if reader.problems.is_empty()
        && let Err(error) = check_distinct(&callers)
    {
        reader.problems.push(format!("{shown}: {error}"));
    }
    if reader.problems.is_empty() { Ok(callers) } else { Err(CallerFileError(reader.problems)) }
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    folder: PathBuf,
    problems: Vec<String>,
}

/// One entry: what stands in it, and how it is called in messages.
struct Entry<'a> {
    table: &'a DeTable<'a>,
    label: String,
    offset: usize,
}

impl Reader<'_> {
    fn problem(&mut self, offset: usize, what: impl fmt::Display) {
        let line = self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
        self.problems.push(format!("{}:{line}: {what}", self.path.display()));
    }

    fn file(&mut self) -> Vec<CallerToken> {
        let table = match DeTable::parse(self.text) {
            Ok(table) => table,
            Err(error) => {
                // Only the message: the whole error quotes the line, in which a token may stand.
                let offset = error.span().map_or(0, |span| span.start);
                self.problem(offset, format_args!("this is not TOML: {}", error.message().trim()));
                return Vec::new();
            }
        };
        let mut callers = Vec::new();
        for (key, value) in table.get_ref() {
            if key.get_ref() != "caller" {
                let name = key.get_ref().escape_debug();
                self.problem(
                    key.span().start,
                    format_args!("there is no `{name}` in this file; callers are `[[caller]]`"),
                );
            } else if let Some(entries) = value.get_ref().as_array() {
                callers
                    .extend(entries.iter().enumerate().filter_map(|(index, entry)| self.entry(index, entry)));
            } else {
                self.problem(
                    key.span().start,
                    "`caller` must be written as `[[caller]]`, one for each caller",
                );
            }
        }
        callers
    }

    fn entry(&mut self, index: usize, entry: &Spanned<DeValue<'_>>) -> Option<CallerToken> {
        let (label, offset) = (format!("caller {}", index + 1), entry.span().start);
        let Some(table) = entry.get_ref().as_table() else {
            self.problem(offset, format_args!("{label} must be a table: `[[caller]]`"));
            return None;
        };
        let mut entry = Entry { table, label, offset };
        let before = self.problems.len();
        for (key, _) in table {
            if !KEYS.contains(&&**key.get_ref()) {
                let name = key.get_ref().escape_debug();
                let known = KEYS.join(", ");
                self.problem(
                    key.span().start,
                    format_args!("{}: there is no `{name}`; there are {known}", entry.label),
                );
            }
        }
        let name = self.text_of(&entry, "name").unwrap_or_default();
        if !name.is_empty() {
            entry.label = format!("{} (`{}`)", entry.label, name.escape_debug());
        }
        let granted = self.scopes(&entry)?;
        let token = match (self.text_of(&entry, "token"), self.text_of(&entry, "token_sha256")) {
            (Some(token), None) => CallerToken::new(name, token, granted),
            (None, Some(digits)) => CallerToken::from_sha256(name, digits, granted),
            _ => {
                self.entry_problem(&entry, "give one of `token` and `token_sha256`");
                return None;
            }
        };
        let token = token.map_err(|error| self.entry_problem(&entry, error)).ok()?;
        let credential = self.credential(&entry);
        (self.problems.len() == before).then(|| match credential {
            Some(credential) => token.with_credential(credential),
            None => token,
        })
    }

    fn entry_problem(&mut self, entry: &Entry<'_>, what: impl fmt::Display) {
        self.problem(entry.offset, format_args!("{}: {what}", entry.label));
    }

    /// A text, if it stands there.
    fn text_of<'e>(&mut self, entry: &Entry<'e>, key: &str) -> Option<&'e str> {
        let value = entry.table.get(key)?;
        let text = value.get_ref().as_str();
        if text.is_none() {
            let kind = value.get_ref().type_str();
            self.problem(
                value.span().start,
                format_args!("{}: `{key}` must be a text, not {kind}", entry.label),
            );
        }
        text
    }

    fn scopes(&mut self, entry: &Entry<'_>) -> Option<Granted> {
        let Some(value) = entry.table.get("scopes") else {
            self.entry_problem(
                entry,
                "`scopes` is missing: list the scopes, or `[\"*\"]` for all, or `[]` for none",
            );
            return None;
        };
        let texts = value
            .get_ref()
            .as_array()
            .and_then(|list| list.iter().map(|scope| scope.get_ref().as_str()).collect::<Option<Vec<_>>>());
        let granted = match texts {
            Some(texts) => texts.join(" ").parse::<Granted>().map_err(|error| error.to_string()),
            None => Err("`scopes` must be a list of texts".to_owned()),
        };
        granted
            .map_err(|wrong| self.problem(value.span().start, format_args!("{}: {wrong}", entry.label)))
            .ok()
    }

    fn credential(&mut self, entry: &Entry<'_>) -> Option<Credential> {
        let key = match (self.text_of(entry, "api_key"), self.text_of(entry, "api_key_file")) {
            (None, None) => return None,
            (Some(key), None) => key.to_owned(),
            (None, Some(file)) => match std::fs::read_to_string(self.folder.join(file)) {
                Ok(key) => key,
                Err(error) => {
                    self.entry_problem(entry, format_args!("`api_key_file` cannot be read: {error}"));
                    return None;
                }
            },
            (Some(_), Some(_)) => {
                self.entry_problem(entry, "give one of `api_key` and `api_key_file`");
                return None;
            }
        };
        Credential::key(&key).map_err(|error| self.entry_problem(entry, error)).ok()
    }
}
