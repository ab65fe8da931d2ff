//! The proc-macro of Toolwright, a shim over `toolwright-expand`. Use it as `toolwright::tools!`.

/// Makes the tools of an API from its catalog.
///
/// ```ignore
/// toolwright::tools!("src/generated/catalog.json", client = my_client::Client);
/// toolwright::tools!("src/generated/catalog.json", client = my_client::Client, features = per_domain);
/// ```
///
/// The path is relative to the folder of the calling crate's `Cargo.toml`, and the file lies inside that crate. The
/// macro defines `pub static API: toolwright::api::Api`. With `features = per_domain` each domain of the API is there
/// only when the Cargo feature of its name is on.
#[proc_macro]
pub fn tools(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    toolwright_expand::expand(input.into()).into()
}
