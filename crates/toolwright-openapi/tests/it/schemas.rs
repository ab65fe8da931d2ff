//! Schemas of both dialects to JSON Schema 2020-12.

use insta::assert_snapshot;

use crate::render::{check, in_3_1};

/// A document in which a property of the body has this schema, with these components.
fn with_property(schema: &str, components: &str) -> String {
    format!(
        r"
paths:
  /orders:
    post:
      operationId: createOrder
      summary: Create an order
      requestBody:
        required: true
        content:
          application/json: {{schema: {{type: object, properties: {{it: {schema}}}}}}}
      responses: {{}}
components: {{schemas: {{{components}}}}}
"
    )
}

/// The input schema of the property only.
fn property(document: &str) -> String {
    let text = check(document);
    let lines: Vec<&str> =
        text.lines().filter(|line| line.starts_with("  input") || line.starts_with("note")).collect();
    if lines.is_empty() { text } else { lines.join("\n") }
}

fn of_3_0(schema: &str) -> String {
    property(&with_property(schema, ""))
}

fn of_3_1(schema: &str) -> String {
    property(&in_3_1(&with_property(schema, "")))
}

#[test]
fn nullable_becomes_a_list_of_types() {
    assert_snapshot!(of_3_0("{type: string, nullable: true, enum: [a, b]}"));
}

#[test]
fn a_nullable_reference_allows_null() {
    assert_snapshot!(property(&with_property(
        "{type: object, properties: {plain: {$ref: '#/components/schemas/A', nullable: true}, \
         wrapped: {nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}, \
         choice: {nullable: true, oneOf: [{type: string}, {type: integer}]}, \
         closer: {type: object, description: Closer, nullable: true, oneOf: [{required: [a]}, {required: [b]}]}}}",
        "A: {type: string}"
    )));
}

#[test]
fn boolean_exclusive_bounds_become_numbers() {
    assert_snapshot!(of_3_0(
        "{type: number, minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}"
    ));
}

#[test]
fn keywords_of_3_1_are_kept_or_made_plain() {
    assert_snapshot!(of_3_1(
        "{type: object, properties: {kind: {const: a}, pair: {type: array, prefixItems: [{type: string}, true]}, \
         many: {type: [array, 'null']}, none: false, examples: {type: string, examples: [x, y]}}, \
         patternProperties: {'^x-': {type: string}}, unevaluatedProperties: false, $comment: no}"
    ));
}

#[test]
fn what_says_nothing_to_a_caller_goes() {
    assert_snapshot!(of_3_0(
        "{type: object, title: A title, deprecated: true, externalDocs: {url: 'https://example.com'}, xml: {name: a}, \
         x-order: 3, properties: {secret: {type: string, writeOnly: true}, id: {type: string, readOnly: true}}, \
         required: [id, secret], additionalProperties: true, wrong: 1}"
    ));
}

#[test]
fn arrays_get_items_and_types_are_told_where_they_can_be() {
    assert_snapshot!(of_3_0(
        "{properties: {list: {type: array}, enumerated: {enum: [1, 2]}, mixed: {enum: [a, 1, null]}, \
         items: {items: {type: string}}}}"
    ));
}

#[test]
fn all_of_is_merged_where_it_can_be() {
    assert_snapshot!(property(&with_property(
        "{allOf: [{$ref: '#/components/schemas/Base'}, {required: [id, size], properties: {size: {type: integer, minimum: 1}}}], \
         description: Both}",
        "Base: {type: object, description: The base, required: [name], properties: {id: {type: string, readOnly: true}, \
         name: {type: string}, size: {type: number, minimum: 0, maximum: 9}}}"
    )));
}

#[test]
fn all_of_that_contradicts_itself_stays() {
    assert_snapshot!(of_3_0("{allOf: [{type: string, pattern: a}, {type: string, pattern: b}]}"));
}

#[test]
fn descriptions_beside_a_reference_win() {
    assert_snapshot!(property(&with_property(
        "{$ref: '#/components/schemas/A', description: Here}",
        "A: {type: string, description: There}"
    )));
}

#[test]
fn recursive_schemas_become_definitions_and_others_are_written_in_place() {
    assert_snapshot!(property(&with_property(
        "{$ref: '#/components/schemas/Tree'}",
        "Tree: {type: object, properties: {label: {$ref: '#/components/schemas/Label'}, \
         branches: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}, Label: {type: string}, Unused: {type: string}"
    )));
}

#[test]
fn schemas_that_refer_to_each_other_share_one_definition() {
    assert_snapshot!(property(&with_property(
        "{type: object, properties: {a: {$ref: '#/components/schemas/A'}, b: {$ref: '#/components/schemas/B'}}}",
        "A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}, \
         B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, end: {type: string}}}"
    )));
}

#[test]
fn a_recursive_body_is_flat_at_its_root() {
    assert_snapshot!(check(
        r"
paths:
  /trees:
    post:
      operationId: plantTree
      summary: Plant a tree
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
      responses: {}
components:
  schemas:
    Tree:
      type: object
      required: [label]
      properties:
        label: {type: string}
        branches: {type: array, items: {$ref: '#/components/schemas/Tree'}}
"
    ));
}

#[test]
fn a_nested_union_is_told_apart_by_its_discriminator() {
    assert_snapshot!(property(&with_property(
        "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], \
         discriminator: {propertyName: kind, mapping: {dog: '#/components/schemas/Dog'}}}",
        "Cat: {type: object, required: [kind], properties: {kind: {type: string}}}, \
         Dog: {type: object, properties: {kind: {type: string}, bark: {type: boolean}}}"
    )));
}

#[test]
fn a_discriminator_without_one_of_is_noted() {
    assert_snapshot!(of_3_0(
        "{type: object, discriminator: {propertyName: kind}, properties: {kind: {type: string}}}"
    ));
}

#[test]
fn malformed_keywords_are_errors() {
    assert_snapshot!(of_3_0(
        "{type: object, properties: {a: {type: text}, b: {minLength: -1}, c: {enum: []}, d: {oneOf: []}, e: 3, \
         f: {required: yes please}, g: {type: 7}, h: {exclusiveMinimum: low}, i: {pattern: '('}}}"
    ));
}
