//! Prompt templates and their arguments.

use serde::{Deserialize, Serialize};

use crate::Completion;

/// A prompt template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    /// The name that clients ask for.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// What the prompt is for.
    pub description: String,
    /// What can be filled in, in order.
    pub arguments: Vec<PromptArgument>,
    /// The text. `{{name}}` stands for an argument; `{{#name}}…{{/name}}` is kept only where the argument is given,
    /// `{{^name}}…{{/name}}` only where it is not.
    pub template: String,
    /// The tools that the text speaks of; the prompt is listed only where all of them are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// How argument values are completed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completions: Vec<Completion>,
}

/// One argument of a [`Prompt`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromptArgument {
    /// The name in the template.
    pub name: String,
    /// What to give.
    pub description: String,
    /// Whether the prompt cannot be had without it.
    pub required: bool,
}
