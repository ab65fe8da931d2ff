//! What a document says about its tools together, and about the limits of one: order, toolsets, time-outs, keys.

use insta::assert_snapshot;

use crate::render::check;

const PATHS: &str = r"
tags: [{name: Orders}, {name: Carts}]
paths:
  /orders:
    post: {operationId: createOrder, tags: [Orders], summary: Create, responses: {}}
    get: {operationId: listOrders, tags: [Orders], summary: List, responses: {}}
  /carts:
    get: {operationId: getCart, tags: [Carts], summary: Get, responses: {}}
";

/// The lines that begin with one of the words; the whole text where something is wrong.
fn lines(document: &str, words: &[&str]) -> String {
    let text = check(document);
    let of_interest = |line: &&str| words.iter().any(|word| line.trim_start().starts_with(word));
    let lines: Vec<&str> = text.lines().filter(of_interest).collect();
    if lines.is_empty() { text } else { lines.join("\n") }
}

#[test]
fn tools_that_the_root_names_are_listed_first() {
    let document = format!("x-mcp: {{order: [list_orders, get_cart]}}{PATHS}");
    assert_snapshot!(lines(&document, &["listed"]));
}

#[test]
fn tools_can_be_listed_in_the_order_of_the_document() {
    let document = format!("x-mcp: {{order: document}}{PATHS}");
    assert_snapshot!(lines(&document, &["listed"]));
}

#[test]
fn an_order_names_tools_once_each() {
    let document = format!("x-mcp: {{order: [list_orders, list_order, list_orders]}}{PATHS}");
    assert_snapshot!(check(&document));
    assert_snapshot!(check(&format!("x-mcp: {{order: name}}{PATHS}")));
}

#[test]
fn a_document_names_sets_of_domains() {
    let document = format!(
        "x-mcp: {{toolsets: {{buying: {{description: To buy, domains: [carts], default: true}}, all_of_it: {{domains: [carts, orders]}}}}}}{PATHS}"
    );
    assert_snapshot!(lines(&document, &["toolset"]));
}

#[test]
fn mistakes_in_toolsets_are_told_together() {
    let document = format!(
        "x-mcp: {{toolsets: {{full: {{domains: [carts], default: true}}, Big One: {{domains: [], default: true}}, b: {{domains: [cart]}}, c: {{}}, d: {{domains: [carts], tools: [x]}}}}}}{PATHS}"
    );
    assert_snapshot!(check(&document));
}

#[test]
fn only_the_root_speaks_of_all_tools() {
    let document = PATHS.replace("summary: List", "summary: List, x-mcp: {order: document, toolsets: {}}");
    assert_snapshot!(check(&document));
}

#[test]
fn an_operation_has_a_time_of_its_own() {
    let document = PATHS.replace("summary: List", "summary: List, x-mcp: {timeout_s: 5}");
    assert_snapshot!(lines(&format!("x-mcp: {{timeout_s: 60}}{document}"), &["tool", "takes"]));
}

#[test]
fn a_time_is_a_whole_number_of_seconds_up_to_a_day() {
    let wrong = |value: &str| {
        check(&PATHS.replace("summary: List", &format!("summary: List, x-mcp: {{timeout_s: {value}}}")))
    };
    assert_snapshot!(["0", "1.5", "86401", "'15'"].map(wrong).join("\n"));
}

#[test]
fn an_idempotency_header_becomes_an_argument_where_the_document_speaks_of_it() {
    let document = r"
x-mcp: {arguments: {Idempotency-Key: {rename: idempotency_key, description: The same again after a time-out}}}
paths:
  /orders:
    post:
      operationId: createOrder
      summary: Create
      parameters: [{name: Idempotency-Key, in: header, required: true, schema: {type: string, maxLength: 255}}]
      responses: {}
    get: {operationId: listOrders, summary: List, responses: {}}
";
    assert_snapshot!(check(document));
}

#[test]
fn one_idempotency_key_for_all_calls_is_refused() {
    assert_snapshot!(check(
        r"
paths:
  /orders:
    post:
      operationId: createOrder
      summary: Create
      parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}]
      x-mcp: {arguments: {Idempotency-Key: {const: always}}}
      responses: {}
"
    ));
}
