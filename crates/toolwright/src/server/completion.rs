//! Completion of argument values: by calling a tool and picking from its result, or by a function written for it.

use rmcp::ErrorData;
use rmcp::model::{
    ArgumentInfo, CompleteRequestParams, CompleteResult, CompletionContext, CompletionInfo, Reference,
};
use serde_json::{Map, Value};
use toolwright_catalog::Completion;

use super::prompt::Prompt;
use super::resource::Resource;
use super::{prompt, resource, result};
use crate::hand_written::Completer;
use crate::{CompletionRequest, Context, Toolset};

/// Where values come from.
enum Source<'a> {
    Tool(&'a Completion),
    Function(&'a Completer),
}

/// Whether anything can be completed.
pub(super) fn has_any(toolset: &Toolset) -> bool {
    let catalog = toolset.api();
    catalog.prompts.iter().any(|prompt| !prompt.completions.is_empty())
        || catalog.resources.iter().any(|resource| !resource.completions.is_empty())
        || toolset.prompts().iter().any(|prompt| !prompt.completers.is_empty())
        || toolset.resources().iter().any(|resource| !resource.completers.is_empty())
}

/// The values that begin with what was typed so far, upper and lower case alike.
///
/// Values that cannot be had are none: a person who types is not helped by an error.
pub(super) async fn complete(
    toolset: &Toolset,
    params: CompleteRequestParams,
    context: &Context,
) -> Result<CompleteResult, ErrorData> {
    let typed = params.argument.value.to_lowercase();
    let mut values = match source(toolset, &params.r#ref, &params.argument.name, context)? {
        Some(Source::Tool(completion)) => picked(toolset, completion, context).await,
        Some(Source::Function(completer)) => {
            given(toolset, completer, params.argument, params.context, context).await
        }
        None => return Ok(CompleteResult::default()),
    };
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

/// Where the values of an argument come from; `None` where nothing completes it.
fn source<'a>(
    toolset: &'a Toolset,
    reference: &Reference,
    argument: &str,
    context: &'a Context,
) -> Result<Option<Source<'a>>, ErrorData> {
    let (generated, hand_written) = match reference {
        Reference::Prompt(reference) => {
            let mut prompts = prompt::usable(toolset, context.granted());
            match prompts.find(|prompt| prompt.name() == reference.name) {
                Some(Prompt::Generated(prompt)) => (prompt.completions.as_slice(), [].as_slice()),
                Some(Prompt::HandWritten(prompt)) => ([].as_slice(), prompt.completers.as_slice()),
                None => return Err(ErrorData::invalid_params("there is no such prompt", None)),
            }
        }
        Reference::Resource(reference) => {
            let mut resources = resource::readable(toolset, context.granted());
            match resources.find(|resource| resource.uri() == reference.uri) {
                Some(Resource::Generated(resource)) => (resource.completions.as_slice(), [].as_slice()),
                Some(Resource::HandWritten(resource)) => ([].as_slice(), resource.completers.as_slice()),
                None => return Err(result::unknown_resource(&reference.uri)),
            }
        }
        _ => {
            let message = "`params.ref` must be of type `ref/prompt` or `ref/resource`";
            return Err(ErrorData::invalid_params(message, None));
        }
    };
    let generated = generated.iter().find(|it| it.argument == argument).map(Source::Tool);
    let hand_written = hand_written.iter().find(|(name, _)| name == argument);
    Ok(generated.or_else(|| hand_written.map(|(_, completer)| Source::Function(completer))))
}

/// What a tool's result holds at the place of the values.
async fn picked(toolset: &Toolset, completion: &Completion, context: &Context) -> Vec<String> {
    let mut values = Vec::new();
    match toolset.call(&completion.tool, Map::new(), context).await {
        Ok(output) => {
            let raw = output.raw.unwrap_or_default();
            collect(&raw, completion.values.split('/').skip(1), &mut values);
        }
        Err(error) => tracing::debug!(tool = completion.tool, %error, "no values to complete from"),
    }
    values
}

/// What a hand-written function gives.
async fn given(
    toolset: &Toolset,
    completer: &Completer,
    argument: ArgumentInfo,
    others: Option<CompletionContext>,
    context: &Context,
) -> Vec<String> {
    let others = others.and_then(|others| others.arguments).unwrap_or_default();
    let request = CompletionRequest { typed: argument.value, others: others.into_iter().collect() };
    let values = (completer.0)(request, context.clone(), toolset.clone()).await;
    values.unwrap_or_else(|error| {
        tracing::debug!(argument = argument.name, %error, "no values to complete from");
        Vec::new()
    })
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
