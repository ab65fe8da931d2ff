//! Components that may be null.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::draft::Draft;
use super::walk;
use crate::node::child;

pub(super) fn apply(draft: &mut Draft) {
    components(draft);
    for root in walk::schema_roots(&draft.document) {
        let is_parameter = root.starts_with("/components/parameters/") || root.contains("/parameters/");
        if is_parameter
            && let Some(schema) = draft.object_mut(&root)
            && schema.remove("nullable").is_some()
        {
            draft.report(&root, "a parameter is given or left out, never null");
        }
    }
}

fn components(draft: &mut Draft) {
    let mut done: BTreeSet<String> = BTreeSet::new();
    loop {
        let nullable = take_flags(draft, &mut done);
        if nullable.is_empty() {
            return;
        }
        let is_nullable = |schema: &Value| {
            let reference = schema.get("$ref").and_then(Value::as_str).and_then(walk::component);
            reference.is_some_and(|name| nullable.contains(name))
        };
        for root in response_roots(draft) {
            if let Some(schema) = draft.document.pointer_mut(&root)
                && is_nullable(schema)
            {
                *schema = optional(schema);
            }
        }
        draft.each_schema(|schema, _, _| {
            if alternatives_or_wrapper(schema, is_nullable) {
                schema.insert("nullable".to_owned(), json!(true));
            }
            for (pointer, value) in walk::children(schema, "") {
                let is_member = pointer.starts_with("/properties/")
                    || ["/items", "/additionalProperties"].contains(&pointer.as_str());
                if is_member && is_nullable(value) {
                    *value = optional(value);
                }
            }
        });
    }
}

/// Takes the flag from every component that has it, or that refers to one that had it.
fn take_flags(draft: &mut Draft, done: &mut BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, schema) in draft.schemas().clone() {
        let flagged = schema.get("nullable") == Some(&json!(true));
        let alias = schema.get("$ref").and_then(Value::as_str).and_then(walk::component);
        let inherits = alias.is_some_and(|target| done.contains(target)) && !done.contains(&name);
        let pointer = child("/components/schemas", &name);
        if flagged && let Some(schema) = draft.object_mut(&pointer) {
            schema.remove("nullable");
            draft.report(&pointer, "`nullable` moved to where the component is used");
        }
        if flagged || inherits {
            found.insert(name);
        }
    }
    done.extend(found.iter().cloned());
    found
}

/// Whether a schema takes its values from a nullable component, alone or among alternatives.
fn alternatives_or_wrapper(schema: &Map<String, Value>, is_nullable: impl Fn(&Value) -> bool) -> bool {
    let list = |key: &str| schema.get(key).and_then(Value::as_array).map_or([].as_slice(), Vec::as_slice);
    matches!(list("allOf"), [only] if is_nullable(only))
        || list("oneOf").iter().chain(list("anyOf")).any(is_nullable)
}

fn response_roots(draft: &Draft) -> Vec<String> {
    let roots = walk::schema_roots(&draft.document);
    roots.into_iter().filter(|root| root.starts_with("/paths/") && root.contains("/responses/")).collect()
}

fn optional(reference: &Value) -> Value {
    json!({ "allOf": [reference], "nullable": true })
}
