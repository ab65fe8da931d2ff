//! Domains: the groups that tags make of operations.

use std::collections::BTreeMap;

use toolwright_catalog::Domain;

use crate::diagnostic::Sink;
use crate::document::{Document, OperationNode};
use crate::naming;
use crate::node::Node;

/// The domains of a document, by tag.
pub(super) struct Domains<'d> {
    by_tag: BTreeMap<&'d str, String>,
    pub(super) listed: Vec<Domain>,
}

impl<'d> Domains<'d> {
    /// The tags that are in use: those that the root lists in its order, then the others as they occur.
    pub(super) fn of(document: &Document<'d>, operations: &[OperationNode<'d>], sink: &mut Sink) -> Self {
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
            sink.error(
                pointer,
                format!("tag `{tag}` has no ASCII letter or digit to make a name of"),
                remedy,
            );
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

    pub(super) fn of_operation(&self, operation: &OperationNode<'_>) -> String {
        let named = operation.tags.first().and_then(|tag| self.by_tag.get(tag));
        named.cloned().unwrap_or_else(|| naming::UNTAGGED_DOMAIN.to_owned())
    }
}
