//! One function per tool: arguments out of the call, the typed client's method, what it made of the answer.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{GenericArgument, Ident, PathArguments, Type};
use toolwright_catalog::{Parameter, Returns, Slot, Tool};

use crate::input::Input;

/// How a parameter is taken out of the arguments and passed on. The types themselves are inferred from the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// `&str`
    Text,
    /// `&T`
    Reference,
    /// `T`
    Value,
    /// `impl Into<Body>`
    Bytes,
}

pub(crate) fn function(
    name: &Ident,
    tool: &Tool,
    method: &str,
    parameters: &[Parameter],
    returns: Returns,
    input: &Input,
) -> syn::Result<TokenStream> {
    let client = &input.client;
    let mut method: Ident = syn::parse_str(method).map_err(|_| {
        input.error(format_args!("tool `{}` calls `{method}`, which is no name of a Rust method", tool.name))
    })?;
    // What the compiler says about the call is then said at the literal that names the catalog.
    method.set_span(input.path.span());
    let mut takes = Vec::new();
    let mut passes = Vec::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let (take, pass) = parameter_tokens(&format_ident!("parameter_{index}"), parameter, tool, input)?;
        takes.extend(take);
        passes.push(pass);
    }
    let read = match returns {
        Returns::Json => quote!(json),
        Returns::Bytes => quote!(bytes),
        Returns::Unit => quote!(unit),
    };
    let mutable = (!takes.is_empty()).then(|| quote!(mut));
    let arguments = if takes.is_empty() { format_ident!("_arguments") } else { format_ident!("arguments") };
    Ok(quote! {
        fn #name(
            context: ::toolwright::__private::CallContext,
            #mutable #arguments: ::toolwright::__private::Arguments,
        ) -> ::toolwright::api::TypedCall {
            ::std::boxed::Box::pin(async move {
                let client = <#client as ::toolwright::__private::ApiClient>::for_call(context);
                #(#takes)*
                ::core::result::Result::Ok(::toolwright::__private::#read(client.#method(#(#passes),*).await))
            })
        }
    })
}

/// The statement that takes a parameter out of the arguments, and the expression that passes it on.
fn parameter_tokens(
    variable: &Ident,
    parameter: &Parameter,
    tool: &Tool,
    input: &Input,
) -> syn::Result<(Option<TokenStream>, TokenStream)> {
    let rust_type: Type = syn::parse_str(&parameter.rust_type).map_err(|_| {
        input.error(format_args!(
            "tool `{}` has a parameter of type `{}`, which is no Rust type",
            tool.name, parameter.rust_type
        ))
    })?;
    let (inner, optional) = match option_argument(&rust_type) {
        Some(inner) => (inner, true),
        None => (&rust_type, false),
    };
    let pass = pass(inner);
    let take = match (&parameter.from, optional) {
        (Slot::Absent, true) => return Ok((None, quote!(::core::option::Option::None))),
        (Slot::Absent, false) => {
            return Err(input.error(format_args!(
                "tool `{}` leaves out a parameter of type `{}`, which is not optional",
                tool.name, parameter.rust_type
            )));
        }
        (Slot::Body, _) if pass == Pass::Bytes => quote!(let #variable = arguments.body_bytes()?;),
        (Slot::Body, _) => quote!(let #variable = arguments.body()?;),
        (Slot::Argument(name), false) if pass == Pass::Text => {
            quote!(let #variable: ::std::string::String = arguments.take(#name)?;)
        }
        (Slot::Argument(name), true) if pass == Pass::Text => {
            quote!(let #variable: ::core::option::Option<::std::string::String> = arguments.take_optional(#name)?;)
        }
        (Slot::Argument(name), false) => quote!(let #variable = arguments.take(#name)?;),
        (Slot::Argument(name), true) => quote!(let #variable = arguments.take_optional(#name)?;),
    };
    let expression = match (pass, optional) {
        (Pass::Text | Pass::Reference, false) => quote!(&#variable),
        (Pass::Text, true) => quote!(#variable.as_deref()),
        (Pass::Reference, true) => quote!(#variable.as_ref()),
        (Pass::Value | Pass::Bytes, _) => quote!(#variable),
    };
    Ok((Some(take), expression))
}

fn pass(rust_type: &Type) -> Pass {
    match rust_type {
        Type::Reference(reference) if matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("str")) => {
            Pass::Text
        }
        Type::Reference(_) => Pass::Reference,
        // The generator of typed clients names its one type parameter `B`: `B: Into<reqwest::Body>`.
        Type::Path(path) if path.path.is_ident("B") => Pass::Bytes,
        _ => Pass::Value,
    }
}

/// The `T` of `Option<T>`.
fn option_argument(rust_type: &Type) -> Option<&Type> {
    let Type::Path(path) = rust_type else { return None };
    let last = path.path.segments.last()?;
    if last.ident != "Option" {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}
