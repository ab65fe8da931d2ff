use serde_json::json;

use super::served_document;
use crate::{Source, lower};

#[test]
fn schemas_of_3_0_become_plain_json_schemas() {
    let document = json!({
        "openapi": "3.0.3",
        "paths": {},
        "components": {
            "schemas": {
                "Order": {
                    "type": "object",
                    "properties": {
                        "note": { "type": "string", "nullable": true, "example": { "nullable": true } },
                        "buyer": { "$ref": "#/components/schemas/Person", "nullable": true },
                        "price": { "type": "number", "minimum": 0, "exclusiveMinimum": true },
                        "count": { "type": "integer", "maximum": 9, "exclusiveMaximum": false },
                    },
                },
                "Person": { "type": "string" },
            },
            "headers": { "Left": { "schema": { "type": "integer", "nullable": true } } },
        },
    });
    let served = served_document(&document);
    assert_eq!(served["openapi"], "3.1.0");
    assert_eq!(
        served["components"]["schemas"]["Order"]["properties"],
        json!({
            "note": { "type": ["string", "null"], "example": { "nullable": true } },
            "buyer": { "anyOf": [{ "$ref": "#/components/schemas/Person" }, { "type": "null" }] },
            "price": { "type": "number", "exclusiveMinimum": 0 },
            "count": { "type": "integer", "maximum": 9 },
        })
    );
    assert_eq!(served["components"]["headers"]["Left"]["schema"]["type"], json!(["integer", "null"]));
}

#[test]
fn a_document_in_3_1_stays_as_it_is() {
    let document = json!({ "openapi": "3.1.0", "paths": {}, "components": { "schemas": { "A": { "nullable": true } } } });
    assert_eq!(served_document(&document), document);
}

#[test]
fn the_served_document_means_the_same_tools() {
    let text = "openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    post:
      operationId: createOrder
      summary: Create an order
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 0, exclusiveMinimum: true}}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                note: {type: string, nullable: true}
                kind: {type: string, enum: [a, b]}
      responses: {'200': {description: Done.}}
";
    let source = Source::from_yaml("orders", "openapi.yaml", text).unwrap();
    let served = Source { document: served_document(&source.document), ..source.clone() };
    assert_eq!(lower(&served).unwrap().tools(), lower(&source).unwrap().tools());
}
