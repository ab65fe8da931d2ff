//! One operation to one tool.

use toolwright_catalog::{Effect, Media, Operation, Source as Origin};

use super::Planned;
use super::argument::join;
use super::body::body;
use super::overrides::{Heard, Overrides};
use super::parameter::{check_idempotency_key, parameters};
use super::response::success;
use crate::diagnostic::Sink;
use crate::document::{Document, OperationNode};
use crate::lowered::LoweredTool;
use crate::naming;
use crate::node::Node;
use crate::schema::Converter;
use crate::x_mcp::XMcp;

/// Lowers an operation to a tool, together with the reason why the typed client cannot call it, if it cannot. Nothing
/// where it cannot be a tool, which is reported.
pub(super) fn tool(
    document: &Document<'_>,
    planned: &Planned<'_>,
    heard: &mut Heard,
    sink: &mut Sink,
) -> Option<(LoweredTool, Option<String>)> {
    let Planned { operation, x_mcp, name, .. } = planned;
    let mistakes = sink.errors();
    let mut converter = Converter::new(document, sink);
    let parameters = parameters(document, operation, &mut converter);
    let request_body = body(document, operation, &mut converter);
    let definitions = converter.into_definitions();
    let mut body = request_body.and_then(|body| body.lower(&definitions, sink));
    let mut overrides = Overrides::new(&x_mcp.arguments);
    let idempotency_header = parameters.idempotency_header.clone();
    let drafts = parameters.into_drafts(&overrides);
    let arguments = join(drafts, body.as_mut(), &mut overrides, &definitions, sink);
    check_idempotency_key(operation, idempotency_header.as_deref(), &arguments.list, sink);
    let success = success(document, operation, x_mcp.media.is_some(), sink);
    let description = describe(operation, x_mcp, sink);
    let operation_record = record(operation, idempotency_header, sink);
    let effect = x_mcp.effect.as_ref().map_or_else(|| effect_of(&operation.method), |said| said.value);
    let has_failed = sink.errors() > mistakes;
    heard.take(&overrides, (!has_failed).then_some(arguments.list.as_slice()));
    if has_failed {
        return None;
    }
    let generic = reason(operation, arguments.generic, body.as_ref().and_then(|body| body.generic.clone()));
    let title =
        x_mcp.title.as_ref().map(|said| said.value.as_str()).or_else(|| operation.node.trimmed("summary"));
    let tool = LoweredTool {
        name: name.clone(),
        title: title.map_or_else(|| naming::title_of(name), str::to_owned),
        description: description?,
        domain: planned.domain.clone(),
        operation: operation_record,
        scopes: planned.scopes.clone(),
        effect,
        idempotent: x_mcp
            .idempotent
            .as_ref()
            .map_or_else(|| is_idempotent(&operation.method, effect), |said| said.value),
        open_world: x_mcp.open_world.as_ref().is_none_or(|said| said.value),
        confirm: x_mcp.confirm.as_ref().is_some_and(|said| said.value),
        timeout_s: x_mcp.timeout_s.as_ref().map(|said| said.value),
        arguments: arguments.list,
        body: body.map(|body| body.body),
        input_schema: arguments.input_schema,
        condition: arguments.condition,
        variants: arguments.variants,
        output_schema: success.output_schema,
        response: success.response,
        media: x_mcp.media.as_ref().map(|said| Media { qr: said.value.qr.clone() }),
    };
    Some((tool, generic))
}

/// The catalog's record of an operation.
pub(super) fn record(
    operation: &OperationNode<'_>,
    idempotency_header: Option<String>,
    sink: &mut Sink,
) -> Operation {
    Operation {
        id: operation.id.clone(),
        method: operation.method.clone(),
        path: operation.path.to_owned(),
        idempotency_header,
        source: origin(&operation.node, sink),
        docs: operation.node.get("externalDocs").and_then(|docs| docs.trimmed("url")).map(str::to_owned),
    }
}

fn origin(node: &Node<'_>, sink: &mut Sink) -> Option<Origin> {
    let said = node.get("x-source")?;
    match said.value.as_str() {
        Some("documented") => Some(Origin::Documented),
        Some("inferred") => Some(Origin::Inferred),
        _ => {
            let message = format!("`x-source` is {}", said.value);
            sink.error(&said.pointer, message, "write `documented` or `inferred`");
            None
        }
    }
}

fn describe(operation: &OperationNode<'_>, x_mcp: &XMcp, sink: &mut Sink) -> Option<String> {
    let said = x_mcp.description.as_ref().map(|said| said.value.as_str());
    let text =
        said.or_else(|| operation.node.trimmed("description")).or_else(|| operation.node.trimmed("summary"));
    if text.is_none() {
        sink.error(
            &operation.node.pointer,
            "the operation has no description, so no model could choose it",
            "add `description` or `summary`, or `x-mcp.description`",
        );
    }
    text.map(str::to_owned)
}

fn effect_of(method: &str) -> Effect {
    match method {
        "GET" | "HEAD" | "OPTIONS" | "TRACE" => Effect::Read,
        "DELETE" => Effect::Destructive,
        _ => Effect::Write,
    }
}

/// Reading twice changes as little as reading once; `PUT` and `DELETE` are idempotent by the rules of HTTP.
fn is_idempotent(method: &str, effect: Effect) -> bool {
    effect == Effect::Read || matches!(method, "PUT" | "DELETE")
}

/// Why the typed client cannot call the operation, as a sentence.
fn reason(operation: &OperationNode<'_>, argument: Option<&str>, body: Option<String>) -> Option<String> {
    if matches!(operation.method.as_str(), "OPTIONS" | "TRACE") {
        return Some(format!("The typed client sends no {} requests.", operation.method));
    }
    argument.map(str::to_owned).or(body)
}
