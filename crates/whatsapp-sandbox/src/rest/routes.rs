//! Operations of a document and their handlers, brought together.

use axum::routing::{MethodFilter, MethodRouter};
use toolwright_client::OperationSpec;

use crate::contract::{Contract, ContractError, Operation};

/// The id of an operation, and what makes a route of its handler.
pub(crate) type Route<S> = (&'static str, fn(MethodFilter) -> MethodRouter<S>);

/// An operation of a client's table, with what its document says and what handles it.
#[derive(Debug)]
pub(crate) struct Served<S> {
    pub(crate) spec: &'static OperationSpec,
    pub(crate) rule: Operation,
    pub(crate) handler: MethodRouter<S>,
}

/// Finds each operation of a client in its document, and its handler.
pub(crate) fn join<S>(
    contract: &mut Contract,
    operations: &'static [OperationSpec],
    handlers: &[&[Route<S>]],
) -> Result<Vec<Served<S>>, ContractError> {
    let served = operations.iter().map(|spec| {
        let rule = contract.take(spec.method, spec.template)?;
        let handler = handlers.iter().copied().flatten().find(|(id, _)| *id == spec.id);
        match (handler, MethodFilter::try_from(rule.method.clone())) {
            (Some((_, handler)), Ok(filter)) => Ok(Served { spec, rule, handler: handler(filter) }),
            _ => Err(ContractError::new(spec.id, "nothing handles it")),
        }
    });
    served.collect()
}
