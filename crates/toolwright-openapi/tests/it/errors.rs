//! Documents with mistakes.

use insta::assert_snapshot;
use toolwright_openapi::lower;

use crate::render::{check, source};

#[test]
fn ten_mistakes_give_ten_diagnostics() {
    let document = r"
paths:
  /unresolved:
    get: {operationId: unresolved, summary: A, parameters: [{$ref: '#/components/parameters/Gone'}]}
  /twice/a:
    get: {operationId: twice, summary: B}
  /twice/b:
    get: {operationId: twice, summary: C}
  /silent:
    get: {operationId: silent}
  /xml:
    post: {operationId: sendXml, summary: D, requestBody: {content: {application/xml: {schema: {type: object}}}}}
  /undeclared/{id}:
    get: {operationId: undeclared, summary: E}
  /stray:
    get: {operationId: stray, summary: F, parameters: [{name: id, in: path, required: true, schema: {type: string}}]}
  /same:
    get: {operationId: same_name, summary: G}
    put: {operationId: sameName, summary: H}
  /long:
    get: {operationId: an_operation_with_a_name_that_is_longer_than_any_model_provider_accepts, summary: I}
  /extension:
    get: {operationId: extension, summary: J, x-mcp: {scope: [a]}}
  /body:
    get: {operationId: withBody, summary: K, requestBody: {content: {application/json: {schema: {type: object}}}}}
";
    let errors = lower(&source(document)).unwrap_err();
    assert_eq!(errors.iter().count(), 10, "{errors}");
    assert_snapshot!(errors.to_string());
}

#[test]
fn documents_of_other_versions_are_refused() {
    let other = |text: &str| check(&format!("openapi: {text}"));
    let swagger =
        toolwright_openapi::Source::from_yaml("shop", "openapi.yaml", "swagger: '2.0'\ninfo: {}\n").unwrap();
    let all = [
        crate::render::check_source(&swagger),
        other("3.2.0\n"),
        other("3.0\n"),
        crate::render::check_source(
            &toolwright_openapi::Source::from_yaml("shop", "openapi.yaml", "[]").unwrap(),
        ),
    ];
    assert_snapshot!(all.join("\n"));
}

#[test]
fn references_that_lead_nowhere_are_errors_used_or_not() {
    assert_snapshot!(check(
        r"
paths:
  /a:
    get:
      operationId: a
      summary: A
      parameters: [{$ref: 'other.yaml#/Limit'}, {$ref: '#/components/parameters/Loop'}]
      responses: {'200': {$ref: '#/components/responses/Gone'}}
  /b: {$ref: '#/nowhere'}
components:
  parameters: {Loop: {$ref: '#/components/parameters/Loop'}}
  schemas:
    Unused: {properties: {example: {$ref: '#/components/schemas/Gone'}, data: {example: {$ref: just data}}}}
"
    ));
}

#[test]
fn parameters_that_cannot_be_sent_are_errors() {
    assert_snapshot!(check(
        r"
paths:
  /a/{m}:
    get:
      operationId: a
      summary: A
      parameters:
        - {name: m, in: path, required: true, style: matrix, schema: {type: string}}
        - {name: json, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: flat, in: query, explode: false, schema: {type: object, properties: {a: {type: string}}}}
        - {name: X-Object, in: header, schema: {type: object}}
        - {name: none, in: query}
        - {name: twice, in: query, schema: {type: string}}
        - {name: twice, in: query, schema: {type: string}}
        - {name: old, in: formData, schema: {type: string}}
        - {in: query, schema: {type: string}}
        - {name: nowhere, schema: {type: string}}
        - {name: 日本, in: query, schema: {type: string}}
        - just a text
  /b: {$ref: '#/paths/~1c', get: {operationId: b, summary: B}}
  /c: {get: {operationId: c, summary: C, parameters: {name: x}, security: {key: []}}}
"
    ));
}

#[test]
fn bodies_that_cannot_be_sent_are_errors() {
    assert_snapshot!(check(
        r"
paths:
  /a: {post: {operationId: a, summary: A, requestBody: {content: {multipart/form-data: {schema: {type: array}}}}}}
  /b: {post: {operationId: b, summary: B, requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: string}}}}}}
  /c: {post: {operationId: c, summary: C, requestBody: {content: {}}}}
  /d: {post: {operationId: d, summary: D, requestBody: {content: {application/json: {schema: 5}}}}}
  /e: {post: {operationId: e, summary: E, requestBody: 5}}
  /f: {post: {operationId: f, summary: F, requestBody: {content: {text/csv: {schema: {type: object}}}}}}
  /g/{file}:
    post:
      operationId: g
      summary: G
      parameters: [{name: file, in: path, required: true, schema: {type: string}}]
      requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}}}
"
    ));
}

#[test]
fn mistakes_in_x_mcp_have_a_pointer_and_a_suggestion() {
    assert_snapshot!(check(
        r"
x-mcp: 1
paths:
  /a/{id}:
    get:
      operationId: a
      summary: A
      parameters: [{name: id, in: path, required: true, schema: {type: string, enum: [x, y]}}, {name: limit, in: query, schema: {type: integer, maximum: 9}}]
      x-mcp:
        enabled: 'no'
        title: ''
        scopes: read
        effect: reed
        idempotent: 1
        descripton: x
        whatever: x
        consent: true
        resource: {url: x}
        media: {qr: data}
        arguments: []
  /b/{id}:
    get:
      operationId: b
      summary: B
      parameters: [{name: id, in: path, required: true, schema: {type: string, enum: [x, y]}}, {name: limit, in: query, schema: {type: integer, maximum: 9}}]
      x-mcp:
        arguments:
          id: {const: z}
          limit: {default: 10, renamed: x}
  /c/{id}:
    get:
      operationId: c
      summary: C
      parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: limit, in: query, schema: {type: integer}}]
      x-mcp: {arguments: {id: {hide: true}, limit: {rename: id}}}
  /d: {get: {operationId: d, summary: D, x-mcp: {enabled: false}}}
tags: [{name: unused, x-mcp: {scope: [a]}}]
"
    ));
}

#[test]
fn an_override_that_names_no_argument_of_any_tool_is_an_error() {
    assert_snapshot!(check(
        r"
x-mcp: {arguments: {sesion: {description: x}, session: {description: The session}}}
paths:
  /a: {get: {operationId: a, summary: A, parameters: [{name: session, in: query, schema: {type: string}}]}}
  /b: {get: {operationId: b, summary: B, x-mcp: {arguments: {other: {hide: true}}}}}
"
    ));
}

#[test]
fn a_schema_too_large_to_be_written_in_place_is_an_error() {
    let level = |level: usize| {
        let below = format!("{{$ref: '#/components/schemas/L{}'}}", level - 1);
        format!("    L{level}: {{type: object, properties: {{a: {below}, b: {below}}}}}")
    };
    let schemas: Vec<String> = (1..24).map(level).collect();
    let schemas = format!("    L0: {{type: string}}\n{}\n", schemas.join("\n"));
    assert_snapshot!(check(&format!(
        "paths:\n  /a:\n    post:\n      operationId: a\n      summary: A\n      requestBody: {{content: {{application/json: \
         {{schema: {{$ref: '#/components/schemas/L23'}}}}}}}}\n      responses: {{'200': {{description: ok, content: \
         {{application/json: {{schema: {{type: object}}}}}}}}}}\ncomponents:\n  schemas:\n{schemas}"
    )));
}

#[test]
fn an_api_without_a_title_or_operations_is_an_error() {
    assert_snapshot!(check("openapi: 3.0.3\ninfo: {version: 1}\npaths: {}\n"));
}
