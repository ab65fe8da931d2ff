//! The TOML file.

use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::table::{self, Setting};
use super::value::Value;

/// What a file sets: setting, value and line.
pub(super) type Entries = Vec<(&'static Setting, Value, usize)>;

/// Reads a file. The error lists everything that is wrong with it, each with file and line.
pub(super) fn read(path: &Path) -> Result<Entries, Vec<String>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| vec![format!("the configuration file {shown} cannot be read: {error}")])?;
    let table = DeTable::parse(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| line(&text, span.start));
        vec![format!("{shown}:{line}: this is not TOML: {}", error.message().trim())]
    })?;
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut lines: Vec<_> = table.get_ref().iter().collect();
    lines.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in lines {
        let line = line(&text, key.span().start);
        let name: &str = key.get_ref();
        match Setting::find(name).filter(|setting| setting.in_file) {
            None => problems.push(format!(
                "{shown}:{line}: there is no setting `{}`{}",
                name.escape_debug(),
                remedy(name)
            )),
            Some(setting) => match setting.kind.read_toml(value.get_ref(), &folder) {
                Ok(value) => entries.push((setting, value, line)),
                Err(wrong) => problems.push(format!("{shown}:{line}: `{name}` {wrong}")),
            },
        }
    }
    if problems.is_empty() { Ok(entries) } else { Err(problems) }
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn remedy(unknown: &str) -> String {
    let wanted = unknown.to_lowercase().replace('-', "_");
    let known = || table::all().filter(|setting| setting.in_file).map(|setting| setting.key);
    let near = known()
        .map(|key| (strsim::damerau_levenshtein(&wanted, key), key))
        .filter(|(distance, key)| *distance <= key.len() / 3)
        .min();
    match near {
        Some((_, key)) => format!("; did you mean `{key}`?"),
        None => "; `serve --help` lists all that there are".to_owned(),
    }
}
