//! A small API that has one of everything.

use toolwright_openapi::{Lowered, Source, lower};

pub(crate) const DOCUMENT: &str = include_str!("../fixtures/pets/openapi.yaml");

/// The document, lowered, with an overlay in YAML.
pub(crate) fn lowered(overlay: Option<&str>) -> Lowered {
    let source = Source::from_yaml("pets", "openapi.yaml", DOCUMENT).unwrap();
    let source = match overlay {
        Some(overlay) => source.with_overlay("overlay.yaml", overlay).unwrap(),
        None => source,
    };
    lower(&source).unwrap_or_else(|errors| panic!("{errors}"))
}
