//! Files that are brought up to date, or compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use similar::TextDiff;

/// The most lines of a difference that are shown for one file.
const MAX_DIFF_LINES: usize = 200;

/// Whether files are written or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write what is not up to date.
    Write,
    /// Write nothing; what is not up to date is an error.
    Check,
}

/// The files that ought to be there. Paths are relative to a root, with `/` between their parts.
#[derive(Debug, Default)]
pub struct Files {
    command: String,
    wanted: BTreeMap<String, String>,
    owned: BTreeSet<String>,
}

/// What happened to the files, by path, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Those that were new or different.
    pub written: Vec<String>,
    /// Those that nobody makes any more.
    pub removed: Vec<String>,
    /// Those that were up to date.
    pub unchanged: Vec<String>,
}

/// A file that is not up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its path.
    pub path: String,
    /// What a new run would do to it: a unified diff, or a sentence.
    pub diff: String,
}

/// Why files are not up to date.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file or folder cannot be read, written or removed.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// Files differ from what would be written.
    #[error("{}run `{command}` and commit the result", list(.differences))]
    OutOfDate {
        /// The command that brings them up to date.
        command: String,
        /// The files.
        differences: Vec<Difference>,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} is not up to date\n{}", self.path, self.diff.trim_end())
    }
}

fn list(differences: &[Difference]) -> String {
    let blocks: Vec<String> = differences.iter().map(|difference| format!("{difference}\n")).collect();
    blocks.concat()
}

impl Files {
    /// No files yet. `command` is the one that brings them up to date.
    pub fn new(command: &str) -> Self {
        Self { command: command.to_owned(), ..Self::default() }
    }

    /// Adds a file.
    pub fn add(&mut self, path: String, text: String) {
        self.wanted.insert(path, text);
    }

    /// Claims a folder: files in it that were not added are removed.
    pub fn own(&mut self, folder: &str) {
        self.owned.insert(folder.to_owned());
    }

    /// Writes or compares the files under `root`.
    ///
    /// # Errors
    /// Files that cannot be read or written; in [`Mode::Check`], all files that are not up to date.
    pub fn bring_up_to_date(&self, root: &Path, mode: Mode) -> Result<Outcome, FileError> {
        let mut outcome = Outcome::default();
        let mut differences = Vec::new();
        for (path, text) in &self.wanted {
            let place = root.join(path);
            let before = read(&place).map_err(|error| failed(path, error))?;
            if before.as_deref() == Some(text.as_str()) {
                outcome.unchanged.push(path.clone());
                continue;
            }
            match mode {
                Mode::Write => {
                    write(&place, text).map_err(|error| failed(path, error))?;
                    outcome.written.push(path.clone());
                }
                Mode::Check => {
                    let diff =
                        before.map_or_else(|| "it is missing".to_owned(), |before| diff(path, &before, text));
                    differences.push(Difference { path: path.clone(), diff });
                }
            }
        }
        for path in self.stale(root)? {
            match mode {
                Mode::Write => {
                    fs::remove_file(root.join(&path)).map_err(|error| failed(&path, error))?;
                    outcome.removed.push(path);
                }
                Mode::Check => {
                    differences.push(Difference { path, diff: "nothing makes it any more".to_owned() });
                }
            }
        }
        if differences.is_empty() {
            Ok(outcome)
        } else {
            Err(FileError::OutOfDate { command: self.command.clone(), differences })
        }
    }

    /// The files in claimed folders that were not added.
    fn stale(&self, root: &Path) -> Result<Vec<String>, FileError> {
        let mut stale = Vec::new();
        let mut folders: Vec<String> = self.owned.iter().cloned().collect();
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(root.join(&folder)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed(&folder, error)),
            };
            for entry in entries {
                let entry = entry.map_err(|error| failed(&folder, error))?;
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                let kind = entry.file_type().map_err(|error| failed(&path, error))?;
                if kind.is_dir() {
                    folders.push(path);
                } else if !self.wanted.contains_key(&path) {
                    stale.push(path);
                }
            }
        }
        stale.sort();
        Ok(stale)
    }
}

/// The text of a file; nothing where there is none.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file in one step: nobody ever reads half of it.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    fs::create_dir_all(&folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Like any new file, less what the user masks.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(&folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn diff(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    let text =
        diff.unified_diff().context_radius(3).header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    let count = text.lines().count();
    if count <= MAX_DIFF_LINES {
        return text;
    }
    let shown: Vec<&str> = text.lines().take(MAX_DIFF_LINES).collect();
    format!("{}\n… and {} more lines", shown.join("\n"), count - MAX_DIFF_LINES)
}

fn failed(path: &str, error: io::Error) -> FileError {
    FileError::Io { path: path.to_owned(), error }
}
