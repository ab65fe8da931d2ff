//! What a success looks like.

use toolwright_catalog::Response;

use crate::diagnostic::Sink;
use crate::document::{Document, OperationNode};
use crate::media_type::is_json;
use crate::node::Node;
use crate::schema::{Schema, output};

/// What is known about an operation's success.
#[derive(Debug)]
pub(super) struct Success {
    pub(super) response: Response,
    /// The loose schema of a result that is always a JSON object.
    pub(super) output_schema: Option<Schema>,
}

/// Lowers the successful responses. `json_is_asked_for` says that the arguments make sure of a JSON answer, even if
/// the document lists others.
pub(super) fn success(
    document: &Document<'_>,
    operation: &OperationNode<'_>,
    json_is_asked_for: bool,
    sink: &mut Sink,
) -> Success {
    let mut response = Response { media_types: Vec::new(), redirect: false };
    let mut schemas = Vec::new();
    let mut is_described = true;
    for (status, node) in successes(document, operation, sink) {
        if status.starts_with('3') {
            response.redirect |= status != "304";
            continue;
        }
        for (media_type, node) in node.get("content").iter().flat_map(Node::entries) {
            if !response.media_types.iter().any(|known| known == media_type) {
                response.media_types.push(media_type.to_owned());
            }
            if is_json(media_type) {
                match node.get("schema") {
                    Some(schema) => schemas.push(schema),
                    None => is_described = false,
                }
            }
        }
    }
    let is_json_only =
        response.media_types.iter().all(|media_type| is_json(media_type)) && !response.redirect;
    let wanted = is_described && (is_json_only || json_is_asked_for);
    let output_schema = if wanted { output::object_schema(document, &schemas) } else { None };
    Success { response, output_schema }
}

/// The responses with a 2xx or 3xx status; the default one where the document lists no such status at all.
fn successes<'d>(
    document: &Document<'d>,
    operation: &OperationNode<'d>,
    sink: &mut Sink,
) -> Vec<(&'d str, Node<'d>)> {
    let mut listed = Vec::new();
    let mut default = None;
    for (status, node) in operation.node.get("responses").iter().flat_map(Node::entries) {
        if status.starts_with("x-") {
            continue;
        }
        let Some(node) = document.resolve_object(node, "the response", sink) else { continue };
        match status {
            "default" => default = Some((status, node)),
            _ if status.starts_with(['2', '3']) => listed.push((status, node)),
            _ => {}
        }
    }
    if listed.is_empty() {
        listed.extend(default);
    }
    listed
}
