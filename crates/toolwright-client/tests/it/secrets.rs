use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;
use toolwright_client::{
    ApiClient, Captured, Credential, FetchPolicy, FileContent, GenericOperation, GenericRequest, Part,
    PartContent, QueryStyle, RequestBody, Upstream, execute,
};

use crate::{
    pets::Client,
    recorder::{Answer, Recorder},
    wire,
};

const SECRET: &str = "hunter2";

fn assert_silent(text: &str) {
    assert!(!text.contains(SECRET) && !text.contains("hunter"), "{text}");
}

fn secret_file() -> FileContent {
    FileContent {
        bytes: Bytes::from_static(SECRET.as_bytes()),
        filename: Some(SECRET.to_owned()),
        mime_type: Some("text/plain".to_owned()),
    }
}

fn secret_request() -> GenericRequest {
    let part = |content| Part { name: "part".to_owned(), content };
    GenericRequest::new(GenericOperation::new("op", "POST", "/x/{id}"))
        .path("id", SECRET)
        .query("q", json!(SECRET), QueryStyle::Repeated)
        .header("X-One", SECRET)
        .cookie("c", SECRET)
        .body(RequestBody::Multipart(vec![
            part(PartContent::Text(SECRET.to_owned())),
            part(PartContent::Json(json!(SECRET))),
            part(PartContent::File(secret_file())),
        ]))
}

#[test]
fn debug_of_no_type_shows_a_secret() {
    let upstream = Upstream::builder("https://api.example.com").user_agent(SECRET).build().unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("set-cookie", HeaderValue::from_static("hunter2"));
    let captured =
        Captured { status: StatusCode::OK, headers, body: Bytes::from_static(b"hunter2"), attempts: 1 };
    let text = RequestBody::Text { media_type: "text/plain".to_owned(), text: SECRET.to_owned() };
    for credential in [Credential::bearer(SECRET), Credential::header("X-Key", SECRET)] {
        let credential = credential.unwrap();
        assert_silent(&format!("{credential:?} {credential:#?}"));
        let context = toolwright_client::CallContext::new(upstream.clone(), credential)
            .with_idempotency_key(SECRET.to_owned())
            .with_header(HeaderName::from_static("x-one"), HeaderValue::from_static(SECRET));
        assert_silent(&format!("{context:?} {context:#?}"));
        let client = Client::for_call(context);
        assert_silent(&format!("{client:?} {client:#?}"));
    }
    assert_silent(&format!("{upstream:?} {captured:?} {:?} {:?}", secret_file(), secret_request()));
    assert_silent(&format!("{text:?} {:?}", RequestBody::Json(json!(SECRET))));
    assert_silent(&format!("{:?}", RequestBody::Binary(secret_file())));
    let form = json!({ "a": SECRET }).as_object().unwrap().clone();
    assert_silent(&format!("{:?}", RequestBody::Form(form)));
}

#[test]
fn errors_of_settings_repeat_no_secret() {
    for url in [
        "https://hunter2@api.example.com",
        "https://api.example.com?key=hunter2",
        "hunter2:x",
        "https://api.example.com:hunter2",
        "https://hunter2 .com",
    ] {
        let builder = Upstream::builder(url);
        assert_silent(&format!("{builder:?}"));
        let error = builder.build().unwrap_err();
        assert_silent(&format!("{error} {error:?}"));
    }
    for error in [
        Credential::bearer("hunter2\0").unwrap_err(),
        Credential::header("X-Key", "hunter2\0").unwrap_err(),
        Credential::header("hunter2 ", "x").unwrap_err(),
    ] {
        assert_silent(&format!("{error} {error:?}"));
    }
}

#[tokio::test]
async fn errors_of_typed_calls_show_no_credential_and_no_query() {
    let recorder = Recorder::new(&[Answer::Status(418)]);
    let context = recorder.context("https://api.example.com", Credential::bearer(SECRET).unwrap());
    let client = Client::for_call(context);
    let error = client.get_pet("ann", "rex", Some(true)).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert_silent(&text);
    assert!(text.contains("/owners/ann/pets/rex") && !text.contains("verbose"), "{text}");
    assert_silent(&format!("{:?}", recorder.requests()));
}

#[tokio::test]
async fn failures_show_neither_query_nor_headers() {
    for answer in [b"".as_slice(), b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", b"junk\r\n\r\n"] {
        let url = wire::answering(answer).await;
        let context = crate::context(&url);
        let call = GenericRequest::new(GenericOperation::new("op", "GET", "/x"))
            .query("key", json!(SECRET), QueryStyle::Repeated)
            .header("X-One", SECRET);
        execute(&context, call).await;
        let failure = crate::failure(&context);
        assert_silent(&format!("{failure} {failure:?}"));

        let policy = FetchPolicy { allow_private: true, ..FetchPolicy::default() };
        let error = FileContent::fetch(&format!("{url}/x?key={SECRET}"), &policy).await.unwrap_err();
        assert_silent(&format!("{error} {error:?}"));
    }
}
