//! JSON Schemas that are compiled when they are first needed, and what they find in words.

mod describe;
mod explain;
mod pointer;

use std::fmt;
use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use serde_json::{Map, Value};

pub(crate) use describe::{quoted, shorten};
pub(crate) use explain::{explain, likely_alternative, unknown};
pub(crate) use pointer::{pointer, segment_name};

/// A schema with its validator. Most tools of a large API are never called, so none is compiled at start-up.
pub(crate) struct Schema {
    source: Arc<Map<String, Value>>,
    validator: OnceLock<Result<Validator, String>>,
}

impl Schema {
    pub(crate) fn new(source: Arc<Map<String, Value>>) -> Self {
        Self { source, validator: OnceLock::new() }
    }

    /// The compiled schema.
    ///
    /// # Errors
    /// The schema itself is wrong; says where.
    pub(crate) fn validator(&self) -> Result<&Validator, &str> {
        self.validator.get_or_init(|| compile(&self.source)).as_ref().map_err(String::as_str)
    }

    /// The object in the schema at a JSON pointer.
    pub(crate) fn node(&self, pointer: &str) -> Option<&Map<String, Value>> {
        let Some(path) = pointer.strip_prefix('/') else {
            return pointer.is_empty().then_some(&*self.source);
        };
        let (first, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
        self.source.get(&segment_name(first))?.pointer(rest)?.as_object()
    }

    /// A node of the schema, or what its `$ref` leads to.
    pub(crate) fn resolve<'a>(&'a self, node: &'a Value) -> Option<&'a Map<String, Value>> {
        let node = node.as_object()?;
        let target = node.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        target.and_then(|pointer| self.node(pointer)).or(Some(node))
    }

    /// The names of the schema's properties.
    pub(crate) fn properties(&self) -> impl Iterator<Item = &str> {
        self.property_map().into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// The schema's properties by name, where it has any.
    pub(crate) fn property_map(&self) -> Option<&Map<String, Value>> {
        self.source.get("properties")?.as_object()
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Schema")
            .field("compiled", &self.validator.get().is_some())
            .finish_non_exhaustive()
    }
}

fn compile(source: &Map<String, Value>) -> Result<Validator, String> {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&Value::Object(source.clone()))
        .map_err(|error| format!("{}: {error}", error.instance_path()))
}
