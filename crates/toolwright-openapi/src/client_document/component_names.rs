//! Component names that make different Rust types.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::{names, references};
use crate::node::child;

/// Names that the generated code uses for something else.
const TAKEN: [&str; 9] = ["Box", "Err", "None", "Ok", "Option", "Result", "Some", "String", "Vec"];

pub(super) fn apply(draft: &mut Draft) {
    let components: Vec<String> = draft.schemas().keys().cloned().collect();
    let types: BTreeSet<String> = components.iter().map(|name| names::type_name(name)).collect();
    let mut taken: BTreeSet<String> = TAKEN.iter().map(|&name| name.to_owned()).collect();
    let mut renames = BTreeMap::new();
    for name in &components {
        let wanted = names::type_name(name);
        if taken.insert(wanted.clone()) {
            continue;
        }
        let free = names::free(&wanted, "", |name| taken.contains(name) || types.contains(name));
        draft.report(
            &child("/components/schemas", name),
            format!("renamed to `{free}`, since `{wanted}` is taken"),
        );
        taken.insert(free.clone());
        renames.insert(name.clone(), free);
    }
    references::rename_components(draft, &renames);
}
