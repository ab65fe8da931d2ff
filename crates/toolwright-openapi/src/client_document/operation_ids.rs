//! Every operation has the name of its client method as its id.

use std::collections::BTreeSet;

use serde_json::json;

use super::draft::Draft;
use super::names;

/// What the client has under these names already: constructors, and what hooks and generated code call.
const TAKEN: [&str; 9] =
    ["new", "new_with_client", "api_version", "baseurl", "client", "inner", "pre", "post", "exec"];

pub(super) fn apply(draft: &mut Draft) {
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|&name| name.to_owned()).collect();
    for place in draft.operations() {
        let wanted = names::parameter(&place.id);
        let name = names::free(&wanted, "_", |name| taken.contains(name));
        taken.insert(name.clone());
        if name != wanted {
            draft.report(&place.pointer, format!("the method is `{name}`, since `{wanted}` is taken"));
        }
        draft.original_ids.insert(name.clone(), place.id);
        if let Some(operation) = draft.object_mut(&place.pointer) {
            operation.insert("operationId".to_owned(), json!(name));
        }
    }
}
