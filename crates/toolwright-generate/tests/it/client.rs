//! The client document and the client, for documents that the generator refuses as they are.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use toolwright_generate::{client_source, signatures};
use toolwright_openapi::Source;
use toolwright_openapi::client_document::ClientDocument;

/// The documents of `tests/fixtures`, each a collection of what one part of a document can do to a generator.
fn fixtures() -> Vec<(String, serde_json::Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            (name.clone(), Source::from_yaml("test", &name, &text).unwrap().document)
        })
        .collect()
}

#[test]
fn every_document_makes_a_client_with_a_method_for_each_operation_that_is_not_left_out() {
    for (name, document) in fixtures() {
        let client = ClientDocument::of(&document);
        let code = client_source(&client).unwrap_or_else(|error| panic!("{name}: {error}"));
        if let Ok(folder) = std::env::var("DUMP") {
            fs::write(format!("{folder}/{name}.rs"), &code).unwrap();
        }
        let methods: BTreeSet<String> = signatures(&code).unwrap().into_keys().collect();
        let expected: BTreeSet<String> = client.operations.iter().map(|operation| operation.name.clone()).collect();
        assert_eq!(methods, expected, "{name}");
    }
}
