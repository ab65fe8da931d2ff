//! Where the arguments of generic calls go.

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::fixture::{answering, call, context};

async fn request(tool: &str, arguments: serde_json::Value) -> wiremock::Request {
    let server = answering(ResponseTemplate::new(204)).await;
    call(&context(&server.uri()), tool, arguments).await.unwrap();
    server.received_requests().await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn arguments_go_to_path_query_and_body_as_the_catalog_says() {
    let request = request(
        "labels_set",
        json!({ "chatId": 5, "filter": { "since": 3 }, "colour": "red", "size": null }),
    )
    .await;
    assert_eq!(request.method.as_str(), "PUT");
    assert_eq!(request.url.path(), "/api/labels/5");
    assert_eq!(request.headers["content-type"], "application/merge-patch+json");
    let query: Vec<_> = request.url.query_pairs().into_owned().collect();
    assert_eq!(query, [("filter[since]".to_owned(), "3".to_owned())]);
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body, json!({ "label.colour": "red", "size": null }));
}

#[tokio::test]
async fn an_optional_body_without_arguments_is_not_sent() {
    let request = request("labels_set", json!({ "chatId": 5 })).await;
    assert!(request.body.is_empty());
    assert!(!request.headers.contains_key("content-type"));
}

#[tokio::test]
async fn a_credential_and_a_request_id_go_with_every_call() {
    let request = request("groups_delete", json!({ "groupId": "1" })).await;
    assert_eq!(request.headers["authorization"], format!("Bearer {}", crate::fixture::KEY));
    assert!(request.headers.contains_key("x-request-id"));
}
