//! Completion of argument values, by calling a tool and picking from its result.

use rmcp::ErrorData;
use rmcp::model::{ArgumentInfo, CompleteResult, CompletionInfo, Reference};
use serde_json::{Map, Value};
use toolwright_catalog::{Catalog, Completion};

use super::{prompt, resource, result};
use crate::{Context, Toolset};

/// Whether anything of the API can be completed.
pub(super) fn has_any(catalog: &Catalog) -> bool {
    catalog.prompts.iter().any(|prompt| !prompt.completions.is_empty())
        || catalog.resources.iter().any(|resource| !resource.completions.is_empty())
}

/// The values that begin with what was typed so far, upper and lower case alike.
///
/// A tool that fails gives no values: a person who types is not helped by its error.
pub(super) async fn complete(
    toolset: &Toolset,
    reference: &Reference,
    argument: &ArgumentInfo,
    context: &Context,
) -> Result<CompleteResult, ErrorData> {
    let Some(completion) =
        completions(toolset, reference, context)?.iter().find(|it| it.argument == argument.name)
    else {
        return Ok(CompleteResult::default());
    };
    let raw = match toolset.call(&completion.tool, Map::new(), context).await {
        Ok(output) => output.raw.unwrap_or_default(),
        Err(error) => {
            tracing::debug!(tool = completion.tool, %error, "no values to complete from");
            return Ok(CompleteResult::default());
        }
    };
    let typed = argument.value.to_lowercase();
    let mut values = Vec::new();
    collect(&raw, completion.values.split('/').skip(1), &mut values);
    values.retain(|value| value.to_lowercase().starts_with(&typed));
    values.sort();
    values.dedup();
    let total = values.len();
    values.truncate(CompletionInfo::MAX_VALUES);
    let mut info = CompletionInfo::new(values).map_err(|message| ErrorData::internal_error(message, None))?;
    info.total = u32::try_from(total).ok();
    info.has_more = Some(total > CompletionInfo::MAX_VALUES);
    Ok(CompleteResult::new(info))
}

fn completions<'a>(
    toolset: &'a Toolset,
    reference: &Reference,
    context: &'a Context,
) -> Result<&'a [Completion], ErrorData> {
    match reference {
        Reference::Prompt(reference) => prompt::usable(toolset, context.granted())
            .find(|prompt| prompt.name == reference.name)
            .map(|prompt| prompt.completions.as_slice())
            .ok_or_else(|| ErrorData::invalid_params("there is no such prompt", None)),
        Reference::Resource(reference) => resource::readable(toolset, context.granted())
            .find(|resource| resource.uri == reference.uri)
            .map(|resource| resource.completions.as_slice())
            .ok_or_else(|| result::unknown_resource(&reference.uri)),
        _ => Err(ErrorData::invalid_params(
            "`params.ref` must be of type `ref/prompt` or `ref/resource`",
            None,
        )),
    }
}

/// Collects the texts and numbers at a JSON pointer in which `*` matches every item.
fn collect<'p>(value: &Value, mut pointer: impl Iterator<Item = &'p str> + Clone, found: &mut Vec<String>) {
    let Some(step) = pointer.next() else {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Number(number) => found.push(number.to_string()),
            _ => {}
        }
        return;
    };
    match value {
        Value::Array(items) if step == "*" => {
            for item in items {
                collect(item, pointer.clone(), found);
            }
        }
        _ => {
            if let Some(member) = value.pointer(&format!("/{step}")) {
                collect(member, pointer, found);
            }
        }
    }
}
