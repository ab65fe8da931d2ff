//! In which header a key of the API goes. This is the one place where that is decided.

use std::collections::BTreeMap;

use super::Planned;
use crate::diagnostic::Sink;
use crate::document::Document;
use crate::node::Node;

/// Where the credential of a security scheme goes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place<'d> {
    /// `Authorization: Bearer`.
    Bearer,
    /// A header of its own, as it is.
    Header(&'d str),
    /// Where nothing can be sent: the query, a cookie, a certificate. The text says which.
    Elsewhere(String),
}

/// The header of the first security requirement that one credential meets, of the root and then of the operations; nothing
/// where that is `Authorization: Bearer`.
pub(super) fn header(document: &Document<'_>, planned: &[Planned<'_>], sink: &mut Sink) -> Option<String> {
    let places = places(document, sink);
    let root = document.root().get("security");
    let own = planned.iter().filter_map(|planned| planned.operation.node.get("security"));
    let lists: Vec<Node<'_>> = root.into_iter().chain(own).collect();
    let alternatives: Vec<Vec<Vec<&Place<'_>>>> = lists.iter().map(|list| needed(list, &places)).collect();
    let single = alternatives.iter().flatten().find_map(|needed| match needed.as_slice() {
        [place @ (Place::Bearer | Place::Header(_))] => Some((*place).clone()),
        _ => None,
    });
    let chosen = single.unwrap_or(Place::Bearer);
    let (header, shown) = match &chosen {
        Place::Header(name) => (Some((*name).to_owned()), format!("`{name}`")),
        _ => (None, "`Authorization: Bearer`".to_owned()),
    };
    for (list, alternatives) in lists.iter().zip(&alternatives) {
        let is_met = |needed: &Vec<&Place<'_>>| needed.iter().all(|place| **place == chosen);
        if alternatives.is_empty() || alternatives.iter().any(is_met) {
            continue;
        }
        let elsewhere = alternatives.iter().flatten().find_map(|place| match place {
            Place::Elsewhere(where_to) => Some(format!(", but {where_to}")),
            _ => None,
        });
        sink.note(
            &list.pointer,
            format!(
                "The key of a caller is sent in {shown}, and no requirement here takes it there alone{}.",
                elsewhere.unwrap_or_default()
            ),
        );
    }
    header
}

/// Where the credentials of each alternative go. Schemes that are not declared are reported with the scopes.
fn needed<'p, 'd>(list: &Node<'d>, places: &'p BTreeMap<&'d str, Place<'d>>) -> Vec<Vec<&'p Place<'d>>> {
    let of = |requirement: Node<'d>| requirement.entries().filter_map(|(name, _)| places.get(name)).collect();
    list.items().map(of).collect()
}

fn places<'d>(document: &Document<'d>, sink: &mut Sink) -> BTreeMap<&'d str, Place<'d>> {
    let declared = document.root().get("components").and_then(|components| components.get("securitySchemes"));
    let mut places = BTreeMap::new();
    for (name, node) in declared.iter().flat_map(Node::entries) {
        let Some(scheme) = document.resolve_object(node, "the security scheme", &mut Sink::new("")) else {
            continue;
        };
        places.insert(name, place(&scheme, sink));
    }
    places
}

fn place<'d>(scheme: &Node<'d>, sink: &mut Sink) -> Place<'d> {
    let text = |key: &str| scheme.text(key).unwrap_or_default();
    match (text("type"), text("in")) {
        ("apiKey", "header") => {
            let name = text("name");
            if is_header_name(name) {
                return Place::Header(name);
            }
            sink.error(
                &scheme.pointer,
                format!("`{name}` is not the name of a header"),
                "give the header of the key in `name`, such as `X-Api-Key`",
            );
            Place::Bearer
        }
        ("apiKey", place) => Place::Elsewhere(format!("in the {place}")),
        ("http", _) if !text("scheme").eq_ignore_ascii_case("bearer") => {
            Place::Elsewhere(format!("as HTTP `{}`", text("scheme")))
        }
        ("mutualTLS", _) => Place::Elsewhere("as a certificate".to_owned()),
        _ => Place::Bearer,
    }
}

/// Whether a text is a token of RFC 9110.
fn is_header_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&it))
}
