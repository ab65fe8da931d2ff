//! What the `x-mcp` of the root says about all tools together.

use super::Said;
use super::read::{boolean, is_object_of, said, text, texts, wrong_kind};
use crate::diagnostic::Sink;
use crate::document::Document;
use crate::node::Node;

/// The fields that only the root has.
pub(super) const FIELDS: [&str; 2] = ["order", "toolsets"];
const TOOLSET_FIELDS: [&str; 3] = ["description", "domains", "default"];

/// What only the root says.
#[derive(Debug, Default)]
pub(crate) struct RootXMcp {
    pub(crate) order: Option<Said<Order>>,
    pub(crate) toolsets: Vec<Said<ToolsetHint>>,
}

/// The order in which tools are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Order {
    /// That of the operations in the document.
    OfDocument,
    /// These first.
    Names(Vec<String>),
}

/// A named set of domains.
#[derive(Debug, Clone, Default)]
pub(crate) struct ToolsetHint {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) domains: Vec<String>,
    pub(crate) default: bool,
}

impl RootXMcp {
    /// Reads it. Unknown fields are reported with those about operations.
    pub(crate) fn of(document: &Document<'_>, sink: &mut Sink) -> Self {
        let Some(node) = document.root().get("x-mcp") else { return Self::default() };
        let toolsets = node.get("toolsets");
        if let Some(toolsets) = toolsets.as_ref().filter(|toolsets| toolsets.object().is_none()) {
            wrong_kind::<()>(toolsets, "an object: the name of a toolset to its `domains`", sink);
        }
        Self {
            order: node.get("order").and_then(|order| self::order(&order, sink)),
            toolsets: toolsets
                .iter()
                .flat_map(Node::entries)
                .filter_map(|(name, value)| toolset(name, &value, sink))
                .collect(),
        }
    }
}

fn order(node: &Node<'_>, sink: &mut Sink) -> Option<Said<Order>> {
    match node.value.as_str() {
        Some("document") => Some(said(node, Order::OfDocument)),
        None if node.value.is_array() => {
            let names = texts(node, sink)?;
            Some(Said { value: Order::Names(names.value), pointer: names.pointer })
        }
        _ => wrong_kind(node, "`document`, or the names of the tools that are listed first", sink),
    }
}

fn toolset(name: &str, node: &Node<'_>, sink: &mut Sink) -> Option<Said<ToolsetHint>> {
    if !is_object_of(node, "a toolset", &TOOLSET_FIELDS, sink) {
        return None;
    }
    let Some(domains) = node.get("domains") else {
        sink.error(&node.pointer, "the toolset has no `domains`", "name those whose tools it has");
        return None;
    };
    let description = node.get("description").and_then(|value| text(&value, sink));
    let default = node.get("default").and_then(|value| boolean(&value, sink));
    let hint = ToolsetHint {
        name: name.to_owned(),
        description: description.map(|said| said.value).unwrap_or_default(),
        domains: texts(&domains, sink)?.value,
        default: default.is_some_and(|said| said.value),
    };
    Some(said(node, hint))
}
