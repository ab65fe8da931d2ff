//! Resources: each is read by calling a tool.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource as Published, ResourceContents, ResourceTemplate};
use serde_json::{Map, Value};
use toolwright_catalog::Resource;

use super::result::{resource_error, unknown_resource};
use super::template::UriTemplate;
use crate::{Context, Granted, Output, Toolset};

const JSON: &str = "application/json";

/// The resources with a fixed URI that the caller may read.
pub(super) fn fixed(toolset: &Toolset, granted: &Granted) -> Vec<Published> {
    readable(toolset, granted)
        .filter(|resource| !UriTemplate::new(&resource.uri).has_variables())
        .map(|resource| {
            Published::new(resource.uri.clone(), resource.name.clone())
                .with_title(resource.title.clone())
                .with_description(resource.description.clone())
                .with_mime_type(JSON)
        })
        .collect()
}

/// The resource templates that the caller may read.
pub(super) fn templates(toolset: &Toolset, granted: &Granted) -> Vec<ResourceTemplate> {
    readable(toolset, granted)
        .filter(|resource| UriTemplate::new(&resource.uri).has_variables())
        .map(|resource| {
            ResourceTemplate::new(resource.uri.clone(), resource.name.clone())
                .with_title(resource.title.clone())
                .with_description(resource.description.clone())
                .with_mime_type(JSON)
        })
        .collect()
}

/// Reads a resource by calling its tool.
pub(super) async fn read(
    toolset: &Toolset,
    uri: &str,
    context: &Context,
) -> Result<ReadResourceResult, ErrorData> {
    let found = readable(toolset, context.granted()).find_map(|resource| {
        let variables = UriTemplate::new(&resource.uri).matches(uri)?;
        Some((resource, variables))
    });
    let Some((resource, variables)) = found else {
        return Err(unknown_resource(uri));
    };
    let arguments: Map<String, Value> =
        variables.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    match toolset.call(&resource.tool, arguments, context).await {
        Ok(output) => Ok(ReadResourceResult::new(vec![contents(output, uri)])),
        Err(error) => Err(resource_error(&error, uri)),
    }
}

/// The answer as it came where it is JSON, else what a model would read.
fn contents(output: Output, uri: &str) -> ResourceContents {
    if let Some(raw) = output.raw {
        return ResourceContents::text(raw.to_string(), uri).with_mime_type(JSON);
    }
    let texts: Vec<&str> =
        output.content.iter().filter_map(|block| block.as_text().map(|text| text.text.as_str())).collect();
    ResourceContents::text(texts.join("\n"), uri).with_mime_type("text/plain")
}

/// The resources whose tool the caller may call.
pub(super) fn readable<'a>(toolset: &'a Toolset, granted: &'a Granted) -> impl Iterator<Item = &'a Resource> {
    toolset.api().resources.iter().filter(|resource| toolset.visible(&resource.tool, granted).is_some())
}
