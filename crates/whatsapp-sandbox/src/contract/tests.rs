use axum::body::Body;
use axum::extract::Request;
use serde_json::{Value, json};

use super::{Contract, Misfit, Operation, Payload};

/// A document with one operation, which takes the body.
fn operation(body: &Value) -> Operation {
    let document = json!({
        "security": [{ "Key": [] }],
        "paths": { "/orders": { "post": {
            "x-required-scopes": ["orders:write"],
            "parameters": [
                { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1 } },
                { "name": "tag", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
                { "$ref": "#/components/parameters/Prefer" },
            ],
            "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
        } } },
        "components": {
            "parameters": { "Prefer": { "name": "Prefer", "in": "header", "schema": { "enum": ["respond-async"] } } },
            "schemas": {
                "Cat": { "type": "object", "additionalProperties": false, "required": ["kind", "lives"],
                    "properties": { "kind": { "enum": ["cat"] }, "lives": { "type": ["integer", "null"] } } },
                "Dog": { "type": "object", "additionalProperties": false, "required": ["kind", "name"],
                    "properties": { "kind": { "enum": ["dog"] }, "name": { "type": "string", "minLength": 1 } } },
            },
        },
    });
    Contract::read(&document.to_string()).unwrap().take("POST", "/orders").unwrap()
}

async fn send(body: &Value, query: &str, sent: &str) -> Result<Payload, Misfit> {
    let request = Request::post(format!("/orders{query}"))
        .header("content-type", "application/json")
        .body(Body::from(sent.to_owned()))
        .unwrap();
    let mut request = operation(body).check(request).await?;
    Ok(request.extensions_mut().remove::<Payload>().unwrap())
}

async fn problem(body: &Value, query: &str, sent: &str) -> String {
    send(body, query, sent).await.unwrap_err().to_string()
}

#[tokio::test]
async fn an_error_speaks_of_the_kind_that_was_meant() {
    let pet = json!({
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind", "mapping": {
            "cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog" } },
    });
    let says = async |sent: &str| problem(&pet, "", sent).await;
    assert_eq!(says(r#"{"kind": "cat"}"#).await, "the body does not fit: `/lives` is missing");
    assert_eq!(
        says(r#"{"kind": "dog", "name": ""}"#).await,
        "the body does not fit: `/name` must not be empty"
    );
    assert_eq!(
        says(r#"{"kind": "bird"}"#).await,
        r#"the body does not fit: `/kind` must be one of "cat", "dog""#
    );
    assert_eq!(says("{}").await, "the body does not fit: `/kind` is missing");
    assert!(says(r#"{"kind": "dog", "name": "a", "a/b": 1}"#).await.ends_with("no field `/a~1b`"));
    let kept = send(&pet, "", r#"{"kind": "cat", "lives": null}"#).await.unwrap();
    assert_eq!(kept.value, json!({ "kind": "cat", "lives": null }));
}

#[tokio::test]
async fn alternatives_are_named() {
    let file = json!({ "type": "object", "oneOf": [{ "required": ["url"] }, { "required": ["base64"] }],
        "properties": { "base64": { "type": "string", "format": "byte" } } });
    assert!(problem(&file, "", "{}").await.contains("needs one of `url`, `base64`"));
    assert!(problem(&file, "", r#"{"base64": "???"}"#).await.contains("`/base64` must be base64"));
    let both = problem(&file, "", r#"{"url": "", "base64": "aGk="}"#).await;
    assert!(both.contains("exclude each other"), "{both}");
}

#[tokio::test]
async fn of_several_alternatives_the_likely_one_is_explained() {
    let pet = json!({ "oneOf": [
        { "$ref": "#/components/schemas/Cat" },
        { "type": "object", "required": ["bark", "tail", "legs"] },
    ] });
    let misfit = send(&pet, "", r#"{"kind": "cat", "lives": "nine"}"#).await.unwrap_err();
    assert_eq!(misfit.mistake().map(|it| it.at.as_str()), Some("/lives"), "{misfit}");
}

#[tokio::test]
async fn queries_are_checked_and_read_by_type() {
    let any = json!({});
    assert!(problem(&any, "?limit=x", "{}").await.contains("`limit`: it must be a whole number"));
    assert!(problem(&any, "?limit=0", "{}").await.contains("at least 1"));
    assert!(problem(&any, "?limit=1&limit=2", "{}").await.contains("more than once"));
    assert!(problem(&any, "?colour=red", "{}").await.contains("there is `limit`, `tag`"));
    assert!(send(&any, "?limit=3&tag=a&tag=b", "{}").await.is_ok());
}

#[tokio::test]
async fn bodies_that_are_missing_wrong_or_too_large_are_told_apart() {
    let any = json!({});
    assert!(matches!(send(&any, "", "").await, Err(Misfit::Missing)));
    assert!(matches!(send(&any, "", "{").await, Err(Misfit::Syntax(_))));
    let request = Request::post("/orders").body(Body::from("{}")).unwrap();
    assert!(matches!(operation(&any).check(request).await, Err(Misfit::MediaType)));
    let long = json!({ "a": "x".repeat(2 << 20) }).to_string();
    assert!(matches!(send(&any, "", &long).await, Err(Misfit::TooLarge { limit: 1_048_576 })));
    let file = json!({ "properties": { "file": { "format": "byte" } } });
    assert!(send(&file, "", &long).await.is_ok(), "a body with a file may be long");
}

#[tokio::test]
async fn headers_that_the_document_lists_are_checked() {
    let request = |value: &str| {
        Request::post("/orders")
            .header("content-type", "application/json")
            .header("prefer", value)
            .body(Body::from("{}"))
            .unwrap()
    };
    let operation = operation(&json!({}));
    assert!(operation.takes_header("prefer") && !operation.takes_header("accept"));
    assert!(operation.check(request("respond-async")).await.is_ok());
    assert!(matches!(operation.check(request("soon")).await, Err(Misfit::Headers(_))));
}

#[test]
fn an_operation_that_says_nothing_of_scopes_is_refused() {
    let document = json!({ "security": [{ "Key": [] }], "paths": { "/a": { "get": {} } } });
    let error = Contract::read(&document.to_string()).unwrap_err().to_string();
    assert!(error.contains("GET /a") && error.contains("x-required-scopes"), "{error}");
}

#[test]
fn every_schema_of_the_documents_compiles() {
    for text in [include_str!("../generated/titan.json"), include_str!("../generated/kirim.json")] {
        for operation in Contract::read(text).unwrap().operations {
            operation.compile().unwrap();
        }
    }
}
