//! The operations of an API, and the trait of the clients that have them.

use crate::CallContext;

/// One operation of an API, as the table beside a generated client has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperationSpec {
    /// The operation's id in `snake_case`, as the generated client reports it to its hooks.
    pub id: &'static str,
    /// The method, in capitals.
    pub method: &'static str,
    /// The path template below the base URL, such as `/sessions/{session}/groups`.
    pub template: &'static str,
    /// The header that makes repeating a call safe, where the API declares one.
    pub idempotency_header: Option<&'static str>,
}

/// A generated client that carries one [`CallContext`]. [`client_hooks!`](crate::client_hooks) implements it.
pub trait ApiClient: Sized {
    /// Names the document that the client was generated from.
    const SPEC_HASH: &'static str;
    /// Every operation of the client.
    const OPERATIONS: &'static [OperationSpec];

    /// A client whose calls go where `context` says. Cheap: connections are shared through the context's upstream.
    fn for_call(context: CallContext) -> Self;
}

/// What the guards, the retries and the log need to know of an operation, wherever it is described.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route<'a> {
    pub(crate) id: &'a str,
    pub(crate) method: &'a str,
    pub(crate) template: &'a str,
    pub(crate) idempotency_header: Option<&'a str>,
}

impl From<&OperationSpec> for Route<'static> {
    fn from(spec: &OperationSpec) -> Self {
        Self {
            id: spec.id,
            method: spec.method,
            template: spec.template,
            idempotency_header: spec.idempotency_header,
        }
    }
}
