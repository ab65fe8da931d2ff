//! Arguments that are files.

use serde_json::{Value, json};
use toolwright::ErrorKind;
use toolwright::client::{CancellationToken, FetchPolicy};
use wiremock::ResponseTemplate;

use crate::fixture::{answering, answering_json, call, context, failure, nowhere};

#[tokio::test]
async fn files_and_fields_become_parts_under_their_wire_names() {
    let server = answering_json(json!({})).await;
    let arguments = json!({
        "files": [
            { "base64": "aGVsbG8=", "filename": "hello.txt", "mime_type": "text/plain" },
            { "data_uri": "data:image/png;base64,iVBORw0K" },
        ],
        "album": "summer",
        "tags": ["a", "b"],
    });
    call(&context(&server.uri()), "media_upload", arguments).await.unwrap();
    let request = server.received_requests().await.unwrap().pop().unwrap();
    let content_type = request.headers["content-type"].to_str().unwrap().to_owned();
    let boundary = content_type.split("boundary=").nth(1).unwrap();
    let body = String::from_utf8_lossy(&request.body).replace(boundary, "BOUNDARY").replace('\r', "");
    insta::assert_snapshot!(body);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_an_argument_that_does_not_fit() {
    let refusal = async |file: Value| {
        let error = failure(&nowhere(), "media_upload", json!({ "files": [file] })).await;
        assert_eq!(error.kind, ErrorKind::InvalidArguments);
        error.message.clone()
    };
    insta::assert_snapshot!(refusal(json!({})).await, @"
    `media_upload` was not called, because its arguments do not fit:
    - /files/0: a file is an object of texts with exactly one of `base64`, `data_uri` or `url`, and `filename` and `mime_type` if known: there is none of the three
    ");
    insta::assert_snapshot!(refusal(json!({ "base64": "AAAA", "url": "https://example.com/a" })).await, @"
    `media_upload` was not called, because its arguments do not fit:
    - /files/0: a file is an object of texts with exactly one of `base64`, `data_uri` or `url`, and `filename` and `mime_type` if known: there are several of the three
    ");
    insta::assert_snapshot!(refusal(json!({ "base64": "not base64!" })).await, @"
    `media_upload` was not called, because its arguments do not fit:
    - /files/0: `base64` is not Base64 (Invalid symbol 33, offset 9.): give the bytes of the file in Base64, without line breaks or a prefix
    ");
    insta::assert_snapshot!(refusal(json!({ "url": "http://169.254.169.254/latest" })).await, @"
    `media_upload` was not called, because its arguments do not fit:
    - /files/0: `url` cannot be fetched: it does not begin with `https://`
    ");
}

#[tokio::test]
async fn a_file_is_fetched_without_the_credential_where_the_context_allows_it() {
    let files = answering(ResponseTemplate::new(200).set_body_raw(&b"PNG"[..], "image/png")).await;
    let server = answering(ResponseTemplate::new(204)).await;
    let policy = FetchPolicy { allow_private: true, ..FetchPolicy::default() };
    let context = context(&server.uri()).with_fetch_policy(policy);
    let file = json!({ "url": format!("{}/a.png", files.uri()) });
    call(&context, "media_upload", json!({ "files": [file] })).await.unwrap();
    let fetched = files.received_requests().await.unwrap().pop().unwrap();
    assert!(!fetched.headers.contains_key("authorization"));
    let sent = server.received_requests().await.unwrap().pop().unwrap();
    let body = String::from_utf8_lossy(&sent.body).into_owned();
    assert!(body.contains("filename=\"a.png\"") && body.contains("image/png"), "{body}");
}

#[tokio::test]
async fn a_typed_call_is_given_the_bytes_of_a_file() {
    let server = answering(ResponseTemplate::new(204)).await;
    call(&context(&server.uri()), "avatar_set", json!({ "body": { "base64": "aGVsbG8=" } })).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap()[0].body, b"hello");
}

#[tokio::test]
async fn a_cancelled_call_does_not_wait_for_a_file() {
    let token = CancellationToken::new();
    token.cancel();
    let context = nowhere().with_cancellation(token);
    let file = json!({ "url": "https://example.com/a.png" });
    let error = failure(&context, "media_upload", json!({ "files": [file] })).await;
    assert_eq!(error.kind, ErrorKind::Cancelled);
}
