//! A source to a checked catalog that lacks only how its tools are called.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use toolwright_catalog::{Api, Domain, Operation, Untooled};

use crate::diagnostic::{Diagnostics, Sink};
use crate::document::{Document, OperationNode, write_ids};
use crate::hash::spec_hash;
use crate::lowered::{Lowered, LoweredTool};
use crate::naming;
use crate::node::Node;
use crate::overlay;
use crate::source::Source;
use crate::x_mcp::XMcp;

mod argument;
mod body;
mod file;
mod media_type;
mod parameter;
mod prompt;
mod resource;
mod response;
mod scope;
mod tool;

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
    let mut lowered = lower_document(&document, source, &mut sink);
    lowered.notes = sink.finish().map_err(mark)?;
    lowered.spec_hash = spec_hash(&effective, source);
    Ok(lowered)
}

fn lower_document(document: &Document<'_>, source: &Source, sink: &mut Sink) -> Lowered {
    document.check_references(sink);
    let operations = document.operations(sink);
    if operations.is_empty() {
        sink.error("/paths", "the document has no operations", "describe at least one");
    }
    let security = scope::Security::of(document, sink);
    let domains = Domains::of(document, &operations, sink);
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
    let mut heard = argument::Heard::default();
    let mut generic = BTreeMap::new();
    let mut tools = Vec::new();
    for planned in &planned {
        if let Some((tool, reason)) = tool::tool(document, planned, &mut heard, sink) {
            generic.extend(reason.map(|reason| (tool.operation.id.clone(), reason)));
            tools.push(tool);
        }
    }
    heard.report(sink);
    tools.sort_by(|one, other| one.name.cmp(&other.name));
    untooled.sort_by(|one, other| one.operation_id.cmp(&other.operation_id));
    let known =
        resource::Tools { names: planned.iter().map(|planned| planned.name.as_str()).collect(), lowered: &tools };
    let with_tools = planned.iter().filter_map(|planned| known.find(&planned.name).map(|tool| (planned, tool)));
    let resources = resource::resources(with_tools, &known, sink);
    let prompts = prompt::prompts(&source.prompts, &known, sink);
    Lowered {
        document: with_ids(document, &operations),
        spec_hash: String::new(),
        api: api(document, source, sink),
        scopes: scopes(&tools, &security, sink),
        domains: domains.listed,
        untooled,
        resources,
        prompts,
        operations: records(document, &operations),
        generic,
        notes: Vec::new(),
        tools,
    }
}

fn api(document: &Document<'_>, source: &Source, sink: &mut Sink) -> Api {
    let info = document.root().get("info");
    let mut field = |name: &str| {
        let text = info.as_ref().and_then(|info| info.trimmed(name));
        if text.is_none() {
            sink.error("/info", format!("`info.{name}` is missing or no text"), format!("add `{name}: \"…\"`"));
        }
        text.unwrap_or_default().to_owned()
    };
    let (title, version) = (field("title"), field("version"));
    Api { name: source.api.clone(), title, version, instructions: source.instructions.clone() }
}

fn left_out(operation: &OperationNode<'_>, x_mcp: &XMcp, domain: String, pointer: &str, sink: &mut Sink) -> Untooled {
    let reason = x_mcp.reason.as_ref().map(|said| said.value.clone());
    if reason.is_none() {
        sink.error(pointer, "`enabled: false` has no reason", "say why in `reason`; it goes into the documentation");
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
        let name = match naming::tool_name(given, operation.node.trimmed("operationId"), &operation.method, operation.path) {
            Ok(name) => name,
            Err(error) => {
                sink.error(&pointer, error.message, format!("set `x-mcp.name`, for example to `{}`", error.suggestion));
                error.suggestion
            }
        };
        if let Some(other) = planned.iter().find(|other| other.name == name) {
            let free = naming::free_name(&name, &domain, |name| planned.iter().any(|other| other.name == name));
            sink.error(
                &pointer,
                format!("the tool of `{}` would be called `{name}`, like that of `{}`", operation.id, other.operation.id),
                format!("set `x-mcp.name`, for example to `{free}`"),
            );
        }
        planned.push(Planned { operation: operation.clone(), x_mcp, domain, name, scopes });
    }
    planned
}

/// The scopes that some tool needs, with what they cover.
fn scopes(tools: &[LoweredTool], security: &scope::Security<'_>, sink: &mut Sink) -> BTreeMap<String, String> {
    let names: BTreeSet<&String> = tools.iter().flat_map(|tool| &tool.scopes).collect();
    let mut scopes = BTreeMap::new();
    for name in names {
        let description = security.description(name);
        if description.is_none() {
            let text = format!("Nothing says what the scope `{name}` covers; `x-scopes` at the root of the document can.");
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

/// The domains of a document, by tag.
struct Domains<'d> {
    by_tag: BTreeMap<&'d str, String>,
    listed: Vec<Domain>,
}

impl<'d> Domains<'d> {
    /// The tags that are in use: those that the root lists in its order, then the others as they occur.
    fn of(document: &Document<'d>, operations: &[OperationNode<'d>], sink: &mut Sink) -> Self {
        let used: Vec<(&str, &str)> = operations
            .iter()
            .filter_map(|operation| operation.tags.first().map(|tag| (*tag, operation.node.pointer.as_str())))
            .collect();
        let mut domains = Self { by_tag: BTreeMap::new(), listed: Vec::new() };
        for tag in document.root().get("tags").iter().flat_map(Node::items) {
            let Some(name) = tag.text("name") else { continue };
            if used.iter().any(|(tag, _)| *tag == name) {
                domains.add(name, tag.trimmed("description").unwrap_or_default(), &tag.pointer, sink);
            }
        }
        for (tag, pointer) in used {
            domains.add(tag, "", pointer, sink);
        }
        if operations.iter().any(|operation| operation.tags.is_empty()) {
            domains.list(naming::UNTAGGED_DOMAIN, &naming::title_of(naming::UNTAGGED_DOMAIN), "");
        }
        domains
    }

    fn add(&mut self, tag: &'d str, description: &str, pointer: &str, sink: &mut Sink) {
        if self.by_tag.contains_key(tag) {
            return;
        }
        let name = naming::domain_name(tag).unwrap_or_else(|| {
            let remedy = "rename the tag, with the overlay for example: the name is also a Cargo feature";
            sink.error(pointer, format!("tag `{tag}` has no ASCII letter or digit to make a name of"), remedy);
            naming::UNTAGGED_DOMAIN.to_owned()
        });
        if self.listed.iter().any(|domain| domain.name == name) {
            sink.note(pointer, format!("Tag `{tag}` joins the domain `{name}`, which another tag made."));
        }
        self.list(&name, tag, description);
        self.by_tag.insert(tag, name);
    }

    fn list(&mut self, name: &str, title: &str, description: &str) {
        if !self.listed.iter().any(|domain| domain.name == name) {
            let (name, title, description) = (name.to_owned(), title.to_owned(), description.to_owned());
            self.listed.push(Domain { name, title, description });
        }
    }

    fn of_operation(&self, operation: &OperationNode<'_>) -> String {
        let named = operation.tags.first().and_then(|tag| self.by_tag.get(tag));
        named.cloned().unwrap_or_else(|| naming::UNTAGGED_DOMAIN.to_owned())
    }
}
