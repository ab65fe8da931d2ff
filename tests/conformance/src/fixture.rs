//! All fixtures as one toolset.

use toolwright::api::Api;
use toolwright::toolset::BuildError;
use toolwright::{Notifier, Toolset};

use crate::{prompts, resources, tools};

/// No operation stands behind any fixture.
static API: Api = Api { catalog: include_str!("catalog.json"), tools: &[] };

/// The toolset, and what tells clients that it has changed.
pub(crate) fn toolset() -> Result<(Toolset, Notifier), BuildError> {
    let notifier = Notifier::new();
    let mut builder = Toolset::builder(&API);
    for tool in tools::all(&notifier) {
        builder = builder.tool(tool);
    }
    for resource in resources::all() {
        builder = builder.resource(resource);
    }
    for prompt in prompts::all() {
        builder = builder.prompt(prompt);
    }
    Ok((builder.build()?, notifier))
}
