//! Prompts: templates of the catalog, filled in with the client's arguments, and functions written for it.

use std::collections::{BTreeMap, HashMap};

use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt as Published, PromptArgument, PromptMessage, Role};
use serde_json::Value;
use toolwright_catalog as catalog;

use super::template::fill;
use crate::{Context, Granted, HandWrittenPrompt, PromptRequest, ToolError, Toolset};

/// A prompt.
#[derive(Clone, Copy)]
pub(super) enum Prompt<'a> {
    Generated(&'a catalog::Prompt),
    HandWritten(&'a HandWrittenPrompt),
}

impl<'a> Prompt<'a> {
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::Generated(prompt) => &prompt.name,
            Self::HandWritten(prompt) => &prompt.name,
        }
    }

    fn description(self) -> &'a str {
        match self {
            Self::Generated(prompt) => &prompt.description,
            Self::HandWritten(prompt) => &prompt.description,
        }
    }

    fn arguments(self) -> &'a [catalog::PromptArgument] {
        match self {
            Self::Generated(prompt) => &prompt.arguments,
            Self::HandWritten(prompt) => &prompt.arguments,
        }
    }

    fn publish(self) -> Published {
        let arguments = self.arguments().iter().map(|argument| {
            PromptArgument::new(argument.name.clone())
                .with_description(argument.description.clone())
                .with_required(argument.required)
        });
        let arguments: Vec<PromptArgument> = arguments.collect();
        let arguments = (!arguments.is_empty()).then_some(arguments);
        let mut published = Published::new(self.name(), Some(self.description()), arguments);
        published.title = match self {
            Self::Generated(prompt) => Some(prompt.title.clone()),
            Self::HandWritten(prompt) => prompt.title.clone(),
        };
        published
    }
}

/// The prompts that the caller may use: those all of whose tools it may call, and hand-written ones whose scopes it has.
pub(super) fn usable<'a>(toolset: &'a Toolset, granted: &'a Granted) -> impl Iterator<Item = Prompt<'a>> {
    let generated = toolset.api().prompts.iter();
    let generated =
        generated.filter(|prompt| prompt.tools.iter().all(|name| toolset.visible(name, granted).is_some()));
    let hand_written = toolset.prompts().iter().filter(|prompt| granted.allows(&prompt.scopes));
    generated.map(Prompt::Generated).chain(hand_written.map(Prompt::HandWritten))
}

/// The prompts that the caller may use, as clients see them.
pub(super) fn list(toolset: &Toolset, granted: &Granted) -> Vec<Published> {
    usable(toolset, granted).map(Prompt::publish).collect()
}

/// Fills in a prompt.
///
/// # Errors
/// There is none of this name that the caller may use, or the arguments do not fit. What goes wrong in a function
/// stands inside.
pub(super) async fn get(
    toolset: &Toolset,
    name: &str,
    arguments: Option<&JsonObject>,
    context: &Context,
) -> Result<Result<GetPromptResult, ToolError>, ErrorData> {
    let prompt = usable(toolset, context.granted()).find(|prompt| prompt.name() == name);
    let prompt = prompt.ok_or_else(|| {
        ErrorData::invalid_params("there is no such prompt; `prompts/list` has those that there are", None)
    })?;
    let values = values(prompt.arguments(), arguments)?;
    let messages = match prompt {
        Prompt::Generated(prompt) => {
            Ok(vec![PromptMessage::new_text(Role::User, fill(&prompt.template, &values))])
        }
        Prompt::HandWritten(prompt) => {
            let arguments = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let request = PromptRequest { arguments: arguments.collect::<BTreeMap<_, _>>() };
            (prompt.handler)(request, context.clone(), toolset.clone()).await
        }
    };
    Ok(messages.map(|messages| GetPromptResult::new(messages).with_description(prompt.description())))
}

/// The arguments as text, checked: all mistakes in one message.
fn values<'a>(
    known: &[catalog::PromptArgument],
    arguments: Option<&'a JsonObject>,
) -> Result<HashMap<&'a str, &'a str>, ErrorData> {
    let mut values = HashMap::new();
    let mut problems = Vec::new();
    for (name, value) in arguments.into_iter().flatten() {
        if !known.iter().any(|argument| argument.name == *name) {
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
    for argument in known {
        if argument.required && !values.contains_key(argument.name.as_str()) {
            problems.push(format!("`{}` is required: {}", argument.name, argument.description));
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(ErrorData::invalid_params(problems.join("; "), None)) }
}
