use std::collections::BTreeSet;

use super::{Contract, DOCUMENT, DOMAINS, OPERATIONS};

#[test]
fn every_handler_serves_one_operation_of_the_document() {
    let operations: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    let mut handled = BTreeSet::new();
    for (id, _) in DOMAINS.into_iter().flatten() {
        assert!(handled.insert(*id), "{id} has two handlers");
    }
    assert_eq!(handled, operations);
}

#[test]
fn every_operation_of_the_client_is_in_the_document() {
    let mut contract = Contract::read(DOCUMENT).unwrap();
    for spec in OPERATIONS {
        assert!(contract.take(spec.method, spec.template).is_ok(), "{}", spec.id);
    }
}
