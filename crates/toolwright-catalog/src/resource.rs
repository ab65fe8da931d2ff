//! Resources, and how values of their variables are completed.

use serde::{Deserialize, Serialize};

/// An MCP resource, or resource template, that is read by calling a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The URI, such as `titan://sessions`; a template where it holds `{variable}`s, each an argument of the tool.
    pub uri: String,
    /// A short name, unique among the API's resources.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// What reading it returns.
    pub description: String,
    /// The tool that reads it; its scopes and policy apply.
    pub tool: String,
    /// How values of the template's variables are completed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completions: Vec<Completion>,
}

/// How an argument's values are completed: by calling a tool and picking from its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completion {
    /// The argument or template variable.
    pub argument: String,
    /// The tool whose result holds the values. It takes no required argument.
    pub tool: String,
    /// Where the values stand in its result: a JSON pointer in which `*` matches every item, such as `/data/*/name`.
    pub values: String,
}
