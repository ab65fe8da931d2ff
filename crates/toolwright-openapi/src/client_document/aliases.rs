//! Components that are only a reference.

use serde_json::json;

use super::composition::resolved;
use super::draft::Draft;
use crate::node::child;

pub(super) fn apply(draft: &mut Draft) {
    let schemas = draft.schemas().clone();
    for (name, schema) in &schemas {
        if resolved(schema, &schemas).is_none() {
            let pointer = child("/components/schemas", name);
            if let Some(place) = draft.document.pointer_mut(&pointer) {
                *place = json!({});
            }
            draft.report(&pointer, "the component refers back to itself; any value is allowed");
        }
    }
}
