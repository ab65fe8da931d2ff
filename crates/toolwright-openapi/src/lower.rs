//! A source to a checked catalog that lacks only how its tools are called.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use toolwright_catalog::{Api, Operation, Untooled};

use crate::diagnostic::{Diagnostics, Sink};
use crate::document::{Document, OperationNode, write_ids};
use crate::hash::spec_hash;
use crate::lowered::{Lowered, LoweredTool};
use crate::naming;
use crate::overlay;
use crate::source::Source;
use crate::x_mcp::{RootXMcp, XMcp};

mod argument;
mod body;
mod domain;
mod file;
mod key;
mod order;
mod overrides;
mod parameter;
mod prompt;
mod resource;
mod response;
mod scope;
mod style;
mod tool;
mod toolset;

/// An operation that is to become a tool.
#[derive(Debug)]
struct Planned<'d> {
    operation: OperationNode<'d>,
    x_mcp: XMcp,
    domain: String,
    name: String,
    scopes: Vec<String>,
}

/// Applies the overlay and decides everything about the tools of an API that its document can tell.
///
/// # Errors
/// Every mistake in the document, the overlay and the prompts, each with its place and a remedy. Mistakes in the
/// overlay come alone, since without it the document may lack what it would have added.
pub fn lower(source: &Source) -> Result<Lowered, Diagnostics> {
    let effective = match &source.overlay {
        Some((file, overlay)) => overlay::apply(&source.document, file, overlay)?,
        None => source.document.clone(),
    };
    let mark = |errors: Diagnostics| match source.overlay {
        Some(_) => errors.mark_overlaid(&source.document_file, &source.document),
        None => errors,
    };
    let mut sink = Sink::new(&source.document_file);
    let Some(document) = Document::new(&effective, &mut sink) else {
        return Err(mark(sink.into_diagnostics()));
    };
    lower_document(&document, source, sink).map_err(mark)
}

fn lower_document(
    document: &Document<'_>,
    source: &Source,
    mut collected: Sink,
) -> Result<Lowered, Diagnostics> {
    let sink = &mut collected;
    document.check_references(sink);
    XMcp::check_tags(document, sink);
    let operations = document.operations(sink);
    if operations.is_empty() {
        sink.error("/paths", "the document has no operations", "describe at least one");
    }
    let security = scope::Security::of(document, sink);
    let domains = domain::Domains::of(document, &operations, sink);
    let mut untooled = Vec::new();
    let mut candidates = Vec::new();
    for operation in &operations {
        let x_mcp = XMcp::of(document, operation, sink);
        let domain = domains.of_operation(operation);
        match &x_mcp.enabled {
            Some(enabled) if !enabled.value => {
                untooled.push(left_out(operation, &x_mcp, domain, &enabled.pointer, sink));
            }
            _ => candidates.push((operation, x_mcp, domain)),
        }
    }
    let planned = plan(document, candidates, &security, sink);
    let mut heard = overrides::Heard::default();
    let mut generic = BTreeMap::new();
    let mut tools = Vec::new();
    for planned in &planned {
        if let Some((tool, reason)) = tool::tool(document, planned, &mut heard, sink) {
            generic.extend(reason.map(|reason| (tool.operation.id.clone(), reason)));
            tools.push(tool);
        }
    }
    heard.report(sink);
    let root = RootXMcp::of(document, sink);
    let order = order::order(root.order.as_ref(), &planned, sink);
    let toolsets = toolset::toolsets(&root.toolsets, &domains.listed, sink);
    tools.sort_by(|one, other| one.name.cmp(&other.name));
    untooled.sort_by(|one, other| one.operation_id.cmp(&other.operation_id));
    let known = resource::Tools {
        names: planned.iter().map(|planned| planned.name.as_str()).collect(),
        lowered: &tools,
    };
    let with_tools =
        planned.iter().filter_map(|planned| known.find(&planned.name).map(|tool| (planned, tool)));
    let resources = resource::resources(with_tools, &known, sink);
    let prompts = prompt::prompts(&source.prompts, &known, sink);
    let api = Api { key_header: key::header(document, &planned, sink), ..api(document, source, sink) };
    let scopes = scopes(&tools, &security, sink);
    Ok(Lowered {
        notes: collected.finish()?,
        document: with_ids(document, &operations),
        spec_hash: spec_hash(document.root().value, source),
        api,
        scopes,
        domains: domains.listed,
        toolsets,
        order,
        untooled,
        resources,
        prompts,
        operations: records(document, &operations),
        generic,
        tools,
    })
}

fn api(document: &Document<'_>, source: &Source, sink: &mut Sink) -> Api {
    let info = document.root().get("info");
    let mut field = |name: &str| {
        let text = info.as_ref().and_then(|info| info.trimmed(name));
        if text.is_none() {
            sink.error(
                "/info",
                format!("`info.{name}` is missing or no text"),
                format!("add `{name}: \"…\"`"),
            );
        }
        text.unwrap_or_default().to_owned()
    };
    let (title, version) = (field("title"), field("version"));
    Api {
        name: source.api.clone(),
        title,
        version,
        key_header: None,
        instructions: source.instructions.clone(),
    }
}

fn left_out(
    operation: &OperationNode<'_>,
    x_mcp: &XMcp,
    domain: String,
    pointer: &str,
    sink: &mut Sink,
) -> Untooled {
    let reason = x_mcp.reason.as_ref().map(|said| said.value.clone());
    if reason.is_none() {
        sink.error(
            pointer,
            "`enabled: false` has no reason",
            "say why in `reason`; it goes into the documentation",
        );
    }
    Untooled {
        operation_id: operation.id.clone(),
        method: operation.method.clone(),
        path: operation.path.to_owned(),
        domain,
        source: tool::record(operation, None, sink).source,
        reason: reason.unwrap_or_default(),
    }
}

/// Names the tools and settles their scopes.
fn plan<'d>(
    document: &Document<'d>,
    candidates: Vec<(&OperationNode<'d>, XMcp, String)>,
    security: &scope::Security<'d>,
    sink: &mut Sink,
) -> Vec<Planned<'d>> {
    let named: Vec<(String, Option<Vec<String>>)> = candidates
        .iter()
        .map(|(operation, x_mcp, _)| {
            (operation.node.pointer.clone(), security.scopes(document, operation, x_mcp, sink))
        })
        .collect();
    let scopes = security.settle(named, sink);
    let mut planned: Vec<Planned<'d>> = Vec::new();
    for ((operation, x_mcp, domain), scopes) in candidates.into_iter().zip(scopes) {
        let given = x_mcp.name.as_ref().map(|said| said.value.as_str());
        let pointer = x_mcp.name.as_ref().map_or(&operation.node.pointer, |said| &said.pointer).clone();
        let name = match naming::tool_name(
            given,
            operation.node.trimmed("operationId"),
            &operation.method,
            operation.path,
        ) {
            Ok(name) => name,
            Err(error) => {
                sink.error(
                    &pointer,
                    error.message,
                    format!("set `x-mcp.name`, for example to `{}`", error.suggestion),
                );
                error.suggestion
            }
        };
        // Ids that stand twice are reported as such.
        let is_namesake = |other: &&Planned<'_>| other.name == name && other.operation.id != operation.id;
        if let Some(other) = planned.iter().find(is_namesake) {
            let free =
                naming::free_name(&name, &domain, |name| planned.iter().any(|other| other.name == name));
            sink.error(
                &pointer,
                format!(
                    "the tool of `{}` would be called `{name}`, like that of `{}`",
                    operation.id, other.operation.id
                ),
                format!("set `x-mcp.name`, for example to `{free}`"),
            );
        }
        planned.push(Planned { operation: operation.clone(), x_mcp, domain, name, scopes });
    }
    planned
}

/// The scopes that some tool needs, with what they cover.
fn scopes(
    tools: &[LoweredTool],
    security: &scope::Security<'_>,
    sink: &mut Sink,
) -> BTreeMap<String, String> {
    let names: BTreeSet<&String> = tools.iter().flat_map(|tool| &tool.scopes).collect();
    let mut scopes = BTreeMap::new();
    for name in names {
        let description = security.description(name);
        if description.is_none() {
            let text = format!(
                "Nothing says what the scope `{name}` covers; `x-scopes` at the root of the document can."
            );
            sink.note("", text);
        }
        scopes.insert(name.clone(), description.unwrap_or_default().to_owned());
    }
    scopes
}

fn records(document: &Document<'_>, operations: &[OperationNode<'_>]) -> Vec<Operation> {
    // Mistakes are reported where the tools are made.
    let mut sink = Sink::new("");
    let record = |operation: &OperationNode<'_>| {
        let header = parameter::idempotency_header(document, operation);
        tool::record(operation, header, &mut sink)
    };
    let mut records: Vec<Operation> = operations.iter().map(record).collect();
    records.sort_by(|one, other| one.id.cmp(&other.id));
    records
}

fn with_ids(document: &Document<'_>, operations: &[OperationNode<'_>]) -> Value {
    let mut value = document.root().value.clone();
    let ids: Vec<(String, String)> =
        operations.iter().map(|operation| (operation.node.pointer.clone(), operation.id.clone())).collect();
    write_ids(&mut value, &ids);
    value
}
