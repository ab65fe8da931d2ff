//! Fields in which null differs from absence.
//!
//! The generator knows one kind of optional field: `None` is not sent. An update that sets a member to null needs a
//! second one, so the fields that the client document marks become `Option<Option<T>>`: `None` is not sent, `Some(None)`
//! is null.

use std::collections::BTreeSet;

use serde_json::Value;
use syn::{Field, Fields, Item, LitStr, parse_quote};
use toolwright_openapi::client_document::{NULL_IS_A_VALUE, type_name};

/// Makes the marked fields of the generated types doubly optional.
pub(crate) fn apply(file: &mut syn::File, document: &Value) {
    let marked = marked(document);
    let mut changed = false;
    for item in &mut file.items {
        let Item::Mod(module) = item else { continue };
        for item in module.content.iter_mut().flat_map(|(_, items)| items) {
            let Item::Struct(item) = item else { continue };
            let Fields::Named(fields) = &mut item.fields else { continue };
            for field in &mut fields.named {
                if marked.contains(&(item.ident.to_string(), wire_name(field))) {
                    make_doubly_optional(field);
                    changed = true;
                }
            }
        }
    }
    if changed {
        file.items.push(parse_quote! {
            /// Reads a member that is there, null or not.
            fn given<'de, D, T>(value: D) -> Result<Option<T>, D::Error>
            where
                D: ::serde::Deserializer<'de>,
                T: ::serde::Deserialize<'de>,
            {
                T::deserialize(value).map(Some)
            }
        });
    }
}

/// The marked properties: the name of their type, and their own.
fn marked(document: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    for (component, schema) in schemas.into_iter().flatten() {
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if property.get(NULL_IS_A_VALUE).is_some() {
                found.insert((type_name(component), name.clone()));
            }
        }
    }
    found
}

/// The member that a field stands for.
fn wire_name(field: &Field) -> String {
    let mut name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other arguments than the name are of no interest here, and none makes this fail.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                let text: LitStr = value.parse()?;
                if meta.path.is_ident("rename") {
                    name = text.value();
                }
            }
            Ok(())
        });
    }
    name
}

fn make_doubly_optional(field: &mut Field) {
    let optional = &field.ty;
    field.ty = parse_quote! { ::std::option::Option<#optional> };
    field.attrs.push(parse_quote! { #[serde(default, deserialize_with = "super::given")] });
}
