//! Prompts: templates of the catalog, filled in with the client's arguments.

use std::collections::HashMap;

use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt as Published, PromptArgument, PromptMessage, Role};
use serde_json::Value;
use toolwright_catalog::Prompt;

use super::template::fill;
use crate::{Granted, Toolset};

/// The prompts all of whose tools the caller may call.
pub(super) fn usable<'a>(toolset: &'a Toolset, granted: &'a Granted) -> impl Iterator<Item = &'a Prompt> {
    toolset
        .api()
        .prompts
        .iter()
        .filter(|prompt| prompt.tools.iter().all(|name| toolset.visible(name, granted).is_some()))
}

pub(super) fn publish(prompt: &Prompt) -> Published {
    let arguments: Vec<PromptArgument> = prompt
        .arguments
        .iter()
        .map(|argument| {
            PromptArgument::new(argument.name.clone())
                .with_description(argument.description.clone())
                .with_required(argument.required)
        })
        .collect();
    let arguments = (!arguments.is_empty()).then_some(arguments);
    Published::new(prompt.name.clone(), Some(prompt.description.clone()), arguments)
        .with_title(prompt.title.clone())
}

/// Fills in a prompt.
pub(super) fn get(
    toolset: &Toolset,
    name: &str,
    arguments: Option<&JsonObject>,
    granted: &Granted,
) -> Result<GetPromptResult, ErrorData> {
    let prompt = usable(toolset, granted).find(|prompt| prompt.name == name).ok_or_else(|| {
        ErrorData::invalid_params("there is no such prompt; `prompts/list` has those that there are", None)
    })?;
    let values = values(prompt, arguments)?;
    let message = PromptMessage::new_text(Role::User, fill(&prompt.template, &values));
    Ok(GetPromptResult::new(vec![message]).with_description(prompt.description.clone()))
}

/// The arguments as text, checked: all mistakes in one message.
fn values<'a>(
    prompt: &Prompt,
    arguments: Option<&'a JsonObject>,
) -> Result<HashMap<&'a str, &'a str>, ErrorData> {
    let mut values = HashMap::new();
    let mut problems = Vec::new();
    for (name, value) in arguments.into_iter().flatten() {
        if !prompt.arguments.iter().any(|argument| argument.name == *name) {
            problems.push(format!("the prompt has no argument `{}`", name.escape_debug()));
            continue;
        }
        match value {
            // An empty field of a form is an argument that was not given.
            Value::String(text) if !text.is_empty() => {
                values.insert(name.as_str(), text.as_str());
            }
            Value::String(_) | Value::Null => {}
            _ => problems.push(format!("`{name}` must be a string")),
        }
    }
    for argument in &prompt.arguments {
        if argument.required && !values.contains_key(argument.name.as_str()) {
            problems.push(format!("`{}` is required: {}", argument.name, argument.description));
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(ErrorData::invalid_params(problems.join("; "), None)) }
}
