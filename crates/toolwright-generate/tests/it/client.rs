//! The typed client: of a small API as a whole, and of documents that the generator refuses as they are.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::json;
use toolwright_generate::{ClientError, client_source, operations_source, signatures};
use toolwright_openapi::Source;
use toolwright_openapi::client_document::ClientDocument;

use crate::api;

/// The documents of `tests/fixtures/refused`, each a collection of what one part of a document can do to a generator.
fn refused() -> Vec<(String, serde_json::Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/refused");
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

/// A document in which nothing was normalised.
fn untouched(document: serde_json::Value) -> ClientDocument {
    ClientDocument { document, ..ClientDocument::of(&json!({})) }
}

#[test]
fn the_client_of_a_small_api_has_a_method_for_each_operation() {
    let client = ClientDocument::of(api::lowered(None).document());
    let code = client_source(&client).unwrap();
    syn::parse_file(&code).unwrap();
    insta::assert_snapshot!(code);
}

#[test]
fn the_table_of_operations_is_sorted_and_says_which_header_makes_repeating_safe() {
    let client = ClientDocument::of(api::lowered(None).document());
    insta::assert_snapshot!(operations_source("0123abcd", &client.operations));
}

#[test]
fn the_generator_refuses_each_document_as_it_is() {
    // The generator follows a composition that contains itself until its stack is used up, which no test survives.
    for (name, document) in refused().into_iter().filter(|(name, _)| name != "cycles") {
        assert!(client_source(&untouched(document)).is_err(), "{name} needs no client document");
    }
}

#[test]
fn each_refused_document_has_a_client_with_a_method_for_every_operation_that_is_not_left_out() {
    for (name, document) in refused() {
        let client = ClientDocument::of(&document);
        let code = client_source(&client).unwrap_or_else(|error| panic!("{name}: {error}"));
        let methods: BTreeSet<String> = signatures(&code).unwrap().into_keys().collect();
        let expected: BTreeSet<String> =
            client.operations.iter().map(|operation| operation.name.clone()).collect();
        assert_eq!(methods, expected, "{name}");
    }
}

#[test]
fn nothing_in_a_client_document_has_to_be_left_out() {
    for (name, document) in refused() {
        let once = ClientDocument::of(&document);
        let twice = ClientDocument::of(&once.document);
        assert_eq!(twice.left_out.len(), 0, "{name}");
        assert_eq!(twice.operations.len(), once.operations.len(), "{name}");
    }
}

#[test]
fn a_refused_operation_is_named_among_others() {
    let fine = json!({ "operationId": "fine", "responses": { "204": { "description": "" } } });
    let refused = json!({
        "operationId": "refused",
        "parameters": [{ "name": "sid", "in": "cookie", "schema": { "type": "string" } }],
        "responses": { "204": { "description": "" } }
    });
    let mut client = ClientDocument::of(&json!({
        "openapi": "3.0.3", "info": { "title": "Test", "version": "1" },
        "paths": { "/fine": { "get": fine }, "/refused": { "get": fine } }
    }));
    client.operations[1].id = "refused".to_owned();
    client.document["paths"]["/refused"]["get"] = refused;
    insta::assert_snapshot!(client_source(&client).unwrap_err());
}

#[test]
fn a_panic_of_the_generator_is_an_error_with_its_message() {
    // A path parameter that is not required is an assertion in the generator.
    let document = json!({
        "openapi": "3.0.3", "info": { "title": "Test", "version": "1" },
        "paths": { "/{id}": { "get": {
            "operationId": "get",
            "parameters": [{ "name": "id", "in": "path", "schema": { "type": "string" } }],
            "responses": { "204": { "description": "" } }
        } } }
    });
    let error = client_source(&untouched(document)).unwrap_err();
    assert_eq!(error, ClientError::Document("assertion failed: parameter_data.required".to_owned()));
}
