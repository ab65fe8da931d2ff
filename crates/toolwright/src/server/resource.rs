//! Resources: each is read by calling a tool, or by a function written for it.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource as Published, ResourceContents, ResourceTemplate};
use serde_json::{Map, Value};
use toolwright_catalog as catalog;

use super::result::unknown_resource;
use super::template::UriTemplate;
use crate::{CallError, Context, Granted, HandWrittenResource, Output, ResourceRequest, ToolError, Toolset};

const JSON: &str = "application/json";

/// A resource or resource template.
#[derive(Clone, Copy)]
pub(super) enum Resource<'a> {
    Generated(&'a catalog::Resource),
    HandWritten(&'a HandWrittenResource),
}

impl<'a> Resource<'a> {
    pub(super) fn uri(self) -> &'a str {
        match self {
            Self::Generated(resource) => &resource.uri,
            Self::HandWritten(resource) => &resource.uri,
        }
    }

    fn is_template(self) -> bool {
        UriTemplate::new(self.uri()).has_variables()
    }

    fn publish(self) -> Published {
        match self {
            Self::Generated(resource) => Published::new(resource.uri.clone(), resource.name.clone())
                .with_title(resource.title.clone())
                .with_description(resource.description.clone())
                .with_mime_type(JSON),
            Self::HandWritten(resource) => {
                let mut published = Published::new(resource.uri.clone(), resource.name.clone());
                published.title.clone_from(&resource.title);
                published.description.clone_from(&resource.description);
                published.mime_type.clone_from(&resource.mime_type);
                published
            }
        }
    }

    fn publish_template(self) -> ResourceTemplate {
        let resource = self.publish();
        let mut template = ResourceTemplate::new(resource.uri, resource.name);
        template.title = resource.title;
        template.description = resource.description;
        template.mime_type = resource.mime_type;
        template
    }
}

/// The resources with a fixed URI that the caller may read.
pub(super) fn fixed(toolset: &Toolset, granted: &Granted) -> Vec<Published> {
    readable(toolset, granted).filter(|resource| !resource.is_template()).map(Resource::publish).collect()
}

/// The resource templates that the caller may read.
pub(super) fn templates(toolset: &Toolset, granted: &Granted) -> Vec<ResourceTemplate> {
    readable(toolset, granted)
        .filter(|resource| resource.is_template())
        .map(Resource::publish_template)
        .collect()
}

/// Reads a resource.
///
/// # Errors
/// There is none of this URI that the caller may read. What goes wrong with one that there is stands inside.
pub(super) async fn read(
    toolset: &Toolset,
    uri: &str,
    context: &Context,
) -> Result<Result<ReadResourceResult, ToolError>, ErrorData> {
    let (resource, variables) = find(toolset, uri, context.granted())?;
    let contents = match resource {
        Resource::Generated(resource) => {
            let arguments: Map<String, Value> =
                variables.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
            match toolset.call(&resource.tool, arguments, context).await {
                Ok(output) => Ok(vec![contents(output, uri)]),
                Err(CallError::Tool(error)) => Err(error),
                Err(CallError::UnknownTool { .. }) => return Err(unknown_resource(uri)),
            }
        }
        Resource::HandWritten(resource) => {
            let variables = variables.into_iter().collect();
            let request = ResourceRequest { uri: uri.to_owned(), variables };
            (resource.handler)(request, context.clone(), toolset.clone()).await
        }
    };
    Ok(contents.map(ReadResourceResult::new))
}

/// Whether the caller may read a resource of this URI.
///
/// # Errors
/// There is none, or not for this caller: it is not told which.
pub(super) fn visible(toolset: &Toolset, uri: &str, granted: &Granted) -> Result<(), ErrorData> {
    find(toolset, uri, granted).map(|_| ())
}

/// The resource of a URI, and the values of its variables. A resource comes before a template that fits it too.
fn find<'a>(
    toolset: &'a Toolset,
    uri: &str,
    granted: &'a Granted,
) -> Result<(Resource<'a>, Vec<(String, String)>), ErrorData> {
    let found = |is_template: bool| {
        readable(toolset, granted).filter(|resource| resource.is_template() == is_template).find_map(
            |resource| {
                let variables = UriTemplate::new(resource.uri()).matches(uri)?;
                Some((resource, variables))
            },
        )
    };
    found(false).or_else(|| found(true)).ok_or_else(|| unknown_resource(uri))
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

/// The resources that the caller may read: those whose tool it may call, and hand-written ones whose scopes it has.
pub(super) fn readable<'a>(toolset: &'a Toolset, granted: &'a Granted) -> impl Iterator<Item = Resource<'a>> {
    let generated = toolset.api().resources.iter();
    let generated = generated.filter(|resource| toolset.visible(&resource.tool, granted).is_some());
    let hand_written = toolset.resources().iter().filter(|resource| granted.allows(&resource.scopes));
    generated.map(Resource::Generated).chain(hand_written.map(Resource::HandWritten))
}
