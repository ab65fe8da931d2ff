use std::collections::BTreeSet;

use super::{DOMAINS, OPERATIONS, Operation, route};

#[test]
fn every_handler_serves_one_operation_of_the_document() {
    let operations: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let mut seen = BTreeSet::new();
    for (id, _) in DOMAINS.into_iter().flatten() {
        assert!(operations.contains(id), "{id} is no operation of the document");
        assert!(seen.insert(id), "{id} has two handlers");
    }
}

#[test]
fn every_operation_has_a_route() {
    for spec in OPERATIONS {
        let operation = Operation { id: spec.id, method: spec.method };
        assert!(route(operation).is_some(), "{}", spec.id);
    }
}
