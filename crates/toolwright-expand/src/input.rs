//! The macro's input: which catalog, which client, and whether Cargo features choose the domains.

use std::path::{Component, Path, PathBuf};

use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};
use toolwright_catalog::Catalog;

const USAGE: &str = "usage: tools!(\"src/generated/catalog.json\", client = my_client::Client) \
                     or tools!(\"…\", client = my_client::Client, features = per_domain)";

/// The parsed input of `toolwright::tools!`.
pub struct Input {
    /// The catalog's path, relative to the folder of the calling crate's `Cargo.toml`.
    pub path: LitStr,
    /// The typed client.
    pub client: syn::Path,
    /// Whether each domain stands behind the Cargo feature of its name.
    pub feature_per_domain: bool,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Input")
            .field("path", &self.path.value())
            .field("feature_per_domain", &self.feature_per_domain)
            .finish_non_exhaustive()
    }
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path: LitStr = input.parse().map_err(|error| with_usage(&error))?;
        input.parse::<Token![,]>().map_err(|error| with_usage(&error))?;
        key(input, "client")?;
        let client = input.parse().map_err(|error| with_usage(&error))?;
        let mut feature_per_domain = false;
        if input.parse::<Option<Token![,]>>()?.is_some() && !input.is_empty() {
            key(input, "features")?;
            key_word(input, "per_domain")?;
            feature_per_domain = true;
            input.parse::<Option<Token![,]>>()?;
        }
        if !input.is_empty() {
            return Err(input.error(USAGE));
        }
        Ok(Self { path, client, feature_per_domain })
    }
}

impl Input {
    /// Reads the catalog. Every error points at the literal that names it.
    pub(crate) fn read_catalog(&self) -> syn::Result<Catalog> {
        let file = self.file()?;
        let text = std::fs::read_to_string(&file).map_err(|error| {
            self.error(format_args!(
                "cannot read the catalog `{}`: {error}\nhelp: the path is relative to the folder of this crate's \
                 Cargo.toml; run the generator to write the file",
                self.path.value()
            ))
        })?;
        Catalog::from_json(&text).map_err(|error| {
            self.error(format_args!(
                "`{}` is not a usable catalog: {error}\nhelp: do not edit the file; change the document or its \
                 overlay and run the generator again",
                self.path.value()
            ))
        })
    }

    /// An error that points at the catalog's literal.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> syn::Error {
        syn::Error::new(self.path.span(), message)
    }

    fn file(&self) -> syn::Result<PathBuf> {
        let path = self.path.value();
        if !Path::new(&path)
            .components()
            .all(|component| matches!(component, Component::Normal(_) | Component::CurDir))
        {
            return Err(self.error(format_args!(
                "the catalog `{path}` lies outside this crate\nhelp: a file outside the crate is not packaged; let \
                 the generator write it below `src/`"
            )));
        }
        let root = std::env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| {
            self.error("CARGO_MANIFEST_DIR is not set: this macro has to be expanded by Cargo")
        })?;
        Ok(PathBuf::from(root).join(path))
    }
}

fn key(input: ParseStream<'_>, expected: &str) -> syn::Result<()> {
    key_word(input, expected)?;
    input.parse::<Token![=]>().map_err(|error| with_usage(&error))?;
    Ok(())
}

fn key_word(input: ParseStream<'_>, expected: &str) -> syn::Result<()> {
    let word: Ident = input.parse().map_err(|error| with_usage(&error))?;
    if word == expected {
        return Ok(());
    }
    Err(syn::Error::new(word.span(), format!("expected `{expected}`, found `{word}`\n{USAGE}")))
}

fn with_usage(error: &syn::Error) -> syn::Error {
    syn::Error::new(error.span(), format!("{error}\n{USAGE}"))
}
