//! `x-mcp`, effects, titles, domains and what else is known about a tool.

use insta::assert_snapshot;

use crate::render::check;

#[test]
fn effects_follow_the_method() {
    let operation = |method: &str| {
        format!("    {method}: {{operationId: {method}It, summary: Does it, responses: {{}}}}\n")
    };
    let operations: String = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]
        .into_iter()
        .map(operation)
        .collect();
    let text = check(&format!("paths:\n  /orders:\n{operations}"));
    let lines: Vec<&str> = text
        .lines()
        .filter(|l| l.starts_with("tool") || l.contains("idempotent") || l.contains("generic"))
        .collect();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_nearer_x_mcp_wins_field_by_field() {
    assert_snapshot!(check(
        r"
x-mcp: {open_world: false, title: Root, effect: destructive, arguments: {a: {description: Root, default: 1}}}
tags:
  - {name: Orders, description: Orders of the shop, x-mcp: {effect: write, scopes: ['orders:read']}}
  - {name: Late, x-mcp: {effect: read}}
paths:
  /orders:
    x-mcp: {title: Path, scopes: ['orders:write']}
    parameters: [{name: a, in: query, schema: {type: integer}}]
    post:
      operationId: find
      tags: [Orders, Late]
      description: |
        Finds orders.
      externalDocs: {url: 'https://example.com/find'}
      x-source: inferred
      x-mcp: {name: orders_find, idempotent: true, confirm: true, arguments: {a: {description: Operation}}}
      responses: {}
"
    ));
}

#[test]
fn an_operation_that_is_switched_off_is_listed_with_the_reason() {
    assert_snapshot!(check(
        r"
tags: [{name: Admin, x-mcp: {enabled: false, reason: Only for administrators}}]
paths:
  /keys:
    get: {operationId: listKeys, tags: [Admin], summary: List keys, x-source: documented, responses: {}}
    post: {operationId: createKey, tags: [Admin], summary: Create a key, x-mcp: {enabled: true}, responses: {}}
    put:
      tags: [Admin]
      requestBody: {content: {application/xml: {schema: {type: object}}}}
      responses: {}
"
    ));
}

#[test]
fn domains_are_tags_in_the_order_of_the_document() {
    let lowered = toolwright_openapi::lower(&crate::render::source(
        r"
tags: [{name: Unused}, {name: Group Chats, description: Chats of many}, {name: default}]
paths:
  /a: {get: {operationId: a, tags: [Later], summary: A, responses: {}}}
  /b: {get: {operationId: b, tags: [group_chats], summary: B, responses: {}}}
  /c: {get: {operationId: c, tags: [Group Chats, Later], summary: C, responses: {}}}
  /d: {get: {operationId: d, tags: [3D Models], summary: D, responses: {}}}
  /e: {get: {operationId: e, summary: E, responses: {}}}
  /f: {get: {operationId: f, tags: [default], summary: F, responses: {}}}
",
    ))
    .unwrap();
    insta::assert_json_snapshot!(crate::render::catalog(lowered).domains);
}

#[test]
fn operations_without_an_id_get_one_in_the_document_too() {
    let lowered = toolwright_openapi::lower(&crate::render::source(
        "paths:\n  /orders/{id}:\n    delete:\n      summary: Delete\n      parameters: [{name: id, in: path, required: true, \
         schema: {type: string}}]\n      responses: {}\n",
    ))
    .unwrap();
    assert_eq!(lowered.operations()[0].id, "delete_orders_by_id");
    assert_eq!(lowered.document()["paths"]["/orders/{id}"]["delete"]["operationId"], "delete_orders_by_id");
    assert_eq!(lowered.tools()[0].name, "delete_orders_by_id");
}

#[test]
fn a_catalog_needs_a_call_for_each_tool_and_no_other() {
    use std::collections::BTreeMap;
    use toolwright_catalog::Call;
    use toolwright_openapi::JoinError;

    let lowered = || {
        toolwright_openapi::lower(&crate::render::source("paths: {/a: {get: {operationId: a, summary: A}}}"))
            .unwrap()
    };
    let call = || Call::Generic { reason: "It is so.".to_owned() };
    assert_eq!(lowered().into_catalog(BTreeMap::new()), Err(JoinError::Missing(vec!["a".to_owned()])));
    let calls = BTreeMap::from([("a".to_owned(), call()), ("b".to_owned(), call())]);
    assert_eq!(lowered().into_catalog(calls), Err(JoinError::Unknown(vec!["b".to_owned()])));
    let catalog = lowered().into_catalog(BTreeMap::from([("a".to_owned(), call())])).unwrap();
    assert_eq!(catalog.tools[0].call, call());
}
