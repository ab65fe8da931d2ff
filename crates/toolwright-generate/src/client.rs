//! The client document to Rust source. Nothing outside of this module knows the client generator.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::quote;
use serde_json::Value;
use syn::{ImplItem, Item};
use toolwright_openapi::client_document::{ClientDocument, ClientOperation};

use crate::null_fields;

/// The most lines that are shown of what the generator said; it likes to print all it knows.
const MAX_MESSAGE_LINES: usize = 8;

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// Operations that the generator refuses on their own.
    #[error("the client generator refuses these operations; switch them off or simplify them:{}", lines(.0))]
    Operations(Vec<Failure>),
    /// Every operation is accepted alone, but not all of them together.
    #[error("the client generator refuses the document as a whole: {0}")]
    Document(String),
    /// The generator made the same name twice.
    #[error("the client generator made {0} twice; rename the schema or the operation behind one of them")]
    Twice(String),
    /// The generator made something that is no Rust.
    #[error("the client generator made invalid Rust: {0}")]
    NotRust(String),
}

/// An operation that the generator refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The operation.
    pub operation: ClientOperation,
    /// What the generator said.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ClientOperation { id, method, path, .. } = &self.operation;
        let shown: Vec<&str> = self.message.lines().take(MAX_MESSAGE_LINES).collect();
        write!(formatter, "`{id}` ({method} {path}): {}", shown.join("\n    "))
    }
}

fn lines(failures: &[Failure]) -> String {
    let lines: Vec<String> = failures.iter().map(|failure| format!("\n  {failure}")).collect();
    lines.concat()
}

/// The source of the typed client, formatted.
///
/// # Errors
/// Names the operations that the generator refuses. It is asked for each operation alone when it refuses the whole.
pub fn client_source(client: &ClientDocument) -> Result<String, ClientError> {
    let tokens = tokens(&client.document).map_err(|message| refused(client, message))?;
    let mut file: syn::File = syn::parse2(tokens).map_err(|error| ClientError::NotRust(error.to_string()))?;
    check_names(&file)?;
    null_fields::apply(&mut file, &client.document);
    remove_constructor(&mut file);
    Ok(prettyplease::unparse(&file))
}

fn refused(client: &ClientDocument, message: String) -> ClientError {
    let failures: Vec<Failure> = client
        .operations
        .iter()
        .filter_map(|operation| {
            let message = tokens(&client.only(operation)).err()?;
            Some(Failure { operation: operation.clone(), message })
        })
        .collect();
    if failures.is_empty() { ClientError::Document(message) } else { ClientError::Operations(failures) }
}

/// Runs the generator, which says no by an error or by a panic.
fn tokens(document: &Value) -> Result<TokenStream, String> {
    let document: openapiv3::OpenAPI =
        serde_json::from_value(document.clone()).map_err(|error| format!("not OpenAPI 3.0: {error}"))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { toolwright_client::CallContext });
    quietly(|| Generator::new(&settings).generate_tokens(&document))?.map_err(|error| error.to_string())
}

thread_local! {
    /// Whether a panic of this thread is expected.
    static QUIET: Cell<bool> = const { Cell::new(false) };
    /// What the last expected panic said.
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work` and turns a panic into its message, without printing it.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if QUIET.get() {
                SAID.set(panic.payload_as_str().unwrap_or("it panicked").to_owned());
            } else {
                loud(panic);
            }
        }));
    });
    QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    result.map_err(|_| SAID.take())
}

/// Removes `Client::new`, which would make an HTTP client of its own, without our transport and limits.
fn remove_constructor(file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Impl(block) = item
            && block.trait_.is_none()
        {
            block.items.retain(|item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "new"));
        }
    }
}

/// The generator does not notice when two of its names are the same.
fn check_names(file: &syn::File) -> Result<(), ClientError> {
    let mut types = BTreeSet::new();
    let mut methods = BTreeSet::new();
    for item in &file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                let items = module.content.iter().flat_map(|(_, items)| items);
                for name in items.filter_map(type_name) {
                    if !types.insert(name.clone()) {
                        return Err(ClientError::Twice(format!("type `{name}`")));
                    }
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                for item in &block.items {
                    if let ImplItem::Fn(function) = item
                        && !methods.insert(function.sig.ident.to_string())
                    {
                        return Err(ClientError::Twice(format!("method `{}`", function.sig.ident)));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn type_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}
