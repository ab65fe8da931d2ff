//! What the generated client's methods take and return, read from its source.

use std::collections::BTreeMap;

use syn::{FnArg, GenericArgument, ImplItem, ImplItemFn, Item, Pat, PathArguments, ReturnType, Type};
use toolwright_catalog::Returns;

/// A method of the typed client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The names and types of its parameters after `&self`, in order.
    pub parameters: Vec<(String, String)>,
    /// What it returns on success.
    pub returns: Returns,
}

/// Why the signatures of a client cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The source is no Rust.
    #[error("the client's source is not valid Rust: {0}")]
    NotRust(String),
    /// A method is of an unknown shape.
    #[error(
        "client method `{0}` is not of the shape `async fn(&self, …) -> Result<ResponseValue<_>, Error<_>>`"
    )]
    Shape(String),
}

/// The asynchronous methods of `impl Client`, by name.
///
/// # Errors
/// Source that is no Rust, and methods that return anything but a `Result<ResponseValue<_>, _>`.
pub fn signatures(source: &str) -> Result<BTreeMap<String, Signature>, SignatureError> {
    let file = syn::parse_file(source).map_err(|error| SignatureError::NotRust(error.to_string()))?;
    let mut found = BTreeMap::new();
    for item in &file.items {
        let Item::Impl(block) = item else { continue };
        if block.trait_.is_some() || last_segment(&block.self_ty).is_none_or(|(name, _)| name != "Client") {
            continue;
        }
        for item in &block.items {
            if let ImplItem::Fn(method) = item
                && method.sig.asyncness.is_some()
            {
                let name = method.sig.ident.to_string();
                let signature = read(method).ok_or_else(|| SignatureError::Shape(name.clone()))?;
                found.insert(name, signature);
            }
        }
    }
    Ok(found)
}

fn read(method: &ImplItemFn) -> Option<Signature> {
    let mut parameters = Vec::new();
    for input in method.sig.inputs.iter().skip(1) {
        let FnArg::Typed(input) = input else { return None };
        let Pat::Ident(name) = &*input.pat else { return None };
        parameters.push((name.ident.to_string(), spelled(&input.ty)));
    }
    let ReturnType::Type(_, output) = &method.sig.output else { return None };
    let success = argument(argument(output, "Result")?, "ResponseValue")?;
    let returns = match success {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Returns::Unit,
        other if last_segment(other).is_some_and(|(name, _)| name == "ByteStream") => Returns::Bytes,
        _ => Returns::Json,
    };
    Some(Signature { parameters, returns })
}

/// The first argument of a generic type of that name.
fn argument<'t>(generic: &'t Type, name: &str) -> Option<&'t Type> {
    let (found, arguments) = last_segment(generic)?;
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(argument) if found == name => Some(argument),
        _ => None,
    }
}

fn last_segment(path: &Type) -> Option<(String, &PathArguments)> {
    let Type::Path(path) = path else { return None };
    let last = path.path.segments.last()?;
    Some((last.ident.to_string(), &last.arguments))
}

/// A type as a formatter writes it, on one line.
fn spelled(written: &Type) -> String {
    let file: syn::File = syn::parse_quote! { type T = #written; };
    let text = prettyplease::unparse(&file);
    let text = text.trim().trim_start_matches("type T =").trim_end_matches(';');
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
