//! Reads the folder of an API. Only here is the disk touched; everything else works on values.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Spot};

pub(crate) mod yaml;

/// The document of an API and what stands beside it, as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The API's short name: lower-case letters, digits and hyphens, since it begins resource URIs.
    pub api: String,
    /// The `OpenAPI` document, before its overlay.
    pub document: Value,
    /// The document's file, for messages.
    pub document_file: String,
    /// The overlay and its file.
    pub overlay: Option<(String, Value)>,
    /// What a model must know before it uses the tools.
    pub instructions: Option<String>,
    /// The prompt files, sorted by name.
    pub prompts: Vec<PromptFile>,
}

/// A prompt file: YAML front matter and a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptFile {
    /// The file, for messages.
    pub file: String,
    /// Its text, with line feeds only.
    pub text: String,
}

const DOCUMENT_FILES: [&str; 3] = ["openapi.yaml", "openapi.yml", "openapi.json"];

impl Source {
    /// Reads `openapi.yaml` (or `.yml`, `.json`) in `folder` and, where they exist, `overlay.yaml`, `instructions.md`
    /// and `prompts/*.md`.
    ///
    /// # Errors
    /// Every file that cannot be read or is not well-formed, with its line.
    pub fn read(folder: &Path, api: &str) -> Result<Self, Diagnostics> {
        check_api_name(api)?;
        let mut errors = Vec::new();
        let document = keep(read_document(folder).and_then(parse_file), &mut errors);
        let overlay = keep(read_overlay(&folder.join("overlay.yaml")), &mut errors);
        let instructions = keep(read_optional(&folder.join("instructions.md")), &mut errors);
        let prompts = keep(read_prompts(&folder.join("prompts")), &mut errors);
        match (document, overlay, instructions, prompts) {
            (Some((document_file, document)), Some(overlay), Some(instructions), Some(prompts)) => {
                let instructions = instructions.map(|(_, text)| text.trim().to_owned());
                let instructions = instructions.filter(|text| !text.is_empty());
                Ok(Self { api: api.to_owned(), document, document_file, overlay, instructions, prompts })
            }
            _ => Err(Diagnostics::new(errors)),
        }
    }

    /// A source of a document only, from YAML or JSON text. `file` is its name in messages.
    ///
    /// # Errors
    /// Text that is not well-formed, with its line, and an unfit API name.
    pub fn from_yaml(api: &str, file: &str, text: &str) -> Result<Self, Diagnostics> {
        check_api_name(api)?;
        Ok(Self {
            api: api.to_owned(),
            document: yaml::parse(file, 1, clean(text).as_str())?,
            document_file: file.to_owned(),
            overlay: None,
            instructions: None,
            prompts: Vec::new(),
        })
    }

    /// The same source with an overlay, from YAML text. `file` is its name in messages.
    ///
    /// # Errors
    /// Text that is not well-formed, with its line.
    pub fn with_overlay(mut self, file: &str, text: &str) -> Result<Self, Diagnostics> {
        self.overlay = Some((file.to_owned(), yaml::parse(file, 1, clean(text).as_str())?));
        Ok(self)
    }

    /// The same source with instructions for the model.
    #[must_use]
    pub fn with_instructions(mut self, text: &str) -> Self {
        self.instructions = Some(clean(text).trim().to_owned()).filter(|text| !text.is_empty());
        self
    }

    /// The same source with one more prompt file.
    #[must_use]
    pub fn with_prompt(mut self, file: &str, text: &str) -> Self {
        self.prompts.push(PromptFile { file: file.to_owned(), text: clean(text) });
        self
    }
}

fn check_api_name(api: &str) -> Result<(), Diagnostics> {
    let well_formed = api.starts_with(|first: char| first.is_ascii_lowercase())
        && api.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-');
    if well_formed {
        return Ok(());
    }
    Err(Diagnostics::file(
        api,
        Spot::Whole,
        format!("`{api}` cannot be the name of an API"),
        "use lower-case letters, digits and hyphens, beginning with a letter: the name begins resource URIs",
    ))
}

fn keep<T>(result: Result<T, Diagnostics>, errors: &mut Vec<Diagnostic>) -> Option<T> {
    result.map_err(|more| errors.extend(more)).ok()
}

fn parse_file((file, text): (String, String)) -> Result<(String, Value), Diagnostics> {
    let value = yaml::parse(&file, 1, &text)?;
    Ok((file, value))
}

fn read_overlay(path: &Path) -> Result<Option<(String, Value)>, Diagnostics> {
    read_optional(path)?.map(parse_file).transpose()
}

fn read_document(folder: &Path) -> Result<(String, String), Diagnostics> {
    let mut found = Vec::new();
    for name in DOCUMENT_FILES {
        found.extend(read_optional(&folder.join(name))?);
    }
    match (found.pop(), found.pop()) {
        (Some(document), None) => Ok(document),
        (Some((second, _)), Some((first, _))) => Err(Diagnostics::file(
            &first,
            Spot::Whole,
            format!("there is a second document, {second}"),
            "keep one of them",
        )),
        (None, _) => Err(Diagnostics::file(
            &folder.display().to_string(),
            Spot::Whole,
            "the folder has no OpenAPI document",
            format!("put it there as one of {}", DOCUMENT_FILES.join(", ")),
        )),
    }
}

fn read_prompts(folder: &Path) -> Result<Vec<PromptFile>, Diagnostics> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut prompts = Vec::new();
    for path in paths {
        prompts.extend(read_optional(&path)?.map(|(file, text)| PromptFile { file, text }));
    }
    Ok(prompts)
}

/// The file's name for messages and its text; nothing where there is no such file.
fn read_optional(path: &Path) -> Result<Option<(String, String)>, Diagnostics> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some((path.display().to_string(), clean(&text)))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostics {
    Diagnostics::file(
        &path.display().to_string(),
        Spot::Whole,
        format!("cannot be read: {error}"),
        "check that it is a UTF-8 text file that you may read",
    )
}

/// The text without a byte order mark and with line feeds only, so that the same words give the same catalog on every
/// system.
fn clean(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}
