//! Arguments of tools meet the parameters of client methods.

use std::collections::BTreeMap;

use toolwright_catalog::Returns;
use toolwright_generate::{Signature, client_source, join, signatures};
use toolwright_openapi::client_document::ClientDocument;

use crate::api;

/// The client of the small API, and the signatures of its methods.
fn client() -> (ClientDocument, BTreeMap<String, Signature>) {
    let client = ClientDocument::of(api::lowered(None).document());
    let signatures = signatures(&client_source(&client).unwrap()).unwrap();
    (client, signatures)
}

/// What does not fit once the signature of a method is changed.
fn problems(method: &str, change: impl FnOnce(&mut Signature)) -> Vec<String> {
    let (client, mut signatures) = client();
    change(signatures.get_mut(method).unwrap());
    let problems = join(&api::lowered(None), &client, &signatures).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn every_tool_is_joined_to_its_method_or_to_the_generic_executor() {
    let (client, signatures) = client();
    insta::assert_debug_snapshot!(join(&api::lowered(None), &client, &signatures).unwrap());
}

#[test]
fn a_hidden_optional_parameter_is_always_left_out_and_a_constant_one_is_an_argument() {
    let lowered = api::lowered(Some(
        "overlay: 1.0.0
info: {title: Overlay, version: '1'}
actions:
  - target: $.paths['/pets'].get
    update: {x-mcp: {arguments: {limit: {const: 5}, kind: {hide: true}}}}
",
    ));
    let (client, signatures) = client();
    let calls = join(&lowered, &client, &signatures).unwrap();
    insta::assert_debug_snapshot!(calls["listPets"]);
}

#[test]
fn a_required_parameter_without_an_argument_is_named() {
    let found = problems("get_pet", |signature| {
        signature.parameters.push(("owner".to_owned(), "&'a str".to_owned()));
    });
    assert_eq!(
        found,
        ["operation `getPet`: no argument fills the required parameter `owner` of client method `get_pet`"]
    );
}

#[test]
fn an_argument_without_a_parameter_is_named() {
    let found = problems("get_pet", |signature| signature.parameters.clear());
    assert_eq!(found, ["operation `getPet`: client method `get_pet` has no parameter for argument `petId`"]);
}

#[test]
fn a_body_without_a_parameter_is_named() {
    let found = problems("create_pet", |signature| signature.parameters.clear());
    assert_eq!(
        found,
        ["operation `createPet`: client method `create_pet` has no parameter for the request body"]
    );
}

#[test]
fn a_method_that_is_missing_is_named() {
    let (client, mut signatures) = client();
    signatures.remove("list_pets");
    signatures.insert("other".to_owned(), Signature { parameters: Vec::new(), returns: Returns::Unit });
    let problems = join(&api::lowered(None), &client, &signatures).unwrap_err();
    assert_eq!(problems[0].to_string(), "operation `listPets`: the client has no method `list_pets`");
}
