//! Scopes of operations.

use insta::assert_snapshot;

use crate::render::{check, in_3_1};

fn scopes(document: &str) -> String {
    let text = check(document);
    let lines: Vec<&str> = text
        .lines()
        .filter(|l| {
            l.starts_with("tool")
                || l.contains("open world")
                || l.starts_with("scopes")
                || l.starts_with("note")
                || l.starts_with("  Nothing")
                || l.starts_with("  Several")
        })
        .collect();
    if lines.is_empty() { text } else { lines.join("\n") }
}

const OAUTH: &str = r"
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows: {clientCredentials: {tokenUrl: 'https://example.com', scopes: {'orders:read': Read orders, 'orders:write': '', unused: Not used}}}
    key: {type: apiKey, name: X-Key, in: header}
";

#[test]
fn scopes_come_from_security_and_are_replaced_by_x_mcp() {
    assert_snapshot!(scopes(&format!(
        r"
security: [{{oauth: ['orders:read']}}]
paths:
  /a: {{get: {{operationId: inherited, summary: A}}}}
  /b: {{get: {{operationId: own, summary: B, security: [{{key: [], oauth: ['orders:write', 'orders:read', 'orders:write']}}]}}}}
  /c: {{get: {{operationId: replaced, summary: C, x-mcp: {{scopes: ['special:read']}}}}}}
  /d: {{get: {{operationId: open, summary: D, security: [], x-mcp: {{scopes: []}}}}}}
  /e: {{get: {{operationId: alternatives, summary: E, security: [{{key: []}}, {{oauth: ['orders:write']}}, {{oauth: ['orders:read']}}]}}}}
{OAUTH}"
    )));
}

#[test]
fn nothing_is_unscoped_by_accident() {
    assert_snapshot!(scopes(&format!(
        r"
paths:
  /a: {{get: {{operationId: scoped, summary: A, security: [{{oauth: ['orders:read']}}]}}}}
  /b: {{get: {{operationId: keyOnly, summary: B, security: [{{key: []}}]}}}}
  /c: {{get: {{operationId: forgotten, summary: C}}}}
  /d: {{get: {{operationId: off, summary: D, x-mcp: {{enabled: false, reason: Not needed}}}}}}
{OAUTH}"
    )));
}

#[test]
fn a_document_without_scopes_needs_to_say_nothing() {
    assert_snapshot!(scopes(&format!(
        "security: [{{key: []}}]\npaths: {{/a: {{get: {{operationId: a, summary: A}}}}}}\n{OAUTH}"
    )));
}

#[test]
fn any_scheme_of_3_1_has_scopes_and_x_scopes_describes_them() {
    assert_snapshot!(scopes(&in_3_1(
        r"
x-scopes: {'orders:read': See orders, 'orders:write': Change orders}
security: [{key: ['orders:read']}]
paths:
  /a: {get: {operationId: a, summary: A}}
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
"
    )));
}

#[test]
fn scopes_of_a_scheme_that_has_none_are_an_error() {
    assert_snapshot!(scopes(
        r"
security: [{key: ['orders:read']}, {missing: []}]
paths:
  /a: {get: {operationId: a, summary: A}}
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
"
    ));
}
