//! Components that no operation uses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::draft::Draft;
use super::walk;
use crate::node::child;

pub(super) fn apply(draft: &mut Draft) {
    if let Some(paths) = draft.object_mut("/paths") {
        paths.retain(|_, item| item.as_object().is_some_and(|item| !item.is_empty()));
    }
    let used = referred(&draft.document["paths"]);
    for section in ["parameters", "requestBodies"] {
        let pointer = child("/components", section);
        if let Some(holders) = draft.object_mut(&pointer) {
            holders.retain(|name, _| used.contains(&format!("#{}", child(&pointer, name))));
        }
    }
    let mut reached = BTreeSet::new();
    walk::reach(&draft.document, &draft.document["paths"], &mut reached);
    for section in ["parameters", "requestBodies"] {
        walk::reach(&draft.document, &draft.document["components"][section], &mut reached);
    }
    let unused: Vec<String> =
        draft.schemas().keys().filter(|name| !reached.contains(*name)).cloned().collect();
    for name in unused {
        if let Some(schemas) = draft.object_mut("/components/schemas") {
            schemas.remove(&name);
        }
        draft.report(&child("/components/schemas", &name), "no operation of the client uses it");
    }
}

/// Every reference in a value.
fn referred(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
                pending.extend(object.values());
            }
            Value::Array(list) => pending.extend(list),
            _ => {}
        }
    }
    found
}
