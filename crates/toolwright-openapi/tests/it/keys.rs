//! Where a key of the API goes.

use toolwright_openapi::client_document::ClientDocument;
use toolwright_openapi::lower;

use crate::render::{catalog, check, source};

const SCHEMES: &str = r"
components:
  securitySchemes:
    key: {type: apiKey, name: X-Shop-Key, in: header}
    signature: {type: apiKey, name: X-Shop-Signature, in: header}
    query: {type: apiKey, name: key, in: query}
    basic: {type: http, scheme: basic}
    bearer: {type: http, scheme: Bearer}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com', scopes: {}}}}
";

/// The header for keys, and what the author is told, where the root asks for `root` and the one operation for `own`.
fn of(root: &str, own: &str) -> (Option<&'static str>, Vec<String>) {
    let own = if own.is_empty() { String::new() } else { format!(", security: {own}") };
    let document = format!(
        "security: {root}\npaths:\n  /a: {{get: {{operationId: a, summary: A, x-mcp: {{scopes: []}}{own}}}}}{SCHEMES}"
    );
    let lowered = lower(&source(&document)).unwrap();
    let notes = lowered.notes().iter().map(ToString::to_string).collect();
    (catalog(lowered).api.key_header.map(|header| &*header.leak()), notes)
}

const KEY: Option<&str> = Some("X-Shop-Key");

#[test]
fn a_key_goes_where_the_first_requirement_takes_it() {
    assert_eq!(of("[{key: []}]", ""), (KEY, vec![]));
    assert_eq!(of("[{key: []}, {oauth: []}]", ""), (KEY, vec![]));
    assert_eq!(of("[{oauth: []}, {key: []}]", ""), (None, vec![]));
    assert_eq!(of("[{bearer: []}]", ""), (None, vec![]));
    assert_eq!(of("[]", "[{key: []}]"), (KEY, vec![]));
    assert_eq!(of("[]", ""), (None, vec![]));
}

#[test]
fn what_one_key_cannot_meet_is_passed_over() {
    assert_eq!(of("[{key: [], signature: []}, {query: []}, {key: []}]", ""), (KEY, vec![]));
    assert_eq!(of("[{key: []}]", "[{}, {basic: []}]"), (KEY, vec![]));
}

#[test]
fn the_author_is_told_where_a_key_will_not_do() {
    let told = |place: &str, header: &str, why: &str| {
        format!(
            "{place}\n  The key of a caller is sent in {header}, and no requirement here takes it there alone{why}."
        )
    };
    let bearer = "`Authorization: Bearer`";
    assert_eq!(of("[{query: []}]", ""), (None, vec![told("#/security", bearer, ", but in the query")]));
    assert_eq!(of("[{basic: []}]", ""), (None, vec![told("#/security", bearer, ", but as HTTP `basic`")]));
    let both = of("[{key: []}]", "[{key: [], signature: []}]");
    assert_eq!(both, (KEY, vec![told("#/paths/~1a/get/security", "`X-Shop-Key`", "")]));
}

#[test]
fn a_header_that_cannot_be_one_is_a_mistake() {
    let text = check(
        "paths: {/a: {get: {operationId: a, summary: A}}}\ncomponents: {securitySchemes: {key: {type: apiKey, name: My Key, in: header}}}\n",
    );
    assert!(text.contains("`My Key` is not the name of a header"), "{text}");
}

#[test]
fn no_model_is_asked_for_the_key() {
    let document = format!(
        "security: [{{key: []}}]
paths: {{/a: {{get: {{operationId: a, summary: A, x-mcp: {{scopes: []}}, parameters: [
  {{name: x-shop-key, in: header, required: true, schema: {{type: string}}}},
  {{name: X-Shop-Branch, in: header, schema: {{type: string}}}}],
  responses: {{'204': {{description: ''}}}}}}}}}}{SCHEMES}"
    );
    let source = source(&document);
    let client = ClientDocument::of(&source.document).document;
    assert_eq!(client.pointer("/paths/~1a/get/parameters/0/name"), Some(&"X-Shop-Branch".into()));
    assert_eq!(client.pointer("/paths/~1a/get/parameters/1"), None);
    let catalog = catalog(lower(&source).unwrap());
    let arguments: Vec<&str> = catalog.tools[0].arguments.iter().map(|it| it.wire.as_str()).collect();
    assert_eq!(arguments, ["X-Shop-Branch"]);
}
