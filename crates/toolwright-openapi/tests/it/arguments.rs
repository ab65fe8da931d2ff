//! Parameters to arguments.

use insta::assert_snapshot;

use crate::render::{check, in_3_1};

#[test]
fn parameters_of_all_places_become_one_flat_object() {
    assert_snapshot!(check(
        r"
paths:
  /orders/{order}:
    parameters:
      - {name: order, in: path, required: true, schema: {type: string, format: uuid}, description: The order, example: abc}
      - {name: locale, in: query, schema: {type: string}, description: Replaced by the operation's own}
    get:
      operationId: getOrder
      summary: Get an order
      parameters:
        - {name: X-Trace, in: header, schema: {type: string}}
        - {name: theme, in: cookie, schema: {type: string, enum: [dark, light], default: light}}
        - {name: locale, in: query, schema: {type: string, example: de-CH}, description: The language}
        - {name: limit, in: query, required: true, schema: {type: integer, minimum: 1, maximum: 50}}
      responses: {'204': {description: none}}
"
    ));
}

#[test]
fn parameters_and_path_items_may_be_references() {
    assert_snapshot!(check(
        r"
paths:
  /orders/{order}: {$ref: '#/components/x-paths/order~1one'}
components:
  parameters:
    Order: {name: order, in: path, required: true, schema: {$ref: '#/components/schemas/OrderId'}}
  schemas:
    OrderId: {type: string, minLength: 4}
  x-paths:
    order/one:
      get:
        operationId: getOrder
        summary: Get an order
        parameters: [{$ref: '#/components/parameters/Order'}]
        responses: {}
"
    ));
}

#[test]
fn headers_that_other_means_describe_are_no_arguments() {
    assert_snapshot!(check(
        r"
paths:
  /orders:
    get:
      operationId: listOrders
      summary: List orders
      parameters:
        - {name: accept, in: header, schema: {type: string}}
        - {name: Content-Type, in: header, schema: {type: string}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
      responses: {}
"
    ));
}

#[test]
fn an_idempotency_header_is_made_for_every_call_and_no_argument() {
    assert_snapshot!(check(
        r"
paths:
  /orders:
    post:
      operationId: createOrder
      summary: Create an order
      parameters: [{name: idempotency-key, in: header, required: true, schema: {type: string}}]
      responses: {}
  /carts:
    post:
      operationId: createCart
      summary: Create a cart
      parameters: [{name: X-Request-Once, in: header, x-idempotency: true, schema: {type: string}}]
      responses: {}
"
    ));
}

#[test]
fn styles_say_how_arrays_and_objects_are_written() {
    assert_snapshot!(check(
        r"
paths:
  /orders/{ids}:
    get:
      operationId: listOrders
      summary: List orders
      parameters:
        - {name: ids, in: path, required: true, schema: {type: array, items: {type: integer}}}
        - {name: repeated, in: query, schema: {type: array, items: {type: string}}}
        - {name: comma, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: space, in: query, style: spaceDelimited, schema: {type: array, items: {type: string}}}
        - {name: pipe, in: query, style: pipeDelimited, schema: {type: array, items: {type: string}}}
        - {name: deep, in: query, style: deepObject, schema: {type: object, properties: {a: {type: string}}}}
        - {name: X-List, in: header, schema: {type: array, items: {type: string}}}
      responses: {}
"
    ));
}

#[test]
fn an_exploded_object_in_the_query_becomes_several_arguments() {
    assert_snapshot!(check(
        r"
paths:
  /orders:
    get:
      operationId: listOrders
      summary: List orders
      parameters:
        - name: page
          in: query
          required: true
          schema: {type: object, required: [size], properties: {size: {type: integer}, sort: {type: array, items: {type: string}}}}
      responses: {}
"
    ));
}

#[test]
fn names_that_a_provider_refuses_are_made_acceptable() {
    assert_snapshot!(check(
        r"
paths:
  /orders:
    get:
      operationId: listOrders
      summary: List orders
      parameters:
        - {name: 'filter[state]', in: query, schema: {type: string}}
        - {name: $top, in: query, schema: {type: integer}}
        - {name: since.day, in: query, schema: {type: string}}
      responses: {}
"
    ));
}

#[test]
fn parameters_of_one_name_in_two_places_are_named_apart() {
    assert_snapshot!(check(
        r"
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      summary: Get an order
      parameters:
        - {name: id, in: query, schema: {type: string}}
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: id, in: header, schema: {type: string}}
      responses: {}
"
    ));
}

#[test]
fn overrides_rename_hide_fix_and_describe_arguments() {
    assert_snapshot!(check(
        r"
x-mcp: {arguments: {tenant: {const: main}}}
paths:
  /{tenant}/orders:
    post:
      operationId: createOrder
      summary: Create an order
      x-mcp:
        arguments:
          X-Debug: {hide: true}
          qty: {rename: quantity, default: 1, description: How many}
          note: {hide: true}
          channel: {const: mcp}
      parameters:
        - {name: tenant, in: path, required: true, schema: {type: string}}
        - {name: X-Debug, in: header, schema: {type: boolean}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [qty, channel]
              properties: {qty: {type: integer}, note: {type: string}, channel: {type: string, enum: [web, mcp]}}
      responses: {}
"
    ));
}

#[test]
fn a_hidden_parameter_may_be_one_that_cannot_be_sent() {
    assert_snapshot!(check(
        r"
paths:
  /orders:
    get:
      operationId: listOrders
      summary: List orders
      x-mcp: {arguments: {where: {hide: true}, id: {hide: true}}}
      parameters:
        - {name: where, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: id, in: cookie, schema: {type: string}}
      responses: {}
"
    ));
}

#[test]
fn nullable_parameters_of_3_1_are_plain() {
    assert_snapshot!(check(&in_3_1(
        r"
paths:
  /orders:
    get:
      operationId: listOrders
      summary: List orders
      parameters:
        - {name: state, in: query, schema: {anyOf: [{type: string, enum: [open, paid]}, {type: 'null'}], title: State}}
        - {name: page, in: query, schema: {type: [integer, 'null'], exclusiveMinimum: 0}}
      responses: {}
"
    )));
}
