//! Tools as clients see them.

use std::sync::Arc;

use rmcp::model::{JsonObject, MetaObject, Tool as Published, ToolAnnotations};
use toolwright_catalog::Effect;

use crate::{Granted, Tool, Toolset};

/// The member of a tool's `_meta` that lists the scopes it needs.
pub const SCOPES_KEY: &str = "dev.toolwright/scopes";

/// The tools that a caller with these scopes is shown, as `tools/list` publishes them.
pub fn published_tools(toolset: &Toolset, granted: &Granted) -> Vec<Published> {
    toolset.list(granted).into_iter().map(|tool| publish(tool, false)).collect()
}

/// One tool as `tools/list` publishes it. All hints are explicit: a client's defaults assume the worst. `closed` leaves the
/// input schema as it is.
pub(super) fn publish(tool: &Tool, closed: bool) -> Published {
    let annotations = ToolAnnotations::new()
        .read_only(tool.effect == Effect::Read)
        .destructive(tool.effect == Effect::Destructive)
        .idempotent(tool.idempotent)
        .open_world(tool.open_world);
    let mut meta = JsonObject::new();
    meta.insert(SCOPES_KEY.to_owned(), tool.scopes.clone().into());
    // Somebody wrote the schema of a hand-written tool as it should be read.
    let schema = match tool.operation {
        Some(_) if !closed => listed(&tool.input_schema),
        _ => Arc::clone(&tool.input_schema),
    };
    let mut published = Published::new(tool.name.clone(), tool.description.clone(), schema)
        .with_title(tool.title.clone())
        .with_annotations(annotations)
        .with_meta(MetaObject(meta));
    published.output_schema.clone_from(&tool.output_schema);
    published
}

/// The input schema without the closing `additionalProperties: false` of its root. It would take 29 bytes of a model's
/// context in every tool to say what the first wrong argument is told anyway: unknown arguments are refused.
fn listed(schema: &Arc<JsonObject>) -> Arc<JsonObject> {
    let has_properties = schema
        .get("properties")
        .and_then(|it| it.as_object())
        .is_some_and(|properties| !properties.is_empty());
    if !has_properties || schema.get("additionalProperties").is_none_or(|it| it != false) {
        return Arc::clone(schema);
    }
    let mut open = JsonObject::clone(schema);
    open.shift_remove("additionalProperties");
    Arc::new(open)
}
