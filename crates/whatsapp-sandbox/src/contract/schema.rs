//! A schema that is compiled when it is first needed.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jsonschema::{Draft, Validator};
use serde_json::Value;

use super::{Flaw, Mistake, explain};

/// The most mistakes that are told at once.
const MAX_PROBLEMS: usize = 4;

/// A schema without references.
#[derive(Debug)]
pub(super) struct Schema {
    source: Value,
    validator: OnceLock<Result<Validator, String>>,
}

impl Schema {
    pub(super) fn new(source: Value) -> Self {
        Self { source, validator: OnceLock::new() }
    }

    /// The schema as it is written.
    pub(super) fn source(&self) -> &Value {
        &self.source
    }

    pub(super) fn validator(&self) -> Result<&Validator, &str> {
        self.validator.get_or_init(|| compile(&self.source)).as_ref().map_err(String::as_str)
    }

    /// What is wrong with a value, each with its place; nothing if it fits.
    pub(super) fn problems(&self, value: &Value) -> Vec<Mistake> {
        match self.validator() {
            Ok(validator) if validator.is_valid(value) => Vec::new(),
            Ok(validator) => validator
                .iter_errors(value)
                .flat_map(|error| explain::problem(&error))
                .take(MAX_PROBLEMS)
                .collect(),
            Err(error) => {
                tracing::error!(error, "a schema of the document cannot be compiled");
                vec![Mistake::new(Flaw::Value, "", "the sandbox cannot check it; its log says why")]
            }
        }
    }
}

fn compile(source: &Value) -> Result<Validator, String> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        // Whoever uses the bytes decodes them again; a check that builds nothing is cheap beside that.
        .with_format("byte", |text: &str| BASE64.decode(text).is_ok())
        .build(source)
        .map_err(|error| format!("{}: {error}", error.instance_path()))
}
