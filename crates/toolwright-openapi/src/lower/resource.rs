//! Resources that are read by calling a tool, and completions for resources and prompts.

use toolwright_catalog::{Completion, Effect, Resource};

use super::Planned;
use super::parameter::variables;
use crate::diagnostic::Sink;
use crate::lowered::LoweredTool;
use crate::naming::suggestion;
use crate::x_mcp::{ResourceHint, Said};

/// The tools of an API, for those who refer to them.
#[derive(Debug)]
pub(super) struct Tools<'t> {
    /// The names of all tools, including those that could not be lowered.
    pub(super) names: Vec<&'t str>,
    pub(super) lowered: &'t [LoweredTool],
}

impl Tools<'_> {
    pub(super) fn find(&self, name: &str) -> Option<&LoweredTool> {
        self.lowered.iter().find(|tool| tool.name == name)
    }

    /// What is wrong with a reference to a tool, and what to do.
    pub(super) fn check(&self, name: &str) -> Result<(), (String, String)> {
        if self.names.contains(&name) {
            return Ok(());
        }
        Err((format!("there is no tool `{name}`"), suggestion(name, &self.names)))
    }

    /// What is wrong with a completion, and what to do.
    pub(super) fn check_completion(&self, tool: &str, values: &str) -> Result<(), (String, String)> {
        self.check(tool)?;
        if let Some(required) =
            self.find(tool).and_then(|tool| tool.arguments.iter().find(|a| a.required && a.fixed.is_none()))
        {
            let message = format!("tool `{tool}` cannot complete anything: it requires `{}`", required.name);
            return Err((message, "use a tool without required arguments".to_owned()));
        }
        if !values.starts_with('/') {
            let message = format!("`{values}` does not say where the values stand");
            return Err((
                message,
                "write a JSON pointer in which `*` is every item, as in `/data/*/name`".to_owned(),
            ));
        }
        Ok(())
    }
}

/// The resources of all tools, sorted by URI.
pub(super) fn resources<'p>(
    planned: impl Iterator<Item = (&'p Planned<'p>, &'p LoweredTool)>,
    tools: &Tools<'_>,
    sink: &mut Sink,
) -> Vec<Resource> {
    let mut resources: Vec<Resource> = Vec::new();
    for (planned, tool) in planned {
        let Some(said) = &planned.x_mcp.resource else { continue };
        check(said, tool, sink);
        let resource = resource(said, tool, tools, sink);
        if let Some(other) =
            resources.iter().find(|other| other.uri == resource.uri || other.name == resource.name)
        {
            let message =
                format!("tools `{}` and `{}` have a resource of the same URI or name", other.tool, tool.name);
            sink.error(&said.pointer, message, "give each a URI and a name of its own");
        }
        resources.push(resource);
    }
    resources.sort_by(|one, other| one.uri.cmp(&other.uri));
    resources
}

fn resource(said: &Said<ResourceHint>, tool: &LoweredTool, tools: &Tools<'_>, sink: &mut Sink) -> Resource {
    let hint = &said.value;
    let mut completions = Vec::new();
    for (argument, completion) in &hint.complete {
        let Said { value, pointer } = completion;
        if !variables(&hint.uri).contains(&argument.as_str()) {
            let message = format!("`{argument}` is no variable of {}", hint.uri);
            sink.error(pointer, message, suggestion(argument, &variables(&hint.uri)));
        }
        if let Err((message, remedy)) = tools.check_completion(&value.tool, &value.values) {
            sink.error(pointer, message, remedy);
        }
        let (tool, values) = (value.tool.clone(), value.values.clone());
        completions.push(Completion { argument: argument.clone(), tool, values });
    }
    Resource {
        uri: hint.uri.clone(),
        name: hint.name.clone().unwrap_or_else(|| tool.name.clone()),
        title: hint.title.clone().unwrap_or_else(|| tool.title.clone()),
        description: hint.description.clone().unwrap_or_else(|| tool.description.clone()),
        tool: tool.name.clone(),
        completions,
    }
}

fn check(said: &Said<ResourceHint>, tool: &LoweredTool, sink: &mut Sink) {
    let uri = &said.value.uri;
    let mut error = |message: String, remedy: &str| sink.error(&said.pointer, message, remedy);
    let scheme = uri.split_once("://").map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_lowercase())
            && scheme
                .chars()
                .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || "+-.".contains(char))
    };
    if !scheme.is_some_and(is_scheme) {
        error(format!("`{uri}` is no URI"), "begin it with a scheme, as in `shop://orders`");
    }
    if tool.effect != Effect::Read {
        error(
            format!("reading the resource would call `{}`, which changes things", tool.name),
            "drop the resource",
        );
    }
    let variables = variables(uri);
    for variable in &variables {
        if !tool.arguments.iter().any(|argument| argument.name == *variable && argument.fixed.is_none()) {
            error(
                format!("`{variable}` in {uri} is no argument of `{}`", tool.name),
                "name an argument of the tool",
            );
        }
    }
    for argument in tool.arguments.iter().filter(|argument| argument.required && argument.fixed.is_none()) {
        if !variables.contains(&argument.name.as_str()) {
            error(
                format!("{uri} does not say `{}`, which `{}` requires", argument.name, tool.name),
                "add it to the URI as a variable, or give it a value with `x-mcp.arguments`",
            );
        }
    }
}
