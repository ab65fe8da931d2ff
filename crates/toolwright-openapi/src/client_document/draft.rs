//! The document while the rules work on it, and what they report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::{Change, ClientDocument, ClientOperation, names, walk};
use crate::credential_headers;
use crate::naming;
use crate::node::child;

/// The methods of a path item, in the order of the specification.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The document while the rules work on it.
pub(super) struct Draft {
    pub(super) document: Value,
    /// The document's own id of each operation whose id was changed.
    pub(super) original_ids: BTreeMap<String, String>,
    /// The idempotency header of each operation that has one, by the document's own id.
    pub(super) idempotency_headers: BTreeMap<String, String>,
    /// The headers of security schemes, in lower case.
    pub(super) credential_headers: Vec<String>,
    left_out: BTreeMap<String, String>,
    /// Where the document has the components that rules added, and those that they renamed.
    origins: BTreeMap<String, String>,
    renamed: BTreeMap<String, String>,
    /// The names of the component schemas' types, once a rule has asked for them.
    types: Option<BTreeSet<String>>,
    log: Log,
}

/// Collects changes on behalf of the rule that is at work.
pub(super) struct Log {
    rule: &'static str,
    changes: Vec<Change>,
}

/// Where an operation stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The JSON pointer of the operation object.
    pub(super) pointer: String,
    /// The path template.
    pub(super) path: String,
    /// The method, in lower case.
    pub(super) method: &'static str,
    /// The `operationId`, as the document spells it, or the one that is made for it.
    pub(super) id: String,
}

impl Log {
    /// Reports a change at a JSON pointer.
    pub(super) fn report(&mut self, pointer: &str, detail: impl Into<String>) {
        self.changes.push(Change { rule: self.rule, pointer: pointer.to_owned(), detail: detail.into() });
    }
}

impl Draft {
    pub(super) fn new(document: Value) -> Self {
        let mut document = if document.is_object() { document } else { json!({}) };
        for section in ["paths", "components"] {
            if !document[section].is_object() {
                document[section] = json!({});
            }
        }
        if !document["components"]["schemas"].is_object() {
            document["components"]["schemas"] = json!({});
        }
        Self {
            credential_headers: credential_headers::of(&document),
            document,
            original_ids: BTreeMap::new(),
            idempotency_headers: BTreeMap::new(),
            left_out: BTreeMap::new(),
            origins: BTreeMap::new(),
            renamed: BTreeMap::new(),
            types: None,
            log: Log { rule: "", changes: Vec::new() },
        }
    }

    /// Makes `rule` the one that reports.
    pub(super) fn begin(&mut self, rule: &'static str) {
        self.log.rule = rule;
        self.types = None;
    }

    /// Reports a change at a JSON pointer.
    pub(super) fn report(&mut self, pointer: &str, detail: impl Into<String>) {
        let origin = self.origin(pointer);
        self.log.report(&origin, detail);
    }

    /// The operations that are still in the document.
    pub(super) fn operations(&self) -> Vec<Place> {
        let mut places = Vec::new();
        let paths = self.document.get("paths").and_then(Value::as_object).into_iter().flatten();
        for (path, item) in paths {
            for method in METHODS {
                let Some(operation) = item.get(method) else { continue };
                let written = operation.get("operationId").and_then(Value::as_str).map(str::trim);
                let id = written.filter(|id| !id.is_empty());
                let id = id.map_or_else(|| naming::operation_id_of(method, path), str::to_owned);
                places.push(Place {
                    pointer: format!("{}/{method}", child("/paths", path)),
                    path: path.clone(),
                    method,
                    id: self.original_ids.get(&id).cloned().unwrap_or(id),
                });
            }
        }
        places
    }

    /// Takes an operation out of the client document. `reason` is a sentence.
    pub(super) fn leave_out(&mut self, place: &Place, reason: &str) {
        if let Some(item) = self.object_mut(&child("/paths", &place.path)) {
            item.remove(place.method);
        }
        self.log.report(&place.pointer, format!("left out: {reason}"));
        self.left_out.insert(place.id.clone(), reason.to_owned());
    }

    /// The object at a JSON pointer.
    pub(super) fn object_mut(&mut self, pointer: &str) -> Option<&mut Map<String, Value>> {
        self.document.pointer_mut(pointer)?.as_object_mut()
    }

    /// Follows the references of a parameter, request body or response to the object and its pointer.
    pub(super) fn resolve(&self, pointer: &str) -> Option<(String, &Map<String, Value>)> {
        let mut pointer = pointer.to_owned();
        for _ in 0..walk::MAX_DEPTH {
            let object = self.document.pointer(&pointer)?.as_object()?;
            match object.get("$ref").and_then(Value::as_str) {
                Some(reference) => reference.strip_prefix('#')?.clone_into(&mut pointer),
                None => return Some((pointer, object)),
            }
        }
        None
    }

    /// The component schemas.
    pub(super) fn schemas(&self) -> &Map<String, Value> {
        static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        self.document.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&NONE)
    }

    /// Moves a schema from `pointer` to a component of its own, under a free name that begins with `name`, and returns a
    /// reference to it. The same schema under the same name is added once.
    pub(super) fn add_schema(&mut self, name: &str, schema: Value, pointer: &str) -> Value {
        let mut types = self
            .types
            .take()
            .unwrap_or_else(|| self.schemas().keys().map(|name| names::type_name(name)).collect());
        let schemas = self.schemas();
        let name = names::free(&names::type_name(name), "", |name| {
            types.contains(name) && schemas.get(name) != Some(&schema)
        });
        types.insert(name.clone());
        self.types = Some(types);
        let origin = self.origin(pointer);
        self.report(pointer, format!("became component `{name}`"));
        self.origins.entry(child("/components/schemas", &name)).or_insert(origin);
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        if let Some(schemas) = self.object_mut("/components/schemas") {
            schemas.insert(name, schema);
        }
        reference
    }

    /// Whether a component schema was added by a rule.
    pub(super) fn is_ours(&self, name: &str) -> bool {
        self.origins.contains_key(&child("/components/schemas", name))
    }

    /// Says that what stands at one pointer stood at another one in the document.
    pub(super) fn moved(&mut self, from: &str, to: &str) {
        let origin = self.origin(from);
        self.renamed.insert(to.to_owned(), origin);
    }

    /// Where the document has what now stands at a pointer.
    fn origin(&self, pointer: &str) -> String {
        let component: Vec<&str> = pointer.splitn(5, '/').collect();
        if let ["", "components", "schemas", name, rest @ ..] = component.as_slice() {
            let root = format!("/components/schemas/{name}");
            if let Some(origin) = self.origins.get(&root).or_else(|| self.renamed.get(&root)) {
                let rest = rest.first().map(|rest| format!("/{rest}")).unwrap_or_default();
                return format!("{origin}{rest}");
            }
        }
        pointer.to_owned()
    }

    /// Calls `visit` for every schema, outer ones first, with the pointer at which the document has it.
    pub(super) fn each_schema(&mut self, mut visit: impl FnMut(&mut Map<String, Value>, &str, &mut Log)) {
        for root in walk::schema_roots(&self.document) {
            self.visit(&root, &mut visit);
        }
    }

    /// Like [`each_schema`](Self::each_schema), for the schemas that a request body reaches.
    pub(super) fn each_request_schema(
        &mut self,
        mut visit: impl FnMut(&mut Map<String, Value>, &str, &mut Log),
    ) {
        for root in walk::request_roots(&self.document) {
            self.visit(&root, &mut visit);
        }
    }

    fn visit(&mut self, root: &str, visit: &mut impl FnMut(&mut Map<String, Value>, &str, &mut Log)) {
        let origin = self.origin(root);
        let log = &mut self.log;
        if let Some(schema) = self.document.pointer_mut(root) {
            walk::schema(schema, &origin, &mut |schema, pointer| visit(schema, pointer, log));
        }
    }

    pub(super) fn finish(self) -> ClientDocument {
        let mut operations: Vec<ClientOperation> = self
            .operations()
            .into_iter()
            .map(|place| ClientOperation {
                name: self
                    .document
                    .pointer(&format!("{}/operationId", place.pointer))
                    .and_then(Value::as_str)
                    .unwrap_or(&place.id)
                    .to_owned(),
                idempotency_header: self.idempotency_headers.get(&place.id).cloned(),
                id: place.id,
                method: place.method.to_ascii_uppercase(),
                path: place.path,
            })
            .collect();
        operations.sort_by(|one, other| one.name.cmp(&other.name));
        ClientDocument {
            document: self.document,
            operations,
            left_out: self.left_out,
            changes: distinct(self.log.changes),
        }
    }
}

/// The changes without those that were reported before, of a schema that stands at several places by now.
fn distinct(changes: Vec<Change>) -> Vec<Change> {
    let mut seen = BTreeSet::new();
    changes
        .into_iter()
        .filter(|change| seen.insert((change.rule, change.pointer.clone(), change.detail.clone())))
        .collect()
}
