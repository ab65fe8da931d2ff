//! The document of a REST API as it is enforced: who may call an operation, and what a request must look like.
//!
//! There is no other table of routes, scopes or limits: what `/openapi.json` shows is what is checked. The document is in
//! `OpenAPI` 3.1, so its schemas are JSON Schemas as they stand.

use http::Method;
use serde_json::Value;

mod body;
mod explain;
mod inline;
mod mistake;
mod operation;
mod parameter;
mod request;
mod schema;
#[cfg(test)]
mod tests;

pub(crate) use body::Payload;
pub(crate) use mistake::{Flaw, Mistake};
pub(crate) use operation::Operation;
pub(crate) use request::Misfit;

/// A document that was read.
#[derive(Debug)]
pub(crate) struct Contract {
    operations: Vec<Operation>,
}

/// Why a document cannot be enforced. Documents are part of the program, so a test excludes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document of the API cannot be enforced: {at}: {what}")]
pub(crate) struct ContractError {
    at: String,
    what: String,
}

impl ContractError {
    pub(crate) fn new(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self { at: at.into(), what: what.into() }
    }
}

impl Contract {
    /// Reads a document.
    pub(crate) fn read(text: &str) -> Result<Self, ContractError> {
        let document: Value =
            serde_json::from_str(text).map_err(|error| ContractError::new("/", error.to_string()))?;
        let mut operations = Vec::new();
        for (template, item) in members(document.get("paths")) {
            for (name, node) in members(Some(item)) {
                let Some(method) = method(name) else { continue };
                operations.push(Operation::read(&document, method, template, item, node)?);
            }
        }
        Ok(Self { operations })
    }

    /// Whether all operations have been taken.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Takes the operation of a method and a path template out of the contract.
    pub(crate) fn take(&mut self, method: &str, template: &str) -> Result<Operation, ContractError> {
        let place = self.operations.iter().position(|it| it.method == method && it.template == template);
        let place =
            place.ok_or_else(|| ContractError::new(format!("{method} {template}"), "it is not there"))?;
        Ok(self.operations.swap_remove(place))
    }
}

/// The members of an object; none of anything else.
fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

/// The method that a member of a path item is for; `None` for what is no operation.
fn method(name: &str) -> Option<Method> {
    let known = ["get", "put", "post", "delete", "options", "head", "patch", "trace"].contains(&name);
    known.then(|| Method::from_bytes(name.to_ascii_uppercase().as_bytes()).ok()).flatten()
}
