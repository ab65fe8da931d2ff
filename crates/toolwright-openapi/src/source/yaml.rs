//! YAML and JSON text to values.

use serde::de::DeserializeOwned;
use serde_saphyr::DuplicateKeyPolicy;

use crate::diagnostic::{Diagnostics, Spot};

/// The deepest nesting that is read. Everything that walks a document recurses, so this also bounds the stack.
const MAX_DEPTH: usize = 96;
/// The largest document that is read, in nodes. The largest public documents have about two million.
const MAX_NODES: usize = 5_000_000;

/// Reads one YAML document, or JSON, which is a part of YAML. Keys become strings as they are spelled, so that `200:`
/// is the key `"200"`; only `true` and `false` are booleans; a key that stands twice is an error.
///
/// `first_line` is the number of the text's first line in `file`.
pub(crate) fn parse<T: DeserializeOwned>(file: &str, first_line: u64, text: &str) -> Result<T, Diagnostics> {
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_events: 4 * MAX_NODES,
        },
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let spot = match error.location().map(|location| location.line()) {
            Some(line) if line > 0 => Spot::Line(line + first_line - 1),
            _ => Spot::Whole,
        };
        Diagnostics::file(file, spot, message(&error), "correct the file at that line")
    })
}

/// The error without its position, which the diagnostic carries by itself, and without advice to programmers.
fn message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.lines().next().unwrap_or_default();
    let text = text.rsplit_once(" at line ").map_or(text, |(text, _)| text);
    text.split(", set DuplicateKeyPolicy").next().unwrap_or(text).to_owned()
}
