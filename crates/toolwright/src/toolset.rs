//! The tools of one API together: built once, listed and called by many.

mod build;
mod call;
mod consent;
mod order;
mod readiness;

use std::fmt;
use std::sync::Arc;

use toolwright_catalog::Catalog;
use toolwright_client::HeaderName;

use crate::tool::Run;
use crate::{Granted, HandWrittenPrompt, HandWrittenResource, Tool};

pub use build::{ArgumentRules, BuildError, ToolsetBuilder};
pub use readiness::Readiness;

/// The tools that one server offers. Cloning is cheap.
#[derive(Clone)]
pub struct Toolset(Arc<Inner>);

struct Inner {
    catalog: Catalog,
    /// Sorted by name. Those that the policy leaves out stay, to answer why.
    tools: Vec<Arc<Tool>>,
    /// The places of all tools, in the order in which they are listed.
    listed: Vec<usize>,
    resources: Vec<HandWrittenResource>,
    prompts: Vec<HandWrittenPrompt>,
    response_budget: usize,
    rules: Option<ArgumentRules>,
    readiness: Option<Readiness>,
    key_header: Option<HeaderName>,
}

impl Toolset {
    /// The tools that the policy offers, whatever the scopes of a caller: by name, unless the document asks for another
    /// order.
    pub fn tools(&self) -> impl Iterator<Item = &Tool> {
        let listed = self.0.listed.iter().filter_map(|place| self.0.tools.get(*place));
        listed.map(AsRef::as_ref).filter(|tool: &&Tool| tool.refusal.is_none())
    }

    /// The tools that a caller with these scopes may call, in the order of [`Toolset::tools`].
    pub fn list(&self, granted: &Granted) -> Vec<&Tool> {
        self.tools().filter(|tool| granted.allows(&tool.scopes)).collect()
    }

    /// A tool that the policy offers and that a caller with these scopes may call.
    pub fn visible(&self, name: &str, granted: &Granted) -> Option<&Tool> {
        self.tool(name).filter(|tool| granted.allows(&tool.scopes))
    }

    /// A tool that the policy offers.
    pub fn tool(&self, name: &str) -> Option<&Tool> {
        self.find(name).map(AsRef::as_ref).filter(|tool: &&Tool| tool.refusal.is_none())
    }

    /// The API: its names, scopes, domains, and the resources and prompts of its document. Its list of tools is empty;
    /// they are here.
    pub fn api(&self) -> &Catalog {
        &self.0.catalog
    }

    /// The header in which the API wants its keys; `Authorization: Bearer` where there is none. Calls send a
    /// [`Credential::Key`](toolwright_client::Credential::Key) there by themselves.
    pub fn key_header(&self) -> Option<&HeaderName> {
        self.0.key_header.as_ref()
    }

    /// How much text a result may have, in bytes. Hand-written tools keep to it by themselves.
    pub fn response_budget(&self) -> usize {
        self.0.response_budget
    }

    /// The hand-written resources, in the order in which they were added.
    pub(crate) fn resources(&self) -> &[HandWrittenResource] {
        &self.0.resources
    }

    /// The hand-written prompts, in the order in which they were added.
    pub(crate) fn prompts(&self) -> &[HandWrittenPrompt] {
        &self.0.prompts
    }

    /// Whether a call may tell the client something, or ask it.
    pub(crate) fn converses(&self, name: &str) -> bool {
        self.find(name).is_some_and(|tool| tool.needs_consent || matches!(tool.run, Run::HandWritten(_)))
    }

    fn find(&self, name: &str) -> Option<&Arc<Tool>> {
        let index = self.0.tools.binary_search_by(|tool| tool.name.as_str().cmp(name)).ok()?;
        self.0.tools.get(index)
    }
}

impl fmt::Debug for Toolset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Toolset")
            .field("api", &self.0.catalog.api.name)
            .field("tools", &self.0.tools.len())
            .finish_non_exhaustive()
    }
}
