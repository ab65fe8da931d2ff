//! Request bodies to arguments.

use insta::assert_snapshot;

use crate::render::{check, in_3_1};

/// A document whose one operation has this request body.
fn with_body(method: &str, body: &str) -> String {
    format!(
        "paths:\n  /orders:\n    {method}:\n      operationId: createOrder\n      summary: Create an order\n      \
         responses: {{}}\n      requestBody:\n{}",
        indent(body, 8)
    )
}

fn indent(text: &str, by: usize) -> String {
    let margin = " ".repeat(by);
    text.trim_matches('\n').lines().flat_map(|line| [margin.as_str(), line, "\n"]).collect()
}

#[test]
fn properties_of_an_object_body_stand_beside_the_parameters() {
    assert_snapshot!(check(&with_body(
        "post",
        r"
required: true
content:
  application/json:
    schema:
      type: object
      required: [item, id]
      properties:
        id: {type: string, readOnly: true}
        item: {type: string, description: What to order, example: tea, maxLength: 80, x-internal: 1}
        notes: {type: array, example: [a long example that would cost more tokens than it helps to understand]}
"
    )));
}

#[test]
fn a_property_with_the_name_of_a_parameter_moves_the_body_under_body() {
    assert_snapshot!(check(
        r"
paths:
  /orders/{id}:
    put:
      operationId: replaceOrder
      summary: Replace an order
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [id], properties: {id: {type: string}, item: {type: string}}}
      responses: {}
"
    ));
}

#[test]
fn renaming_the_parameter_keeps_the_body_flat() {
    assert_snapshot!(check(
        r"
paths:
  /orders/{id}:
    put:
      operationId: replaceOrder
      summary: Replace an order
      x-mcp: {arguments: {id: {rename: order}}}
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [id], properties: {id: {type: string}, item: {type: string}}}
      responses: {}
"
    ));
}

#[test]
fn a_body_that_is_no_object_is_one_argument() {
    assert_snapshot!(check(&with_body(
        "post",
        "
required: true
description: The items to order
content: {application/json: {schema: {type: array, items: {type: string}}}}
"
    )));
}

#[test]
fn an_object_with_free_members_is_one_argument() {
    assert_snapshot!(check(&with_body(
        "post",
        "
required: true
content: {application/json: {schema: {type: object, properties: {a: {type: string}}, additionalProperties: {type: integer}}}}
"
    )));
}

#[test]
fn members_of_an_optional_body_are_not_required() {
    assert_snapshot!(check(&with_body(
        "post",
        "content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: string}}}}}"
    )));
}

#[test]
fn a_multipart_body_has_file_arguments() {
    assert_snapshot!(check(&with_body(
        "post",
        r"
required: true
content:
  multipart/form-data:
    schema:
      type: object
      required: [photo]
      properties:
        photo: {type: string, format: binary, description: A picture}
        pages: {type: array, items: {type: string, format: binary}}
        caption: {type: string}
"
    )));
}

#[test]
fn files_of_3_1_are_told_by_their_media_type() {
    assert_snapshot!(check(&in_3_1(&with_body(
        "post",
        r"
required: true
content:
  multipart/form-data:
    schema:
      type: object
      properties:
        photo: {contentMediaType: image/png}
        page: {type: string, contentMediaType: text/html}
        inline: {type: string, contentMediaType: image/png, contentEncoding: base64}
"
    ))));
}

#[test]
fn multipart_is_preferred_to_json_only_where_it_carries_files() {
    let body = |schema: &str| {
        check(&with_body(
            "post",
            &format!(
                "
required: true
content:
  application/json: {{schema: {{type: object, properties: {{file: {{type: string}}}}}}}}
  multipart/form-data: {{schema: {{type: object, properties: {{file: {schema}}}}}}}
"
            ),
        ))
    };
    assert_snapshot!(format!("{}\n{}", body("{type: string, format: binary}"), body("{type: string}")));
}

#[test]
fn forms_are_flat() {
    assert_snapshot!(check(&with_body(
        "post",
        r"
required: true
content:
  application/x-www-form-urlencoded: {schema: {type: object, required: [item], properties: {item: {type: string}, count: {type: integer}}}}
"
    )));
}

#[test]
fn a_form_with_structured_members_is_sent_by_the_generic_executor() {
    assert_snapshot!(check(&with_body(
        "post",
        r"
required: true
content:
  application/x-www-form-urlencoded: {schema: {type: object, properties: {items: {type: array, items: {type: string}}}}}
"
    )));
}

#[test]
fn bytes_are_a_file_argument() {
    assert_snapshot!(check(&with_body(
        "put",
        "
required: true
content: {application/octet-stream: {schema: {type: string, format: binary}}}
"
    )));
}

#[test]
fn text_is_one_argument() {
    assert_snapshot!(check(&with_body(
        "post",
        "
required: true
description: The note
content: {text/plain: {schema: {type: string, maxLength: 500}}}
"
    )));
}

#[test]
fn a_patch_with_a_json_dialect_goes_to_the_generic_executor() {
    assert_snapshot!(check(&with_body(
        "patch",
        "
required: true
content: {application/merge-patch+json: {schema: {type: object, properties: {item: {type: string, nullable: true}}}}}
"
    )));
}

#[test]
fn one_of_several_required_sets_is_said_in_words_and_checked_beside_the_schema() {
    assert_snapshot!(check(&with_body(
        "put",
        r"
required: true
content:
  application/json:
    schema:
      type: object
      properties:
        url: {type: string, format: uri, description: Where the picture is}
        base64: {type: string}
      oneOf: [{required: [url]}, {required: [base64]}]
"
    )));
}

#[test]
fn required_sets_may_have_several_members_under_other_names() {
    let body = with_body(
        "put",
        r"
required: true
content:
  application/json:
    schema:
      type: object
      properties:
        place: {type: string, description: A name that maps know}
        latitude: {type: number}
        longitude: {type: number}
        zoom: {type: integer}
      required: [zoom]
      anyOf: [{required: [place]}, {required: [latitude, longitude]}]
",
    );
    assert_snapshot!(check(&(body + "      x-mcp: {arguments: {latitude: {rename: lat}}}")));
}

#[test]
fn required_sets_that_are_no_arguments_or_of_an_optional_body_are_not_checked() {
    let body = r"
content:
  application/json:
    schema:
      type: object
      properties: {url: {type: string}, base64: {type: string}}
      oneOf: [{required: [url]}, {required: [base64]}]
";
    assert_snapshot!(check(&with_body("put", body)));
    let required = with_body("put", &format!("required: true{body}"));
    assert_snapshot!(check(&(required + "      x-mcp: {arguments: {base64: {hide: true}}}")));
}

#[test]
fn a_range_of_media_types_is_sent_as_json() {
    assert_snapshot!(check(&with_body(
        "post",
        "
required: true
content: {'*/*': {schema: {type: object, properties: {item: {type: string}}}}}
"
    )));
}

#[test]
fn a_form_without_fields_is_no_body() {
    assert_snapshot!(check(&with_body(
        "post",
        "content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {}}}}"
    )));
}
