//! The client document: an `OpenAPI` 3.0 document that the client generator takes as it is.
//!
//! The generator accepts a part of `OpenAPI` 3.0, and types that it emits differ in small ways from what the document
//! means. A list of named [rules](RULES) closes the gap. Each one reports what it changed; an operation that the typed
//! client cannot express is left out whole and goes through the generic executor.

use std::collections::BTreeMap;

use serde_json::Value;

mod aliases;
mod bounds;
mod component_names;
mod composition;
mod descriptions;
mod draft;
mod enums;
mod exact_requests;
mod formats;
mod inline_schemas;
mod kinds;
mod names;
mod newer_keywords;
mod nullable_components;
mod object_view;
mod objects;
mod operation_ids;
mod parameters;
mod paths;
mod references;
mod request_bodies;
mod responses;
mod unions;
mod unreachable;
mod unused_members;
pub(crate) mod walk;

use draft::Draft;

use crate::node::child;

/// What was made of a document for the client generator.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientDocument {
    /// The client document.
    pub document: Value,
    /// The operations in it, sorted by method name.
    pub operations: Vec<ClientOperation>,
    /// The operations that are not in it, by `operationId`, and why not, as a sentence.
    pub left_out: BTreeMap<String, String>,
    /// Everything that differs from the document, in the order of the rules.
    pub changes: Vec<Change>,
}

/// An operation that the typed client expresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientOperation {
    /// The `operationId`, as the document spells it.
    pub id: String,
    /// The name of the client's method, in snake case. The hooks of the client see the operation under it.
    pub name: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The header that makes repeating a call safe, where the document declares one.
    pub idempotency_header: Option<String>,
}

/// One difference between the document and its client document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The [`Rule`] that made it.
    pub rule: &'static str,
    /// Where, as a JSON pointer into the document with its overlay applied; empty for the whole.
    pub pointer: String,
    /// What changed, as a phrase.
    pub detail: String,
}

/// A named step from the document to the client document.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The name, in snake case.
    pub name: &'static str,
    /// What the rule does and why, as sentences.
    pub why: &'static str,
    apply: fn(&mut Draft),
}

/// The rules, in the order in which they are applied.
///
/// First the document takes its 3.0 shape, then operations are judged, then the schemas that are still reachable are
/// named and simplified.
pub const RULES: &[Rule] = &[
    Rule {
        name: "references",
        why: "References to anything but a component become references to a component, since the generator resolves \
              references by their last segment.",
        apply: references::apply,
    },
    Rule {
        name: "newer_keywords",
        why: "Keywords of OpenAPI 3.1 are said in the words of 3.0.",
        apply: newer_keywords::apply,
    },
    Rule {
        name: "unused_members",
        why: "Members that have no effect on a client are left out: extensions, examples, security, links.",
        apply: unused_members::apply,
    },
    Rule { name: "methods", why: "The client sends no OPTIONS and TRACE requests.", apply: paths::methods },
    Rule {
        name: "paths",
        why: "Path templates that the generator would alter go through the generic executor.",
        apply: paths::templates,
    },
    Rule {
        name: "shared_parameters",
        why: "Parameters of a path item stand in each of its operations.",
        apply: paths::shared_parameters,
    },
    Rule {
        name: "path_variables",
        why: "Every variable of a path has exactly one declared, required parameter.",
        apply: paths::variables,
    },
    Rule {
        name: "operation_ids",
        why: "Method names are snake case and differ from each other and from the client's own methods.",
        apply: operation_ids::apply,
    },
    Rule {
        name: "headers_of_the_context",
        why: "Headers that the call context or the HTTP client sets are no parameters: Accept, Authorization, \
              Content-Type, the headers of security schemes and the idempotency header.",
        apply: parameters::headers_of_the_context,
    },
    Rule {
        name: "parameters",
        why: "Parameters that the typed client cannot write as the document says send their operation through the \
              generic executor: cookies, deep objects, arrays that are not repeated, names that clash.",
        apply: parameters::apply,
    },
    Rule {
        name: "request_bodies",
        why: "The typed client sends one media type, and always a body. Operations with an optional body, files or \
              another media type go through the generic executor.",
        apply: request_bodies::apply,
    },
    Rule {
        name: "responses",
        why: "A method returns one success type and one error type. Where the document has several of either, the most \
              specific success is kept, and errors stay as raw bytes.",
        apply: responses::apply,
    },
    Rule {
        name: "unreachable",
        why: "Components that no operation of the client uses are left out.",
        apply: unreachable::apply,
    },
    Rule {
        name: "unsupported_keywords",
        why: "Keywords that no Rust type can express are dropped; the type allows more than the document.",
        apply: bounds::unsupported_keywords,
    },
    Rule {
        name: "unenforced_bounds",
        why: "Lengths, patterns and counts are checked by the API and by the tools' schemas. The client's types stay \
              plain texts and lists.",
        apply: bounds::unenforced_bounds,
    },
    Rule {
        name: "formats",
        why: "Dates, addresses and UUIDs stay texts and numbers stay double precision, so that a value is sent as it was given.",
        apply: formats::apply,
    },
    Rule {
        name: "defaults",
        why: "What is not given is not sent: the API applies its own defaults. Otherwise an update would set every \
              field that the caller left out.",
        apply: bounds::defaults,
    },
    Rule {
        name: "descriptions",
        why: "Titles become descriptions, and code in a description is marked as text, so that it is not taken for a \
              Rust example.",
        apply: descriptions::apply,
    },
    Rule {
        name: "enums",
        why: "Enumerations become Rust enums where all values are texts that make different names, plain types \
              otherwise.",
        apply: enums::apply,
    },
    Rule {
        name: "nullable_components",
        why: "A component that may be null is optional where it is used, not in itself, and a parameter is never null.",
        apply: nullable_components::apply,
    },
    Rule {
        name: "constraint_branches",
        why: "Alternatives that only say which properties are required are dropped; the API and the tools' schemas \
              check them.",
        apply: composition::constraint_branches,
    },
    Rule {
        name: "component_names",
        why: "Components have plain names that make different Rust types.",
        apply: component_names::apply,
    },
    Rule {
        name: "inline_schemas",
        why: "Schemas that become a Rust type of their own are components with unique names, since the generator takes \
              two types of one name for the same.",
        apply: inline_schemas::placed,
    },
    Rule {
        name: "compositions",
        why: "`allOf` becomes one type with all properties.",
        apply: composition::apply,
    },
    Rule {
        name: "unions",
        why: "Alternatives become a Rust enum where they can be told apart, one type with all properties otherwise: \
              an enum would take the first that fits and drop the rest of the value.",
        apply: unions::apply,
    },
    Rule {
        name: "aliases",
        why: "Components that refer to nothing but themselves become any JSON value.",
        apply: aliases::apply,
    },
    Rule {
        name: "open_objects",
        why: "Objects that forbid other members allow them, so that a new field of the API breaks no client.",
        apply: objects::open,
    },
    Rule {
        name: "required_properties",
        why: "Required properties are declared, and those that are only read or only written are optional, since one \
              type serves requests and responses.",
        apply: objects::required,
    },
    Rule {
        name: "property_names",
        why: "Objects whose properties would make the same field name twice become free-form objects.",
        apply: objects::property_names,
    },
    Rule {
        name: "remaining_schemas",
        why: "The same for alternatives, once it is known which remain. Components that became plain types stand where \
              they are used again, and those that were merged into others are dropped.",
        apply: inline_schemas::remaining,
    },
    Rule {
        name: "null_properties",
        why: "Properties of a request that may be absent or null are doubly optional in Rust: `Some(None)` is sent as \
              null. Otherwise a null would not be sent.",
        apply: exact_requests::null_properties,
    },
    Rule {
        name: "empty_collections",
        why: "Optional lists and maps of a request become optional types, so that an empty one is sent.",
        apply: exact_requests::empty_collections,
    },
];

/// The extension that marks, in the client document, a property of a request in which null differs from absence. The
/// field of such a property is doubly optional.
pub const NULL_IS_A_VALUE: &str = "x-null-is-a-value";

impl ClientDocument {
    /// Applies the rules to a checked `OpenAPI` 3.0 or 3.1 document with its overlay applied.
    pub fn of(document: &Value) -> Self {
        let mut draft = Draft::new(document.clone());
        for rule in RULES {
            draft.begin(rule.name);
            (rule.apply)(&mut draft);
        }
        draft.finish()
    }

    /// The part of the client document that one of its operations needs.
    pub fn only(&self, operation: &ClientOperation) -> Value {
        let mut draft = Draft::new(self.document.clone());
        if let Some(paths) = draft.object_mut("/paths") {
            paths.retain(|path, _| *path == operation.path);
        }
        if let Some(item) = draft.object_mut(&child("/paths", &operation.path)) {
            item.retain(|method, _| method.eq_ignore_ascii_case(&operation.method));
        }
        unreachable::apply(&mut draft);
        draft.finish().document
    }
}

/// The name of a client method's parameter, for a parameter of the document.
pub fn parameter_name(wire: &str) -> String {
    names::parameter(wire)
}

/// The name of the Rust type of a component schema.
pub fn type_name(component: &str) -> String {
    names::type_name(component)
}

#[cfg(test)]
mod tests;
