//! Union bodies to flat objects and variants.

use insta::assert_snapshot;

use crate::render::{check, in_3_1};

fn with_schemas(schemas: &str) -> String {
    format!(
        r"
paths:
  /messages/{{session}}:
    post:
      operationId: sendMessage
      summary: Send a message
      parameters: [{{name: session, in: path, required: true, schema: {{type: string}}}}]
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/Message'}}}}}}
      responses: {{}}
components:
  schemas:
{schemas}"
    )
}

const MESSAGES: &str = r"
    Message:
      oneOf:
        - {$ref: '#/components/schemas/Text'}
        - {$ref: '#/components/schemas/Image'}
        - {$ref: '#/components/schemas/Poll'}
      discriminator:
        propertyName: type
        mapping: {text: '#/components/schemas/Text', image: '#/components/schemas/Image', poll: Poll}
    Common:
      type: object
      required: [chatId, type]
      properties:
        chatId: {type: string, description: The chat}
        type: {type: string, description: What to send}
    Text:
      allOf:
        - {$ref: '#/components/schemas/Common'}
        - {type: object, required: [text], properties: {text: {type: string, description: The text}}}
    Image:
      allOf:
        - {$ref: '#/components/schemas/Common'}
        - type: object
          properties:
            url: {type: string, format: uri, description: Where the picture is}
            base64: {type: string}
            caption: {type: string}
            text: {type: boolean}
          oneOf: [{required: [url]}, {required: [base64]}]
    Poll:
      allOf:
        - {$ref: '#/components/schemas/Common'}
        - {type: object, required: [options], properties: {options: {type: array, minItems: 2, items: {type: string}}, caption: {type: string}}}
";

#[test]
fn a_discriminated_union_is_one_object_and_a_schema_for_each_value() {
    assert_snapshot!(check(&with_schemas(MESSAGES)));
}

#[test]
fn a_common_part_may_stand_beside_the_union() {
    assert_snapshot!(check(&with_schemas(
        r"
    Message:
      type: object
      required: [chatId, type]
      properties:
        chatId: {type: string}
        type: {type: string, enum: [text, location]}
      oneOf:
        - {properties: {type: {enum: [text]}, text: {type: string}}, required: [text]}
        - {properties: {type: {enum: [location]}, latitude: {type: number}}, required: [latitude]}
"
    )));
}

#[test]
fn constants_of_3_1_tell_alternatives_apart_without_a_discriminator() {
    assert_snapshot!(check(&in_3_1(&with_schemas(
        r"
    Message:
      anyOf:
        - {type: object, required: [kind, text], properties: {kind: {const: text}, text: {type: string}}}
        - {type: object, required: [kind], properties: {kind: {const: ping}, delay: {type: integer}}}
"
    ))));
}

#[test]
fn alternatives_that_nothing_tells_apart_are_checked_as_a_sum() {
    assert_snapshot!(check(&with_schemas(
        r"
    Message:
      oneOf:
        - {type: object, required: [text], properties: {text: {type: string}}}
        - {type: object, required: [url], properties: {url: {type: string}}}
"
    )));
}

#[test]
fn overrides_reach_into_the_alternatives() {
    let document = with_schemas(MESSAGES);
    let overrides = "
      x-mcp:
        arguments:
          url: {rename: link}
          caption: {hide: true}
          chatId: {const: me}";
    let document = document
        .replace("\n      summary: Send a message", &format!("\n      summary: Send a message{overrides}"));
    assert_snapshot!(check(&document));
}

#[test]
fn a_union_that_is_not_all_objects_is_one_argument() {
    assert_snapshot!(check(&with_schemas(
        "
    Message:
      oneOf: [{type: string}, {type: object, properties: {text: {type: string}}}]
"
    )));
}

#[test]
fn the_mapping_narrows_a_tag_that_the_common_part_lists_in_full() {
    assert_snapshot!(check(&with_schemas(
        r"
    Message:
      discriminator: {propertyName: type, mapping: {text: '#/components/schemas/Text', ping: '#/components/schemas/Ping'}}
      oneOf: [{$ref: '#/components/schemas/Text'}, {$ref: '#/components/schemas/Ping'}]
    Common: {type: object, required: [type], properties: {type: {type: string, enum: [text, ping], description: Kind}}}
    Text: {allOf: [{$ref: '#/components/schemas/Common'}, {required: [text], properties: {text: {type: string}}}]}
    Ping: {allOf: [{$ref: '#/components/schemas/Common'}]}
"
    )));
}
