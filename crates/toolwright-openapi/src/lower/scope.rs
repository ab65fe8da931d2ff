//! Which scopes an operation needs. This is the one place where that is decided.

use std::collections::BTreeMap;

use crate::diagnostic::Sink;
use crate::document::{Document, OperationNode};
use crate::node::{Node, shown};
use crate::x_mcp::XMcp;

/// The security schemes of a document, and what its scopes cover.
#[derive(Debug)]
pub(super) struct Security<'d> {
    schemes: BTreeMap<&'d str, Scheme<'d>>,
    described: BTreeMap<&'d str, &'d str>,
    /// Whether the root lists scopes by itself.
    lists_scopes: bool,
}

#[derive(Debug)]
struct Scheme<'d> {
    kind: &'d str,
    /// Whether the list of a requirement holds scopes.
    has_scopes: bool,
}

impl<'d> Security<'d> {
    pub(super) fn of(document: &Document<'d>, sink: &mut Sink) -> Self {
        let mut schemes = BTreeMap::new();
        let mut described = BTreeMap::new();
        let declared =
            document.root().get("components").and_then(|components| components.get("securitySchemes"));
        for (name, node) in declared.iter().flat_map(Node::entries) {
            let Some(node) = document.resolve_object(node, "the security scheme", sink) else { continue };
            let kind = node.text("type").unwrap_or_default();
            let has_scopes = !document.is_3_0 || matches!(kind, "oauth2" | "openIdConnect");
            schemes.insert(name, Scheme { kind, has_scopes });
            for (_, flow) in node.get("flows").iter().flat_map(Node::entries) {
                describe(&mut described, flow.get("scopes").as_ref());
            }
        }
        let listed = document.root().get("x-scopes");
        let lists_scopes = listed.as_ref().and_then(Node::object).is_some_and(|scopes| !scopes.is_empty());
        describe(&mut described, listed.as_ref());
        Self { schemes, described, lists_scopes }
    }

    /// What a scope covers, where the document says so.
    pub(super) fn description(&self, scope: &str) -> Option<&'d str> {
        self.described.get(scope).copied()
    }

    /// The scopes that an operation names: in `x-mcp`, else in its security requirements. Nothing where neither says
    /// anything.
    pub(super) fn scopes(
        &self,
        document: &Document<'d>,
        operation: &OperationNode<'d>,
        x_mcp: &XMcp,
        sink: &mut Sink,
    ) -> Option<Vec<String>> {
        if let Some(scopes) = &x_mcp.scopes {
            return Some(unique(scopes.value.iter().map(String::as_str)));
        }
        let requirements = operation.node.get("security").or_else(|| document.root().get("security"))?;
        if !requirements.value.is_array() {
            let message = format!("`security` cannot be {}", shown(requirements.value));
            sink.error(&requirements.pointer, message, "write a list of requirements");
        }
        let mut alternatives: Vec<Vec<String>> = Vec::new();
        for requirement in requirements.items() {
            let scopes = unique(self.required(&requirement, sink).into_iter());
            if !scopes.is_empty() && !alternatives.contains(&scopes) {
                alternatives.push(scopes);
            }
        }
        if alternatives.len() > 1 {
            let text = "Several sets of scopes will do; the first one is asked for. Say `x-mcp.scopes` to choose another.";
            sink.note(&requirements.pointer, text);
        }
        alternatives.into_iter().next()
    }

    /// The scopes of one requirement, all of whose schemes must be met.
    fn required(&self, requirement: &Node<'d>, sink: &mut Sink) -> Vec<&'d str> {
        let mut scopes = Vec::new();
        for (name, list) in requirement.entries() {
            let listed: Vec<&str> = list.items().filter_map(|item| item.value.as_str()).collect();
            match self.schemes.get(name) {
                Some(scheme) if scheme.has_scopes => scopes.extend(listed),
                Some(_) if listed.is_empty() => {}
                Some(scheme) => sink.error(
                    &list.pointer,
                    format!("scheme `{name}` is of type `{}`, which has no scopes in OpenAPI 3.0", scheme.kind),
                    "leave the list empty and say `x-mcp.scopes`, make the scheme `oauth2`, or move to OpenAPI 3.1",
                ),
                None => sink.error(
                    &list.pointer,
                    format!("there is no security scheme `{name}`"),
                    "declare it in `components.securitySchemes`, or correct the name",
                ),
            }
        }
        scopes
    }

    /// The scopes of each tool. In a document that uses scopes, a tool without any must say so: nothing is open to
    /// everyone by accident.
    pub(super) fn settle(
        &self,
        named: Vec<(String, Option<Vec<String>>)>,
        sink: &mut Sink,
    ) -> Vec<Vec<String>> {
        let uses_scopes =
            self.lists_scopes || named.iter().flat_map(|(_, scopes)| scopes).any(|scopes| !scopes.is_empty());
        let mut settled = Vec::new();
        for (pointer, scopes) in named {
            if scopes.is_none() && uses_scopes {
                sink.error(
                    &pointer,
                    "the operation names no scopes, though others of this document do",
                    "say `x-mcp.scopes`; an empty list if a credential without any scope may call it",
                );
            }
            settled.push(scopes.unwrap_or_default());
        }
        settled
    }
}

fn describe<'d>(described: &mut BTreeMap<&'d str, &'d str>, scopes: Option<&Node<'d>>) {
    for (scope, text) in scopes.into_iter().flat_map(Node::entries) {
        if let Some(text) = text.value.as_str() {
            described.insert(scope, text.trim());
        }
    }
}

fn unique<'s>(scopes: impl Iterator<Item = &'s str>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for scope in scopes {
        if !list.iter().any(|known| known == scope) {
            list.push(scope.to_owned());
        }
    }
    list
}
