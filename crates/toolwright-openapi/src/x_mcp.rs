//! The `x-mcp` extension: what MCP needs and `OpenAPI` does not say.
//!
//! It may stand on the root, on a tag, on a path item and on an operation. The nearer one wins, field by field.

use serde_json::Value;
use toolwright_catalog::Effect;

use crate::diagnostic::Sink;
use crate::document::{Document, OperationNode};
use crate::node::Node;

mod read;
mod root;

pub(crate) use root::{Order, RootXMcp, ToolsetHint};

/// A value and where it was said.
#[derive(Debug, Clone)]
pub(crate) struct Said<T> {
    pub(crate) value: T,
    pub(crate) pointer: String,
}

/// Everything that `x-mcp` can say.
#[derive(Debug, Clone, Default)]
pub(crate) struct XMcp {
    pub(crate) enabled: Option<Said<bool>>,
    pub(crate) reason: Option<Said<String>>,
    pub(crate) name: Option<Said<String>>,
    pub(crate) title: Option<Said<String>>,
    pub(crate) description: Option<Said<String>>,
    pub(crate) scopes: Option<Said<Vec<String>>>,
    pub(crate) effect: Option<Said<Effect>>,
    pub(crate) idempotent: Option<Said<bool>>,
    pub(crate) open_world: Option<Said<bool>>,
    pub(crate) confirm: Option<Said<bool>>,
    pub(crate) timeout_s: Option<Said<u32>>,
    pub(crate) resource: Option<Said<ResourceHint>>,
    pub(crate) media: Option<Said<MediaHint>>,
    pub(crate) arguments: Vec<(String, Override)>,
}

/// A resource that is read by calling the operation.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResourceHint {
    pub(crate) uri: String,
    pub(crate) name: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) complete: Vec<(String, Said<CompletionHint>)>,
}

/// Where the values of an argument come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct CompletionHint {
    pub(crate) tool: String,
    pub(crate) values: String,
}

/// How a part of the result is shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct MediaHint {
    pub(crate) qr: String,
}

/// What to change about one argument.
#[derive(Debug, Clone, Default)]
pub(crate) struct Override {
    /// Everywhere it is said, farthest first.
    pub(crate) pointers: Vec<String>,
    pub(crate) rename: Option<String>,
    pub(crate) hide: Option<bool>,
    pub(crate) fixed: Option<Value>,
    pub(crate) default: Option<Value>,
    pub(crate) description: Option<String>,
}

impl XMcp {
    /// What is said about an operation: by the root, its tags in their order, its path item and itself.
    pub(crate) fn of(document: &Document<'_>, operation: &OperationNode<'_>, sink: &mut Sink) -> Self {
        let mut merged = Self::at_root(document, sink);
        for name in &operation.tags {
            let tags = document.root().get("tags");
            let tag = tags.and_then(|tags| tags.items().find(|tag| tag.text("name") == Some(name)));
            if let Some(tag) = tag {
                merged.overrule(Self::at(&tag, sink));
            }
        }
        merged.overrule(Self::at(&operation.path_item, sink));
        merged.overrule(Self::at(&operation.node, sink));
        merged
    }

    /// Reports what is wrong in the `x-mcp` of tags, in use or not.
    pub(crate) fn check_tags(document: &Document<'_>, sink: &mut Sink) {
        for tag in document.root().get("tags").iter().flat_map(Node::items) {
            Self::at(&tag, sink);
        }
    }

    fn at_root(document: &Document<'_>, sink: &mut Sink) -> Self {
        document.root().get("x-mcp").map(|node| read::of_root(&node, sink)).unwrap_or_default()
    }

    fn at(node: &Node<'_>, sink: &mut Sink) -> Self {
        node.get("x-mcp").map(|node| read::x_mcp(&node, sink)).unwrap_or_default()
    }

    /// Takes over every field that the nearer one says.
    fn overrule(&mut self, nearer: Self) {
        fn take<T>(slot: &mut Option<T>, nearer: Option<T>) {
            if nearer.is_some() {
                *slot = nearer;
            }
        }
        take(&mut self.enabled, nearer.enabled);
        take(&mut self.reason, nearer.reason);
        take(&mut self.name, nearer.name);
        take(&mut self.title, nearer.title);
        take(&mut self.description, nearer.description);
        take(&mut self.scopes, nearer.scopes);
        take(&mut self.effect, nearer.effect);
        take(&mut self.idempotent, nearer.idempotent);
        take(&mut self.open_world, nearer.open_world);
        take(&mut self.confirm, nearer.confirm);
        take(&mut self.timeout_s, nearer.timeout_s);
        take(&mut self.resource, nearer.resource);
        take(&mut self.media, nearer.media);
        for (name, change) in nearer.arguments {
            match self.arguments.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => {
                    known.pointers.extend(change.pointers);
                    take(&mut known.rename, change.rename);
                    take(&mut known.hide, change.hide);
                    take(&mut known.fixed, change.fixed);
                    take(&mut known.default, change.default);
                    take(&mut known.description, change.description);
                }
                None => self.arguments.push((name, change)),
            }
        }
    }
}
