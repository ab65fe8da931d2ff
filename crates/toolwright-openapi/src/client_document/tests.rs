//! What each rule makes of a small document.

use std::fmt::Write;

use crate::Source;

use super::{ClientDocument, RULES};

/// What becomes of a document: what was left out, what changed, and the paths and schemas of the client document.
fn client_document(yaml: &str) -> String {
    let document = Source::from_yaml("test", "test.yaml", yaml).unwrap().document;
    let client = ClientDocument::of(&document);
    let mut text = String::new();
    for (operation, reason) in &client.left_out {
        writeln!(text, "left out {operation}: {reason}").unwrap();
    }
    for change in &client.changes {
        writeln!(text, "{} at #{}: {}", change.rule, change.pointer, change.detail).unwrap();
    }
    for pointer in ["/paths", "/components/parameters", "/components/requestBodies", "/components/schemas"] {
        if let Some(part) = client
            .document
            .pointer(pointer)
            .filter(|part| part.as_object().is_some_and(|part| !part.is_empty()))
        {
            writeln!(text, "{pointer}\n{}", serde_json::to_string_pretty(part).unwrap()).unwrap();
        }
    }
    text
}

/// The same for paths, given as YAML with an indent of two.
fn paths(paths: &str) -> String {
    client_document(&format!("openapi: 3.0.3\ninfo: {{title: Test, version: '1'}}\npaths:\n{paths}"))
}

/// The same for component schemas, given as YAML with an indent of four. The one named `Root` is in the only response.
fn schemas(schemas: &str) -> String {
    let text = client_document(&format!(
        "openapi: 3.0.3\ninfo: {{title: Test, version: '1'}}\npaths: {{/: {{get: {{operationId: get, responses: {{'200': \
         {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/Root'}}}}}}}}}}}}}}}}\n\
         components:\n  schemas:\n{schemas}"
    ));
    without_paths(&text)
}

/// The same, with `Root` in the only request.
fn request_schemas(schemas: &str) -> String {
    let text = client_document(&format!(
        "openapi: 3.0.3\ninfo: {{title: Test, version: '1'}}\npaths: {{/: {{post: {{operationId: send, responses: {{'204': \
         {{description: ''}}}}, requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: \
         '#/components/schemas/Root'}}}}}}}}}}}}}}\ncomponents:\n  schemas:\n{schemas}"
    ));
    without_paths(&text)
}

fn without_paths(text: &str) -> String {
    let (changes, rest) = text.split_once("/paths\n").unwrap();
    let schemas = rest.split_once("/components/schemas\n").map_or("", |(_, schemas)| schemas);
    format!("{changes}{schemas}")
}

#[test]
fn rules_have_names_of_their_own() {
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
}

#[test]
fn a_plain_document_stays_as_it_is() {
    insta::assert_snapshot!(paths(
        "  /pets/{id}:
    get:
      operationId: get_pet
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: A pet, content: {application/json: {schema: {type: array, items: {type: string}}}}}}
"
    ));
}

#[test]
fn references_point_at_components() {
    insta::assert_snapshot!(client_document(
        "openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /alias/{id}: {$ref: '#/paths/~1pets~1{id}'}
  /pets/{id}:
    get:
      operationId: get
      parameters: [{$ref: '#/paths/~1pets/get/parameters/0'}, {name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}}}
  /pets:
    get:
      operationId: list
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {'204': {description: ''}}
components:
  schemas:
    Root:
      type: object
      properties:
        spaced: {$ref: '#/components/schemas/Two%20Words'}
        inner: {$ref: '#/components/schemas/Other/properties/inner'}
        again: {$ref: '#/components/schemas/Other/properties/inner'}
        missing: {$ref: '#/components/schemas/Missing'}
    Two Words: {type: string}
    Other: {type: object, properties: {inner: {type: array, items: {$ref: '#/components/schemas/Other/properties/inner'}}}}
"
    ));
}

#[test]
fn newer_keywords_are_said_in_the_words_of_3_0() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      properties:
        maybe: {type: [string, 'null']}
        several: {type: [string, array], items: {type: string}}
        constant: {const: fixed}
        branch: {anyOf: [{$ref: '#/components/schemas/Other'}, {type: 'null'}]}
        tuple: {type: array, prefixItems: [{type: string}]}
        anything: true
        above: {type: number, exclusiveMinimum: 0}
        patterns: {type: object, patternProperties: {'^x': {type: string}}}
        beside: {$ref: '#/components/schemas/Other', description: Described here, minLength: 3}
    Other: {type: string}
"
    ));
}

#[test]
fn unused_members_are_left_out() {
    insta::assert_snapshot!(client_document(
        "openapi: 3.0.3
info: {title: Test, version: 'v1 – größer', contact: {name: Someone}}
servers: [{url: 'https://example.com'}]
x-mcp: {enabled: true}
paths:
  /:
    x-mcp: {enabled: true}
    get:
      operationId: get
      tags: [a]
      security: []
      x-mcp: {name: other}
      parameters: [{name: q, in: query, example: 3, schema: {type: integer, example: 3, minimum: one}}]
      responses: {'200': {description: '', headers: {X-Rate: {schema: {type: integer}}}, content: {text/plain: {example: a}}}}
"
    ));
}

#[test]
fn operations_that_cannot_be_sent_are_left_out() {
    insta::assert_snapshot!(paths(
        "  /:
    options: {operationId: options, responses: {'204': {description: ''}}}
    trace: {operationId: trace, responses: {'204': {description: ''}}}
  /a//b: {get: {operationId: empty_segment, responses: {'204': {description: ''}}}}
  /a?b=c: {get: {operationId: query, responses: {'204': {description: ''}}}}
  /a}b: {get: {operationId: brace, responses: {'204': {description: ''}}}}
  /socket: {get: {operationId: socket, responses: {'101': {description: ''}}}}
"
    ));
}

#[test]
fn streams_of_events_are_left_out_unless_there_is_another_answer() {
    insta::assert_snapshot!(paths(
        "  /only: {get: {operationId: only, responses: {'200': {description: '', content: {text/event-stream: {}}}}}}
  /either:
    get:
      operationId: either
      responses:
        '200':
          description: ''
          content: {application/json: {schema: {type: string}}, text/event-stream: {schema: {type: string}}}
"
    ));
}

#[test]
fn path_variables_and_parameters_go_together() {
    insta::assert_snapshot!(paths(
        "  /{declared}/{undeclared}:
    parameters: [{name: declared, in: path, schema: {type: string}}, {name: shared, in: query, schema: {type: string}}]
    get:
      operationId: get
      parameters: [{name: stray, in: path, required: true, schema: {type: string}}, {name: shared, in: query, schema: {type: integer}}]
      responses: {'204': {description: ''}}
"
    ));
}

#[test]
fn method_names_differ() {
    insta::assert_snapshot!(paths(
        "  /a: {get: {operationId: listPets, responses: {'204': {description: ''}}}}
  /b: {get: {operationId: list_pets, responses: {'204': {description: ''}}}}
  /c: {get: {operationId: post, responses: {'204': {description: ''}}}}
  /d/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ''}}}}
"
    ));
}

#[test]
fn operations_say_their_ids_methods_and_idempotency_headers() {
    let yaml = "openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /b: {post: {operationId: sendNow, parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}], responses: {'204': {description: ''}}}}
  /a: {post: {operationId: send-now, parameters: [{name: X-Token, in: header, x-idempotency: true, schema: {type: string}}], responses: {'204': {description: ''}}}}
";
    let document = Source::from_yaml("test", "test.yaml", yaml).unwrap().document;
    insta::assert_debug_snapshot!(ClientDocument::of(&document).operations);
}

#[test]
fn headers_of_the_context_are_no_parameters() {
    insta::assert_snapshot!(paths(
        "  /:
    post:
      operationId: send
      parameters:
        - {name: idempotency-key, in: header, required: true, schema: {type: string}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
        - {name: accept, in: header, schema: {type: string}}
        - {name: X-Other, in: header, schema: {type: string}}
      responses: {'204': {description: ''}}
"
    ));
}

#[test]
fn parameters_that_cannot_be_written_leave_their_operation_out() {
    insta::assert_snapshot!(paths(
        "  /a: {get: {operationId: cookie, parameters: [{name: a, in: cookie, schema: {type: string}}], responses: {'204': {description: ''}}}}
  /b: {get: {operationId: deep, parameters: [{name: a, in: query, style: deepObject, schema: {type: object}}], responses: {'204': {description: ''}}}}
  /c: {get: {operationId: comma, parameters: [{name: a, in: query, explode: false, schema: {type: array, items: {type: string}}}], responses: {'204': {description: ''}}}}
  /d: {get: {operationId: content, parameters: [{name: a, in: query, content: {application/json: {schema: {}}}}], responses: {'204': {description: ''}}}}
  /e: {get: {operationId: header_list, parameters: [{name: a, in: header, schema: {type: array, items: {type: string}}}], responses: {'204': {description: ''}}}}
  /f: {get: {operationId: list_of_objects, parameters: [{name: a, in: query, schema: {type: array, items: {type: object}}}], responses: {'204': {description: ''}}}}
  /g: {get: {operationId: open, parameters: [{name: a, in: query, schema: {}}], responses: {'204': {description: ''}}}}
  /h: {get: {operationId: clash, parameters: [{name: a-b, in: query, schema: {type: string}}, {name: aB, in: query, schema: {type: string}}], responses: {'204': {description: ''}}}}
  /i: {get: {operationId: object, parameters: [{name: a, in: query, schema: {type: object}}], responses: {'204': {description: ''}}}}
  /j: {get: {operationId: one_or_many, parameters: [{name: a, in: query, schema: {oneOf: [{type: string}, {type: array, items: {type: string}}]}}], responses: {'204': {description: ''}}}}
"
    ));
}

#[test]
fn bodies_that_cannot_be_sent_leave_their_operation_out() {
    insta::assert_snapshot!(paths(
        "  /:
    post: {operationId: multipart, requestBody: {required: true, content: {multipart/form-data: {schema: {type: object}}}}, responses: {'204': {description: ''}}}
    put: {operationId: optional, requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {'204': {description: ''}}}
    patch: {operationId: patch, requestBody: {required: true, content: {application/merge-patch+json: {schema: {type: object}}}}, responses: {'204': {description: ''}}}
  /form: {post: {operationId: deep_form, requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}}}, responses: {'204': {description: ''}}}}
  /file: {post: {operationId: json_or_file, requestBody: {required: true, content: {application/json: {schema: {type: object}}, multipart/form-data: {schema: {type: object, properties: {a: {type: string, format: binary}}}}}}, responses: {'204': {description: ''}}}}
"
    ));
}

#[test]
fn bodies_are_sent_as_one_media_type() {
    insta::assert_snapshot!(paths(
        "  /:
    post: {operationId: several, requestBody: {required: true, content: {application/xml: {schema: {type: object}}, application/json: {schema: {type: string}, encoding: {a: {style: form}}}}}, responses: {'204': {description: ''}}}
    put: {operationId: text, requestBody: {required: true, content: {text/plain; charset=utf-8: {schema: {type: string, minLength: 1}}}}, responses: {'204': {description: ''}}}
    patch: {operationId: bytes, requestBody: {required: true, content: {application/octet-stream: {}}}, responses: {'204': {description: ''}}}
    delete: {operationId: empty, requestBody: {required: true, content: {}}, responses: {'204': {description: ''}}}
"
    ));
}

#[test]
fn a_default_response_stands_for_errors() {
    insta::assert_snapshot!(paths(
        "  /:
    get: {operationId: with_success, responses: {'200': {description: Yes}, default: {description: No, content: {application/json: {schema: {type: string}}}}}}
    put: {operationId: without_success, responses: {default: {description: Either, content: {application/json: {schema: {type: string}}}}}}
"
    ));
}

#[test]
fn one_success_type_is_kept_and_errors_of_one_type_stay_typed() {
    insta::assert_snapshot!(client_document(
        "openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /:
    get:
      operationId: get
      responses:
        '200': {description: Json, content: {text/csv: {}, application/json: {schema: {type: string}}}}
        '202': {description: Other json, content: {application/json: {schema: {type: integer}}}}
        '204': {description: Nothing}
        '302': {description: Elsewhere}
        '400': {$ref: '#/components/responses/Problem'}
        '401': {description: No body}
        '404': {$ref: '#/components/responses/Problem'}
    head: {operationId: head, responses: {'200': {description: '', content: {application/json: {schema: {type: string}}}}}}
components:
  responses:
    Problem: {description: Problem, content: {application/problem+json: {schema: {type: object, properties: {title: {type: string}}}}}}
"
    ));
}

#[test]
fn errors_of_several_types_are_bytes() {
    insta::assert_snapshot!(paths(
        "  /:
    get:
      operationId: get
      responses:
        '200': {description: Image, content: {image/png: {}}}
        '400': {description: Text, content: {application/json: {schema: {type: string}}}}
        '404': {description: Number, content: {application/json: {schema: {type: integer}}}}
        '500': {description: Nothing}
"
    ));
}

#[test]
fn unused_components_are_left_out() {
    insta::assert_snapshot!(schemas(
        "    Root: {type: string}\n    Unused: {$ref: '#/components/schemas/AlsoUnused'}\n    AlsoUnused: {type: string}\n"
    ));
}

#[test]
fn keywords_without_a_rust_type_are_dropped() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      properties:
        negated: {type: string, not: {enum: [a]}}
        wrong: {type: string, items: {type: string}, minimum: 3}
        unknown: {type: file}
        implied: {items: {type: string}}
        dangling: {type: integer, exclusiveMinimum: true}
        formatted: {type: boolean, format: yes-no}
"
    ));
}

#[test]
fn bounds_formats_and_defaults_are_left_to_the_api() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      properties:
        text: {type: string, pattern: '([', minLength: 1, default: a}
        list: {type: array, minItems: 40, maxItems: 40, uniqueItems: true, items: {type: string}}
        count: {type: integer, minimum: 1, default: many}
        moment: {type: string, format: date-time}
        share: {type: number, format: float}
        id: {type: string, format: uuid}
"
    ));
}

#[test]
fn enumerations_make_rust_enums_or_plain_types() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      properties:
        plain: {type: string, enum: [a, b, b]}
        untyped: {enum: [a, null]}
        cases: {type: string, enum: [add, Add]}
        numbers: {type: integer, enum: [1, 2]}
        contradicting: {type: integer, enum: ['1']}
        mixed: {enum: [1, a]}
        signs: {type: string, enum: [name, -name]}
"
    ));
}

#[test]
fn nullable_components_are_optional_where_they_are_used() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      required: [a]
      properties:
        a: {$ref: '#/components/schemas/Maybe'}
        b: {type: array, items: {$ref: '#/components/schemas/Alias'}}
        c: {description: Described, allOf: [{$ref: '#/components/schemas/Maybe'}]}
    Alias: {$ref: '#/components/schemas/Maybe'}
    Maybe: {nullable: true, type: object, properties: {x: {type: string}}}
"
    ));
}

#[test]
fn parameters_are_never_null() {
    insta::assert_snapshot!(paths(
        "  /: {get: {operationId: get, parameters: [{name: a, in: query, schema: {type: string, nullable: true}}], responses: {'204': {description: ''}}}}\n"
    ));
}

#[test]
fn alternatives_of_required_properties_are_dropped() {
    insta::assert_snapshot!(schemas(
        "    Root: {type: object, properties: {url: {type: string}, data: {type: string}}, oneOf: [{required: [url]}, {required: [data]}]}\n"
    ));
}

#[test]
fn compositions_become_one_type() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      properties:
        extended: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [b], properties: {b: {type: string}}}]}
        described: {description: Described, allOf: [{$ref: '#/components/schemas/Base'}]}
        annotated: {allOf: [{$ref: '#/components/schemas/Base'}, {description: A note}]}
        inline: {allOf: [{type: string}]}
        text: {allOf: [{type: string}, {enum: [a, b]}]}
        nothing: {allOf: [{type: string}, {type: object}]}
        cycle: {$ref: '#/components/schemas/Cycle'}
    Base: {type: object, required: [a], properties: {a: {type: string}}}
    Cycle: {allOf: [{$ref: '#/components/schemas/Cycle'}, {properties: {a: {type: string}}}]}
"
    ));
}

#[test]
fn unions_become_enums_where_the_alternatives_can_be_told_apart() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      properties:
        apart: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
        one_or_many: {oneOf: [{type: string}, {type: array, items: {type: string}}]}
        nested: {oneOf: [{type: integer}, {oneOf: [{type: string}, {type: boolean}]}]}
        inline: {oneOf: [{type: object, required: [t], properties: {t: {enum: [a]}}}, {type: object, required: [t], properties: {t: {enum: [b]}}}]}
    Cat: {type: object, required: [kind], properties: {kind: {type: string, enum: [cat]}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string, enum: [dog]}}}
"
    ));
}

#[test]
fn unions_become_one_type_where_nothing_tells_the_alternatives_apart() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      properties:
        objects: {oneOf: [{type: object, required: [a, c], properties: {a: {type: string}, c: {type: string}}}, {type: object, required: [b, c], properties: {b: {type: integer}, c: {type: integer}}}]}
        with_text: {oneOf: [{type: string}, {type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}
        texts: {anyOf: [{type: string, format: uuid}, {type: string}]}
        enums: {oneOf: [{enum: [a]}, {enum: [b]}]}
        numbers: {anyOf: [{type: integer}, {type: number}]}
        lists: {anyOf: [{type: array, items: {type: string}}, {type: array, items: {type: integer}}]}
        open: {anyOf: [{}, {type: string}]}
        beside: {type: object, properties: {own: {type: string}}, oneOf: [{type: object, properties: {a: {type: string}}}]}
        contradicting: {type: string, oneOf: [{type: object}]}
"
    ));
}

#[test]
fn components_that_refer_to_themselves_are_any_value() {
    insta::assert_snapshot!(schemas(
        "    Root: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, tree: {$ref: '#/components/schemas/Tree'}}}
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/A'}
    Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
"
    ));
}

#[test]
fn objects_are_open_and_their_required_properties_declared() {
    insta::assert_snapshot!(schemas(
        "    Root: {type: object, additionalProperties: false, required: [id, undeclared, secret], properties: {id: {type: string, readOnly: true}, secret: {type: string, writeOnly: true}}}\n"
    ));
}

#[test]
fn objects_whose_fields_would_clash_are_free_form() {
    insta::assert_snapshot!(schemas(
        "    Root:
      type: object
      properties:
        clash: {type: object, properties: {userId: {type: string}, user_id: {type: string}}}
        extra: {type: object, properties: {extra: {type: string}}, additionalProperties: {type: string}}
"
    ));
}

#[test]
fn requests_are_sent_as_they_were_given() {
    insta::assert_snapshot!(request_schemas(
        "    Root:
      type: object
      required: [needed]
      properties:
        needed: {type: array, items: {type: string}}
        list: {type: array, items: {type: string}}
        map: {type: object, additionalProperties: {type: string}}
        name: {type: string, nullable: true}
        inner: {$ref: '#/components/schemas/Inner'}
    Inner: {type: object, properties: {tags: {type: array, nullable: true, items: {type: string}}}}
"
    ));
}

#[test]
fn component_names_make_different_types() {
    insta::assert_snapshot!(schemas(
        "    Root: {type: object, properties: {a: {$ref: '#/components/schemas/meta_data'}, b: {$ref: '#/components/schemas/MetaData'}, c: {$ref: '#/components/schemas/OK'}}}
    meta_data: {type: string}
    MetaData: {type: integer}
    OK: {type: string}
"
    ));
}

#[test]
fn inline_schemas_get_unique_names() {
    insta::assert_snapshot!(client_document(
        "openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /:
    post:
      operationId: sendText
      parameters: [{name: sort-by, in: query, schema: {type: string, enum: [name, date]}}, {$ref: '#/components/parameters/Order'}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {to: {type: array, items: {type: object, properties: {jid: {type: string}}}}}}}}}
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/SendTextBody'}}}}
        '400': {description: '', content: {application/json: {schema: {type: object, properties: {code: {type: string}}}}}}
        '404': {description: '', content: {application/json: {schema: {type: object, properties: {code: {type: string}}}}}}
components:
  parameters:
    Order: {name: order, in: query, schema: {type: string, enum: [asc, desc]}}
  schemas:
    SendTextBody: {type: object, properties: {kind: {type: string, description: What it is, nullable: true, enum: [a, b]}}}
"
    ));
}

#[test]
fn code_in_descriptions_is_no_rust_example() {
    insta::assert_snapshot!(client_document(
        "openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /:
    get:
      operationId: get
      description: \"Indented:\\n\\n    let x = 1;\\n\\n```\\nfenced()\\n```\\nand\\n\\n```rust\\nunclosed()\"
      responses: {'200': {description: '', content: {application/json: {schema: {type: object, title: A title, properties: {description: {type: string, title: Another}}}}}}}
"
    ));
}
