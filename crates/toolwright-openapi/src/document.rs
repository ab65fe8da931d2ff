//! The document as lowering sees it: versions, references, operations.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::Sink;
use crate::naming;
use crate::node::{Node, kind, pointer_of};

/// The longest chain of references from one node that is followed.
const MAX_REFERENCE_CHAIN: usize = 32;
/// The methods that a path item can have, in the order of the specification.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An `OpenAPI` 3.0 or 3.1 document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Document<'d> {
    root: &'d Value,
    /// Whether it is written in version 3.0.
    pub(crate) is_3_0: bool,
}

/// One operation of a document.
#[derive(Debug, Clone)]
pub(crate) struct OperationNode<'d> {
    /// The `operationId`, or the one that was made for it.
    pub(crate) id: String,
    /// The method, in capitals.
    pub(crate) method: String,
    /// The path template.
    pub(crate) path: &'d str,
    /// The operation object.
    pub(crate) node: Node<'d>,
    /// The path item object that holds it.
    pub(crate) path_item: Node<'d>,
    /// The tags, first one first.
    pub(crate) tags: Vec<&'d str>,
}

impl<'d> Document<'d> {
    /// Checks the version; nothing where the document is in none that is supported.
    pub(crate) fn new(root: &'d Value, sink: &mut Sink) -> Option<Self> {
        if let Some(swagger) = root.get("swagger") {
            sink.error(
                "/swagger",
                format!("the document is Swagger {}, not OpenAPI 3", swagger.as_str().unwrap_or("2.0")),
                "convert it to OpenAPI 3.0 first; several converters for Swagger 2.0 exist",
            );
            return None;
        }
        let supported = "OpenAPI 3.0 and 3.1 are supported; write `openapi: 3.0.3` or `openapi: 3.1.0`";
        match root.get("openapi") {
            Some(Value::String(version)) if version.starts_with("3.0.") => Some(Self { root, is_3_0: true }),
            Some(Value::String(version)) if version.starts_with("3.1.") => Some(Self { root, is_3_0: false }),
            Some(Value::String(version)) => {
                sink.error("/openapi", format!("OpenAPI version {version} is not supported"), supported);
                None
            }
            Some(other) => {
                sink.error("/openapi", format!("`openapi` is {}, not a text", kind(other)), supported);
                None
            }
            None => {
                sink.error("", "this is no OpenAPI document: it has no `openapi` member", supported);
                None
            }
        }
    }

    pub(crate) fn root(&self) -> Node<'d> {
        Node::root(self.root)
    }

    /// The node that a local reference points at.
    ///
    /// # Errors
    /// Why there is none, and what to do.
    pub(crate) fn target(&self, reference: &str) -> Result<Node<'d>, (String, &'static str)> {
        if !reference.starts_with('#') {
            return Err((
                format!("`{reference}` refers to another document"),
                "put what it refers to into this document's `components`, and refer to it there",
            ));
        }
        let Some(pointer) = pointer_of(reference) else {
            return Err((format!("`{reference}` is not percent-encoded correctly"), "correct the reference"));
        };
        match self.root.pointer(&pointer) {
            Some(value) => Ok(Node { value, pointer }),
            None => Err((
                format!("`{reference}` refers to nothing in this document"),
                "correct the reference, or add what it refers to",
            )),
        }
    }

    /// Follows the references of a node that is no schema, to the end. Nothing where one leads nowhere, which is
    /// reported.
    pub(crate) fn resolve(&self, node: Node<'d>, sink: &mut Sink) -> Option<Node<'d>> {
        let mut node = node;
        for _ in 0..MAX_REFERENCE_CHAIN {
            let Some(reference) = node.text("$ref") else { return Some(node) };
            match self.target(reference) {
                Ok(target) => node = target,
                Err((message, remedy)) => {
                    sink.error(&node.pointer, message, remedy);
                    return None;
                }
            }
        }
        sink.error(
            &node.pointer,
            "the reference leads back to itself",
            "make it refer to an object that is no reference",
        );
        None
    }

    /// Like [`resolve`](Self::resolve), and reports a node that is no object in the end.
    pub(crate) fn resolve_object(&self, node: Node<'d>, what: &str, sink: &mut Sink) -> Option<Node<'d>> {
        let node = self.resolve(node, sink)?;
        if node.object().is_none() {
            sink.error(
                &node.pointer,
                format!("{what} is {}, not an object", kind(node.value)),
                "correct it as the OpenAPI specification says",
            );
            return None;
        }
        Some(node)
    }

    /// Every operation, in the order of the document. Reports ids that stand twice.
    pub(crate) fn operations(&self, sink: &mut Sink) -> Vec<OperationNode<'d>> {
        let mut operations: Vec<OperationNode<'d>> = Vec::new();
        let Some(paths) = self.root().get("paths") else { return operations };
        for (path, entry) in paths.entries().filter(|(path, _)| !path.starts_with("x-")) {
            if entry.get("$ref").is_some() && METHODS.iter().any(|method| entry.get(method).is_some()) {
                let remedy = "move them to where it refers to";
                sink.error(&entry.pointer, "the path item has operations beside `$ref`", remedy);
            }
            let Some(path_item) = self.resolve_object(entry, "the path item", sink) else { continue };
            for method in METHODS {
                let Some(node) = path_item.get(method) else { continue };
                let Some(node) = self.resolve_object(node, "the operation", sink) else { continue };
                operations.push(operation(method, path, node, path_item.clone()));
            }
        }
        let mut first = BTreeMap::new();
        for operation in &operations {
            if let Some(earlier) = first.insert(operation.id.as_str(), operation.node.pointer.as_str()) {
                sink.error(
                    &operation.node.pointer,
                    format!("operationId `{}` stands twice; the other is at #{earlier}", operation.id),
                    "give each operation an id of its own",
                );
            }
        }
        operations
    }

    /// Reports every reference that leads nowhere, used or not.
    pub(crate) fn check_references(&self, sink: &mut Sink) {
        self.check_references_in(&self.root(), Members::Keywords, sink);
    }

    fn check_references_in(&self, node: &Node<'d>, members: Members, sink: &mut Sink) {
        if let (Members::Keywords, Some(reference)) = (members, node.text("$ref"))
            && let Err((message, remedy)) = self.target(reference)
        {
            sink.error(&node.pointer, message, remedy);
        }
        for (key, value) in node.entries() {
            match (members, key) {
                // Data, in which `$ref` means nothing.
                (Members::Keywords, "example" | "examples" | "default" | "enum" | "const") => {}
                (Members::Keywords, _) if key.starts_with("x-") => {}
                (Members::Keywords, "properties" | "patternProperties" | "$defs" | "dependentSchemas") => {
                    self.check_references_in(&value, Members::Names, sink);
                }
                _ => self.check_references_in(&value, Members::Keywords, sink),
            }
        }
        for item in node.items() {
            self.check_references_in(&item, Members::Keywords, sink);
        }
    }
}

/// What the member names of an object are.
#[derive(Debug, Clone, Copy)]
enum Members {
    Keywords,
    Names,
}

fn operation<'d>(method: &str, path: &'d str, node: Node<'d>, path_item: Node<'d>) -> OperationNode<'d> {
    let id = node.trimmed("operationId").map_or_else(|| naming::operation_id_of(method, path), str::to_owned);
    let tags = node
        .value
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    OperationNode { id, method: method.to_ascii_uppercase(), path, node, path_item, tags }
}

/// Writes the ids that were made for operations without one into a document, so that everyone who reads it calls an
/// operation by the same id.
pub(crate) fn write_ids(document: &mut Value, operations: &[(String, String)]) {
    for (pointer, id) in operations {
        if let Some(Value::Object(operation)) = document.pointer_mut(pointer) {
            operation.entry("operationId").or_insert_with(|| Value::String(id.clone()));
        }
    }
}
