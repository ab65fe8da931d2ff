//! The table of the typed client's operations, for its hooks.

use quote::quote;
use toolwright_openapi::client_document::ClientOperation;

/// The source of the table, formatted. The operations stand in it as they are given: sorted by name.
pub fn operations_source(spec_hash: &str, operations: &[ClientOperation]) -> String {
    let rows = operations.iter().map(|operation| {
        let ClientOperation { name, method, path, idempotency_header, .. } = operation;
        let header = idempotency_header.as_ref().map_or(quote! { None }, |header| quote! { Some(#header) });
        quote! {
            toolwright_client::OperationSpec { id: #name, method: #method, template: #path, idempotency_header: #header }
        }
    });
    let file: syn::File = syn::parse_quote! {
        /// SHA-256 of the document that this client was made from. The tools' catalog has the same.
        pub const SPEC_HASH: &str = #spec_hash;
        /// Every operation of this client, sorted by id.
        pub static OPERATIONS: &[toolwright_client::OperationSpec] = &[#(#rows),*];
    };
    prettyplease::unparse(&file)
}
