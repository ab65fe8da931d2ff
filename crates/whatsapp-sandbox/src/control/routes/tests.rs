use std::collections::BTreeSet;

use super::{DOCUMENT, EVENTS, OPERATIONS, TAGS};
use crate::contract::Contract;

#[test]
fn every_operation_has_one_handler_and_every_handler_an_operation() {
    let operations: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let handlers: Vec<&str> = TAGS.into_iter().flatten().map(|(id, _)| *id).collect();
    let unique: BTreeSet<&str> = handlers.iter().copied().collect();
    assert_eq!(handlers.len(), unique.len(), "a handler stands twice");
    assert_eq!(operations, unique);
}

#[test]
fn the_document_has_the_operations_of_the_client_and_the_stream_of_events() {
    let mut contract = Contract::read(DOCUMENT).unwrap();
    for spec in OPERATIONS {
        contract.take(spec.method, spec.template).unwrap();
    }
    contract.take("GET", EVENTS).unwrap();
    assert!(contract.is_empty(), "{contract:?}");
}
