use std::collections::BTreeSet;

use super::{Contract, DOCUMENT, OPERATIONS, TAGS};

#[test]
fn every_operation_has_one_handler_and_every_handler_an_operation() {
    let operations: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let handlers: Vec<&str> = TAGS.into_iter().flatten().map(|(id, _)| *id).collect();
    let unique: BTreeSet<&str> = handlers.iter().copied().collect();
    assert_eq!(handlers.len(), unique.len(), "a handler stands twice");
    assert_eq!(operations, unique);
}

#[test]
fn the_document_has_the_operations_of_the_client() {
    let mut contract = Contract::read(DOCUMENT).unwrap();
    for spec in OPERATIONS {
        contract.take(spec.method, spec.template).unwrap();
    }
    assert!(contract.is_empty(), "{contract:?}");
}
