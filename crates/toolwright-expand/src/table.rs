//! The static table: one entry per tool, and what the compiler is asked to check.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use toolwright_catalog::{Call, Catalog, Tool};

use crate::call;
use crate::input::Input;

/// Renders a catalog as the static `API` and one function per typed tool.
///
/// # Errors
/// A call that the emitted Rust cannot express, with the tool's name.
pub fn render(catalog: &Catalog, input: &Input) -> syn::Result<TokenStream> {
    let entries = catalog.tools.iter().map(|tool| entry(tool, input)).collect::<syn::Result<Vec<_>>>()?;
    let functions = catalog
        .tools
        .iter()
        .filter_map(|tool| match &tool.call {
            Call::Typed { method, parameters, returns } => Some(
                call::function(&function_name(tool), tool, method, parameters, *returns, input)
                    .map(|function| gated(tool, input, &function)),
            ),
            Call::Generic { .. } => None,
        })
        .collect::<syn::Result<Vec<_>>>()?;
    let head = json(&Catalog { tools: Vec::new(), ..catalog.clone() }, input)?;
    let documentation = format!("The tools of {}, from `{}`.", catalog.api.title, input.path.value());
    let checks = checks(catalog, input);
    Ok(quote! {
        #[doc = #documentation]
        pub static API: ::toolwright::api::Api = ::toolwright::api::Api {
            catalog: #head,
            tools: &[#(#entries),*],
        };
        #checks
        #(#functions)*
    })
}

/// A rebuild when the catalog changes, and a build error when client and catalog come from different documents or the
/// client lacks a method.
fn checks(catalog: &Catalog, input: &Input) -> TokenStream {
    let path = &input.path;
    let client = &input.client;
    let hash = &catalog.spec_hash;
    let message = format!(
        "`{}` and the typed client were generated from different documents: run the generator for both",
        path.value()
    );
    let assertion = quote::quote_spanned! {path.span()=>
        const _: () = ::core::assert!(
            ::toolwright::__private::same(<#client as ::toolwright::__private::ApiClient>::SPEC_HASH, #hash),
            #message
        );
    };
    let methods = catalog.tools.iter().filter_map(|tool| match &tool.call {
        Call::Typed { method, .. } => Some(gated(tool, input, &method_check(tool, method, input))),
        Call::Generic { .. } => None,
    });
    quote! {
        const _: &[u8] = ::core::include_bytes!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #path));
        #assertion
        #(#methods)*
    }
}

/// A build error that says what to do where the client lacks the method; the compiler's own says only that it does.
fn method_check(tool: &Tool, method: &str, input: &Input) -> TokenStream {
    let path = &input.path;
    let client = &input.client;
    let message = format!(
        "tool `{}` of `{}` calls `{method}`, which the typed client does not have: run the generator for both",
        tool.name,
        path.value()
    );
    let id = method.trim_start_matches("r#");
    quote::quote_spanned! {path.span()=>
        const _: () = ::core::assert!(::toolwright::__private::has_method::<#client>(#id), #message);
    }
}

fn entry(tool: &Tool, input: &Input) -> syn::Result<TokenStream> {
    let name = &tool.name;
    let definition = json(tool, input)?;
    let function = function_name(tool);
    let invoke = match tool.call {
        Call::Typed { .. } => quote!(::toolwright::api::Invoke::Typed(#function)),
        Call::Generic { .. } => quote!(::toolwright::api::Invoke::Generic),
    };
    let entry = quote! {
        ::toolwright::api::Entry { name: #name, definition: #definition, invoke: #invoke }
    };
    Ok(gated(tool, input, &entry))
}

/// Puts an item or an element behind the Cargo feature of the tool's domain.
fn gated(tool: &Tool, input: &Input, tokens: &TokenStream) -> TokenStream {
    if !input.feature_per_domain {
        return tokens.clone();
    }
    let feature = &tool.domain;
    quote! {
        #[cfg(feature = #feature)]
        #tokens
    }
}

fn function_name(tool: &Tool) -> Ident {
    // The prefix keeps a tool named like a keyword a legal function name.
    format_ident!("call_{}", tool.name, span = Span::call_site())
}

fn json(value: &impl serde::Serialize, input: &Input) -> syn::Result<String> {
    serde_json::to_string(value).map_err(|error| input.error(error))
}
