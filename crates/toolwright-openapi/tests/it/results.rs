//! Responses to output schemas.

use insta::assert_snapshot;

use crate::render::{check, in_3_1};

fn with_responses(responses: &str) -> String {
    format!(
        "paths:\n  /orders:\n    get:\n      operationId: listOrders\n      summary: List orders\n      responses: {responses}\n"
    )
}

/// What is said about results only.
fn result(document: &str) -> String {
    let text = check(document);
    let lines: Vec<&str> =
        text.lines().filter(|l| l.starts_with("  output") || l.starts_with("  response")).collect();
    if lines.is_empty() { text } else { lines.join("\n") }
}

fn of_3_0(responses: &str) -> String {
    result(&with_responses(responses))
}

#[test]
fn only_types_properties_and_items_of_a_result_are_described() {
    assert_snapshot!(of_3_0(
        "{'200': {description: ok, content: {application/json: {schema: {type: object, required: [data], \
         additionalProperties: false, description: The answer, properties: {data: {type: array, minItems: 1, items: \
         {type: object, properties: {id: {type: string, format: uuid, pattern: x}, state: {type: string, nullable: true, \
         enum: [a, b]}, kind: {enum: [a, 1]}, meta: {type: object}, any: {}, secret: {type: string, writeOnly: true}}}}}}}}}}"
    ));
}

#[test]
fn several_successes_are_joined() {
    assert_snapshot!(of_3_0(
        "{'200': {description: ok, content: {application/json: {schema: {type: object, properties: {data: {type: object, \
         properties: {id: {type: string}, size: {type: string}}}}}}}}, '202': {description: later, content: {application/json: \
         {schema: {type: object, properties: {data: {type: object, properties: {ticket: {type: string}, size: {type: \
         integer}}}}}}}}, '400': {description: bad, content: {application/problem+json: {schema: {type: object}}}}}"
    ));
}

#[test]
fn compositions_of_a_result_are_summed_up() {
    assert_snapshot!(result(&in_3_1(&with_responses(
        "{'200': {description: ok, content: {application/json: {schema: {allOf: [{properties: {a: {type: string}}}, \
         {properties: {b: {oneOf: [{type: object, properties: {x: {type: string}}}, {type: object, properties: {y: {type: \
         string}}}]}, c: {anyOf: [{type: integer}, {type: 'null'}]}, d: {oneOf: [{type: string}, {}]}}}]}}}}}"
    ))));
}

#[test]
fn a_recursive_result_is_cut() {
    assert_snapshot!(result(&format!(
        "{}components: {{schemas: {{Tree: {{type: object, properties: {{label: {{type: string}}, branches: {{type: array, \
         items: {{$ref: '#/components/schemas/Tree'}}}}}}}}}}}}\n",
        with_responses(
            "{'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}}"
        )
    )));
}

#[test]
fn a_result_that_is_no_object_has_no_output_schema() {
    let array = "{'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: string}}}}}}";
    let unknown = "{'200': {description: ok, content: {application/json: {}}}}";
    let image = "{'200': {description: ok, content: {image/png: {}}}}";
    let mixed =
        "{'200': {description: ok, content: {application/json: {schema: {type: object}}, image/png: {}}}}";
    let redirect = "{'200': {description: ok, content: {application/json: {schema: {type: object}}}}, '302': {description: there}}";
    let nothing = "{'204': {description: none}, '304': {description: same}}";
    let all: Vec<String> =
        [array, unknown, image, mixed, redirect, nothing].into_iter().map(of_3_0).collect();
    assert_snapshot!(all.join("\n"));
}

#[test]
fn the_default_response_is_the_success_where_no_other_is_listed() {
    let object = "{description: ok, content: {application/json: {schema: {type: object}}}}";
    let alone = of_3_0(&format!("{{default: {object}}}"));
    let beside = of_3_0(&format!("{{'204': {{description: none}}, default: {object}}}"));
    assert_snapshot!(format!("{alone}\n{beside}"));
}

#[test]
fn a_qr_code_is_a_part_of_a_json_result() {
    assert_snapshot!(check(
        r"
paths:
  /pair:
    get:
      operationId: pair
      summary: Pair
      x-mcp: {media: {qr: /qr}, arguments: {format: {hide: true}}}
      parameters: [{name: format, in: query, schema: {type: string}}]
      responses:
        '200':
          description: The code
          content:
            application/json: {schema: {type: object, properties: {qr: {type: string}}}}
            image/png: {schema: {type: string, format: binary}}
"
    ));
}
