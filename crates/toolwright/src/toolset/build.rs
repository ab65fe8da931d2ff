//! Making a toolset: tools of the catalog and by hand, under a policy.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};
use toolwright_catalog::{Catalog, FORMAT, is_tool_name};

use super::{Inner, Readiness, Toolset, order};
use crate::Problem;
use crate::api::{Api, Entry};
use crate::hand_written::{HandWritten, HandWrittenPrompt, HandWrittenResource};
use crate::policy::{Policy, Unmatched};
use crate::tool::Tool;

/// How much text a result may have, in bytes, where nothing else is said.
const RESPONSE_BUDGET: usize = 100_000;

/// Rules about the arguments of tools that the schemas of a document do not tell: from the name of a tool, and arguments that
/// fit its schema, to what is wrong with them.
pub type ArgumentRules = fn(&str, &Map<String, Value>) -> Vec<Problem>;

/// Makes a [`Toolset`].
#[derive(Debug)]
pub struct ToolsetBuilder {
    api: &'static Api,
    policy: Policy,
    hand_written: Vec<HandWritten>,
    resources: Vec<HandWrittenResource>,
    prompts: Vec<HandWrittenPrompt>,
    output_schemas: bool,
    response_budget: usize,
    rules: Option<ArgumentRules>,
    readiness: Option<Readiness>,
}

/// Why a toolset cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// What the macro emitted cannot be read.
    #[error("the catalog in this build cannot be read: {0}; generate it again and rebuild")]
    Catalog(String),
    /// The definition of a tool cannot be read, or a hand-written tool is wrong.
    #[error("tool `{name}` is wrong: {message}")]
    Tool {
        /// The tool.
        name: String,
        /// What is wrong with it.
        message: String,
    },
    /// Two tools have one name.
    #[error("there are two tools named `{0}`; rename one")]
    DuplicateTool(String),
    /// A hand-written resource is wrong.
    #[error("resource `{uri}` is wrong: {message}")]
    Resource {
        /// Its URI, or its URI template.
        uri: String,
        /// What is wrong with it.
        message: String,
    },
    /// Two resources have one URI.
    #[error("there are two resources `{0}`; give one another URI")]
    DuplicateResource(String),
    /// Two prompts have one name.
    #[error("there are two prompts named `{0}`; rename one")]
    DuplicatePrompt(String),
    /// The policy names what is not there, all of it.
    #[error("the policy does not fit the tools:{}", Listed(.0))]
    Policy(Vec<Unmatched>),
}

struct Listed<'a>(&'a [Unmatched]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|unmatched| write!(formatter, "\n- {unmatched}"))
    }
}

impl Toolset {
    /// Starts with the tools of an API.
    pub fn builder(api: &'static Api) -> ToolsetBuilder {
        ToolsetBuilder {
            api,
            policy: Policy::default(),
            hand_written: Vec::new(),
            resources: Vec::new(),
            prompts: Vec::new(),
            output_schemas: true,
            response_budget: RESPONSE_BUDGET,
            rules: None,
            readiness: None,
        }
    }
}

impl ToolsetBuilder {
    /// Which tools are offered: those of the document's default toolset, if not set, and all where it names none.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Adds a hand-written tool.
    #[must_use]
    pub fn tool(mut self, tool: HandWritten) -> Self {
        self.hand_written.push(tool);
        self
    }

    /// Adds a hand-written resource or resource template. Only its scopes decide who sees it; the policy is about tools.
    #[must_use]
    pub fn resource(mut self, resource: HandWrittenResource) -> Self {
        self.resources.push(resource);
        self
    }

    /// Adds a hand-written prompt. Only its scopes decide who sees it; the policy is about tools.
    #[must_use]
    pub fn prompt(mut self, prompt: HandWrittenPrompt) -> Self {
        self.prompts.push(prompt);
        self
    }

    /// Whether output schemas are published, and results have structured content: yes, if not set. They cost a third
    /// of the size of a tool list.
    #[must_use]
    pub fn output_schemas(mut self, publish: bool) -> Self {
        self.output_schemas = publish;
        self
    }

    /// How much text a result may have, in bytes: 100,000 if not set. What is longer is cut, and says so.
    #[must_use]
    pub fn response_budget(mut self, bytes: usize) -> Self {
        self.response_budget = bytes;
        self
    }

    /// Asks the API how it is when it did not answer a call in time, so that the error says what keeps it from answering.
    #[must_use]
    pub fn readiness(mut self, readiness: Readiness) -> Self {
        self.readiness = Some(readiness);
        self
    }

    /// Checks arguments by these rules too, after their schema and before anything is sent.
    #[must_use]
    pub fn argument_rules(mut self, rules: ArgumentRules) -> Self {
        self.rules = Some(rules);
        self
    }

    /// Reads the definitions and applies the policy.
    ///
    /// # Errors
    /// A definition is wrong, two tools, resources or prompts have one name, or the policy names what is not there.
    pub fn build(self) -> Result<Toolset, BuildError> {
        let catalog: Catalog =
            serde_json::from_str(self.api.catalog).map_err(|error| BuildError::Catalog(error.to_string()))?;
        if catalog.format != FORMAT {
            let message = format!("it has format {}, and this version reads format {FORMAT}", catalog.format);
            return Err(BuildError::Catalog(message));
        }
        let key_header = catalog.api.key_header.as_ref().map(|name| name.parse()).transpose();
        let key_header = key_header
            .map_err(|_| BuildError::Catalog("its `key_header` is not the name of a header".to_owned()))?;
        let after = self.hand_written.iter();
        let after: Vec<(String, String)> = after
            .filter_map(|tool| Some((tool.name().to_owned(), tool.listed_after()?.to_owned())))
            .collect();
        let mut tools = Vec::with_capacity(self.api.tools.len() + self.hand_written.len());
        for entry in self.api.tools {
            tools.push(read(entry, self.output_schemas)?);
        }
        for tool in self.hand_written {
            let name = tool.name().to_owned();
            let wrong = |message| BuildError::Tool { name: name.clone(), message };
            if !is_tool_name(&name) {
                return Err(wrong("a tool's name has the form ^[a-z][a-z0-9_]{0,63}$".to_owned()));
            }
            tools.push(tool.into_tool(self.output_schemas).map_err(wrong)?);
        }
        tools.sort_by(|one, other| one.name.cmp(&other.name));
        if let Some(twice) = tools.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(BuildError::DuplicateTool(twice[0].name.clone()));
        }
        check_resources(&catalog, &self.resources)?;
        let prompts = catalog.prompts.iter().map(|prompt| &prompt.name);
        if let Some(name) = twice(prompts.chain(self.prompts.iter().map(|prompt| &prompt.name))) {
            return Err(BuildError::DuplicatePrompt(name.clone()));
        }
        let unmatched = self.policy.unmatched(&tools, &catalog);
        if !unmatched.is_empty() {
            return Err(BuildError::Policy(unmatched));
        }
        let listed = order::listed(&tools, &catalog.order, &after);
        let chosen = self.policy.chosen_toolset(&catalog);
        for tool in &mut tools {
            tool.refusal = self.policy.refusal(tool, chosen);
            tool.needs_consent |= self.policy.wants_consent(tool);
        }
        let tools = tools.into_iter().map(Arc::new).collect();
        Ok(Toolset(Arc::new(Inner {
            catalog,
            tools,
            listed,
            resources: self.resources,
            prompts: self.prompts,
            response_budget: self.response_budget,
            rules: self.rules,
            readiness: self.readiness,
            key_header,
        })))
    }
}

fn check_resources(catalog: &Catalog, hand_written: &[HandWrittenResource]) -> Result<(), BuildError> {
    if let Some((uri, mistake)) = hand_written.iter().find_map(|it| Some((&it.uri, it.mistake()?))) {
        return Err(BuildError::Resource { uri: uri.clone(), message: mistake.to_owned() });
    }
    let generated = catalog.resources.iter().map(|resource| &resource.uri);
    match twice(generated.chain(hand_written.iter().map(|resource| &resource.uri))) {
        Some(uri) => Err(BuildError::DuplicateResource(uri.clone())),
        None => Ok(()),
    }
}

/// The first text that comes a second time.
fn twice<'a>(texts: impl Iterator<Item = &'a String>) -> Option<&'a String> {
    let mut seen = BTreeSet::new();
    texts.into_iter().find(|text| !seen.insert(*text))
}

fn read(entry: &Entry, publishes_output: bool) -> Result<Tool, BuildError> {
    let wrong = |message| BuildError::Tool { name: entry.name.to_owned(), message };
    let tool: toolwright_catalog::Tool =
        serde_json::from_str(entry.definition).map_err(|error| wrong(error.to_string()))?;
    if tool.name != entry.name {
        return Err(wrong(format!("its definition is that of `{}`", tool.name)));
    }
    Ok(Tool::from_catalog(tool, entry.invoke, publishes_output))
}
