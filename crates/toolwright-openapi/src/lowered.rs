//! What lowering makes of a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use toolwright_catalog::{
    Api, Argument, Body, Call, Catalog, Domain, Effect, FORMAT, Media, Operation, Prompt, Resource, Response,
    Tool, Toolset, Untooled, Variants,
};

use crate::diagnostic::Note;

/// A checked document: everything about its tools but how the typed client is called, which only the generated client
/// can tell.
#[derive(Debug)]
pub struct Lowered {
    pub(crate) document: Value,
    pub(crate) spec_hash: String,
    pub(crate) api: Api,
    pub(crate) scopes: BTreeMap<String, String>,
    pub(crate) domains: Vec<Domain>,
    pub(crate) toolsets: Vec<Toolset>,
    pub(crate) order: Vec<String>,
    pub(crate) tools: Vec<LoweredTool>,
    pub(crate) untooled: Vec<Untooled>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) prompts: Vec<Prompt>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) generic: BTreeMap<String, String>,
    pub(crate) notes: Vec<Note>,
}

/// A tool without its call. The fields are those of [`Tool`].
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "documented at the fields of `Tool`")]
pub struct LoweredTool {
    pub name: String,
    pub title: String,
    pub description: String,
    pub domain: String,
    pub operation: Operation,
    pub scopes: Vec<String>,
    pub effect: Effect,
    pub idempotent: bool,
    pub open_world: bool,
    pub confirm: bool,
    pub timeout_s: Option<u32>,
    pub arguments: Vec<Argument>,
    pub body: Option<Body>,
    pub input_schema: Map<String, Value>,
    pub condition: Option<Map<String, Value>>,
    pub variants: Option<Variants>,
    pub output_schema: Option<Map<String, Value>>,
    pub response: Response,
    pub media: Option<Media>,
}

impl Lowered {
    /// The document with its overlay applied, and with an id for every operation.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// SHA-256, in hex, of the document with its overlay applied, the instructions and the prompts.
    pub fn spec_hash(&self) -> &str {
        &self.spec_hash
    }

    /// Every operation of the document, tool or not, sorted by id.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The tools, sorted by name.
    pub fn tools(&self) -> &[LoweredTool] {
        &self.tools
    }

    /// The operations of tools that the typed client cannot express, with the reason as a sentence.
    pub fn generic(&self) -> &BTreeMap<String, String> {
        &self.generic
    }

    /// What the author should know though it is not wrong.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The catalog, once it is known how each operation is called. `calls` has one entry for each tool, by operation id.
    ///
    /// # Errors
    /// Names the operations whose calls are missing, or that are no tools.
    pub fn into_catalog(self, mut calls: BTreeMap<String, Call>) -> Result<Catalog, JoinError> {
        let mut tools = Vec::new();
        let mut missing = Vec::new();
        for tool in self.tools {
            match calls.remove(&tool.operation.id) {
                Some(call) => tools.push(tool.with_call(call)),
                None => missing.push(tool.operation.id),
            }
        }
        if !missing.is_empty() {
            return Err(JoinError::Missing(missing));
        }
        if !calls.is_empty() {
            return Err(JoinError::Unknown(calls.into_keys().collect()));
        }
        Ok(Catalog {
            format: FORMAT,
            spec_hash: self.spec_hash,
            api: self.api,
            scopes: self.scopes,
            domains: self.domains,
            toolsets: self.toolsets,
            order: self.order,
            tools,
            untooled: self.untooled,
            resources: self.resources,
            prompts: self.prompts,
        })
    }
}

impl LoweredTool {
    fn with_call(self, call: Call) -> Tool {
        Tool {
            name: self.name,
            title: self.title,
            description: self.description,
            domain: self.domain,
            operation: self.operation,
            scopes: self.scopes,
            effect: self.effect,
            idempotent: self.idempotent,
            open_world: self.open_world,
            confirm: self.confirm,
            timeout_s: self.timeout_s,
            arguments: self.arguments,
            body: self.body,
            input_schema: self.input_schema,
            condition: self.condition,
            variants: self.variants,
            output_schema: self.output_schema,
            response: self.response,
            media: self.media,
            call,
        }
    }
}

/// Why calls and tools do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// Tools without a call.
    #[error("nobody says how these operations are called: {}", .0.join(", "))]
    Missing(Vec<String>),
    /// Calls without a tool.
    #[error("these operations are no tools, but somebody says how they are called: {}", .0.join(", "))]
    Unknown(Vec<String>),
}
