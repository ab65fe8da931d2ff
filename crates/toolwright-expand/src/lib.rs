//! A Toolwright catalog in, Rust tokens out.
//!
//! This is the body of the `toolwright::tools!` macro as an ordinary library, so that what it emits can be read and
//! tested. [`expand`] takes the macro's input; [`render`] takes a catalog that was read already.
//!
//! For each tool it emits an entry of a sorted static table and one small function that calls the typed client. All
//! behaviour (validation, errors, media, policy) is in the `toolwright` crate, where it can be read and debugged.

mod call;
mod input;
mod table;

use proc_macro2::TokenStream;

pub use input::Input;
pub use table::render;

/// Expands the input of `toolwright::tools!`. A mistake becomes one `compile_error!` that points at the literal.
pub fn expand(input: TokenStream) -> TokenStream {
    try_expand(input).unwrap_or_else(syn::Error::into_compile_error)
}

fn try_expand(input: TokenStream) -> syn::Result<TokenStream> {
    let input: Input = syn::parse2(input)?;
    let catalog = input.read_catalog()?;
    render(&catalog, &input)
}
