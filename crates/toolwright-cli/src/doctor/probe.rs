//! Calls that change nothing, to see whether they are allowed.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use toolwright::catalog::{Completion, Effect};
use toolwright::{Context, ErrorKind, Tool, ToolError, Toolset};

/// What a call told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The key may do this.
    Allowed,
    /// The key lacks the scope.
    Refused,
    /// The key is not accepted at all.
    Unauthenticated(String),
    /// Nobody answers.
    Unreachable(String),
    /// Somebody answers who does not know the operation.
    NotThere(String),
    /// The call failed in a way that says nothing about scopes.
    Unclear(String),
}

impl Verdict {
    pub(super) fn of(error: &ToolError) -> Self {
        let message = error.to_string();
        match error.kind {
            ErrorKind::InsufficientScope => Self::Refused,
            ErrorKind::Unauthenticated => Self::Unauthenticated(message),
            ErrorKind::UpstreamUnavailable | ErrorKind::Timeout => Self::Unreachable(message),
            ErrorKind::NotFound => Self::NotThere(message),
            // The API looked at the state of things, so it had let the key pass.
            ErrorKind::Conflict => Self::Allowed,
            _ => Self::Unclear(message),
        }
    }
}

/// Calls read tools whose arguments are known: none, or values that another read tool lists.
pub(super) struct Probe<'a> {
    toolset: &'a Toolset,
    caller: &'a Context,
    /// What can stand in an argument, once it was looked up.
    values: BTreeMap<String, Option<String>>,
}

impl<'a> Probe<'a> {
    pub(super) fn new(toolset: &'a Toolset, caller: &'a Context) -> Self {
        Self { toolset, caller, values: BTreeMap::new() }
    }

    /// The tools to call, those without required arguments first.
    pub(super) fn candidates(&self) -> Vec<&'a Tool> {
        let mut tools: Vec<&Tool> = self.toolset.tools().filter(|tool| tool.effect == Effect::Read).collect();
        tools.retain(|tool| required(tool).iter().all(|argument| self.completion(argument).is_some()));
        tools.sort_by_key(|tool| required(tool).len());
        tools
    }

    /// Calls a tool; `None` where no value is known for one of its arguments.
    pub(super) async fn call(&mut self, tool: &Tool) -> Option<Verdict> {
        let mut arguments = Map::new();
        for argument in required(tool) {
            let value = self.value(argument).await?;
            arguments.insert(argument.to_owned(), value.into());
        }
        let named = !arguments.is_empty();
        let verdict = match self.toolset.call(&tool.name, arguments, self.caller).await {
            Ok(_) => Verdict::Allowed,
            Err(error) => Verdict::from(error),
        };
        // What was not found is then what the arguments name, and not the operation.
        Some(match verdict {
            Verdict::NotThere(_) if named => Verdict::Allowed,
            verdict => verdict,
        })
    }

    async fn value(&mut self, argument: &str) -> Option<String> {
        if let Some(known) = self.values.get(argument) {
            return known.clone();
        }
        let completion = self.completion(argument)?;
        let listed = self.toolset.call(&completion.tool, Map::new(), self.caller).await.ok();
        let value = listed.and_then(|output| first(output.raw.as_ref()?, &completion.values));
        self.values.insert(argument.to_owned(), value.clone());
        value
    }

    fn completion(&self, argument: &str) -> Option<&'a Completion> {
        let api = self.toolset.api();
        let of_resources = api.resources.iter().flat_map(|resource| &resource.completions);
        let of_prompts = api.prompts.iter().flat_map(|prompt| &prompt.completions);
        of_resources.chain(of_prompts).find(|completion| completion.argument == argument)
    }
}

fn required(tool: &Tool) -> Vec<&str> {
    let required = tool.input_schema.get("required").and_then(Value::as_array);
    required.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The first text at a pointer in which `*` matches every item.
fn first(value: &Value, pointer: &str) -> Option<String> {
    let Some((head, tail)) = pointer.split_once("/*") else {
        return value.pointer(pointer)?.as_str().map(str::to_owned);
    };
    value.pointer(head)?.as_array()?.iter().find_map(|item| first(item, tail))
}
