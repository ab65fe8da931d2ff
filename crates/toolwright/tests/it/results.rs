//! What the API answers reaches the model, whether or not it is as documented.

use serde_json::{Value, json};
use toolwright::{ErrorKind, Toolset};
use wiremock::ResponseTemplate;

use crate::fixture::{API, answering, answering_json, call, context, failure, notes, object, text, writing};

const GROUP: &str = "groups_get";

fn group() -> Value {
    json!({ "session": "default", "groupId": "1@g.us" })
}

#[tokio::test]
async fn a_json_answer_is_handed_over_as_it_came() {
    let body = "{ \"id\": \"1\",\n  \"size\": 2, \"role\": \"admin\" }";
    let server =
        answering(ResponseTemplate::new(200).set_body_raw(body, "application/json; charset=utf-8")).await;
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(text(&output), body);
    assert_eq!(output.content.len(), 1);
    let value = json!({ "id": "1", "size": 2, "role": "admin" });
    assert_eq!(output.structured.as_deref(), Some(&value));
    assert_eq!(output.raw, Some(value.into()));
    assert!(output.notes.is_empty());
}

#[tokio::test]
async fn an_unknown_field_is_delivered() {
    let value = json!({ "id": "1", "brand_new": { "deep": [1, 2] } });
    let server = answering_json(value.clone()).await;
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(output.structured, Some(value.into()));
    assert!(notes(&output).is_empty());
}

#[tokio::test]
async fn a_new_enum_value_is_delivered_with_a_note() {
    let server = answering_json(json!({ "id": "1", "role": "owner" })).await;
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(text(&output), r#"{"id":"1","role":"owner"}"#);
    assert_eq!(output.structured, Some(json!({ "id": "1" }).into()));
    insta::assert_snapshot!(output.notes.join("\n"), @r#"
    /role: expected one of "member", "admin"; got "owner"
    the typed client read it differently: unknown variant `owner`, expected `member` or `admin` at line 1 column 24
    "#);
}

#[tokio::test]
async fn a_wrong_shape_is_delivered_and_the_part_that_conforms_is_structured() {
    let body = json!({
        "id": 7, "size": "two", "role": "member",
        "participants": [{ "id": "a", "admin": true }, { "id": 5 }, "b", { "id": "c", "admin": "no" }, null],
    });
    let server = answering_json(body.clone()).await;
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(text(&output), body.to_string());
    assert_eq!(
        output.structured,
        Some(
            json!({ "role": "member", "participants": [{ "id": "a", "admin": true }, {}, { "id": "c" }] })
                .into()
        )
    );
    insta::assert_snapshot!(notes(&output).join("\n"), @r#"Note: the answer differs from the API's document (/id: expected text; got 7; /size: expected an integer; got "two"; /participants/1/id: expected text; got 5). The text above keeps what differs; the structured content leaves it out."#);
}

#[tokio::test]
async fn a_root_that_is_no_object_leaves_nothing_structured() {
    let server = answering_json(json!([1, 2])).await;
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(text(&output), "[1,2]");
    assert_eq!(output.structured, Some(json!({}).into()));
}

#[tokio::test]
async fn without_output_schemas_nothing_is_structured() {
    let server = answering_json(json!({ "id": "1" })).await;
    let toolset = Toolset::builder(&API).output_schemas(false).build().unwrap();
    let output = toolset.call(GROUP, object(group()), &context(&server.uri())).await.unwrap();
    assert_eq!(output.structured, None);
    assert_eq!(output.raw, Some(json!({ "id": "1" }).into()));
}

#[tokio::test]
async fn no_content_is_a_success_in_words() {
    let server = answering(ResponseTemplate::new(204)).await;
    let output = call(&context(&server.uri()), "groups_delete", json!({ "groupId": "1" })).await.unwrap();
    insta::assert_snapshot!(text(&output), @"Done: the API answered 204 No Content and returned no content.");
    // A tool that promises structured content keeps the promise.
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(output.structured, Some(json!({}).into()));
}

#[tokio::test]
async fn an_undocumented_success_status_is_a_success() {
    let server = answering(ResponseTemplate::new(202).set_body_json(json!({ "id": "1" }))).await;
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(text(&output), r#"{"id":"1"}"#);
}

#[tokio::test]
async fn a_text_is_handed_over_as_text() {
    let server = answering(ResponseTemplate::new(200).set_body_raw("set ✓", "text/plain")).await;
    let output = call(&context(&server.uri()), "labels_set", json!({ "chatId": 1 })).await.unwrap();
    assert_eq!(text(&output), "set ✓");
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(text(&output), "set ✓");
}

#[tokio::test]
async fn json_that_is_declared_as_text_is_read_as_json() {
    let server = answering(ResponseTemplate::new(200).set_body_raw(r#"{"id":"1"}"#, "text/html")).await;
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(output.structured, Some(json!({ "id": "1" }).into()));
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_json() {
    let body = b"\xef\xbb\xbf{\"id\":\"1\"}";
    let server = answering(ResponseTemplate::new(200).set_body_raw(&body[..], "application/json")).await;
    let output = call(&context(&server.uri()), GROUP, group()).await.unwrap();
    assert_eq!(text(&output), r#"{"id":"1"}"#);
}

#[tokio::test]
async fn a_web_page_where_json_is_documented_is_an_error() {
    let page =
        format!("<html><body><h1>Sign in</h1><p>to the hotel network {}</p></body></html>", "x".repeat(500));
    let server = answering(ResponseTemplate::new(200).set_body_raw(page, "text/html")).await;
    let error = failure(&context(&server.uri()), GROUP, group()).await;
    assert_eq!(error.kind, ErrorKind::UpstreamError);
    assert_eq!(error.status, Some(200));
    insta::assert_snapshot!(error, @"
    the API answered 200 OK, but with a web page instead of JSON. It begins: Sign in to the hotel network xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
    Tell the user to check the API's address, or try again
    ");
}

#[tokio::test]
async fn truncated_json_is_an_error_that_warns_of_repeating_a_write() {
    let server =
        answering(ResponseTemplate::new(200).set_body_raw("{\"id\": \"1\", \"te", "application/json")).await;
    let arguments = json!({ "chatId": "1@c.us", "type": "text", "text": "hi" });
    let error = failure(&context(&server.uri()), "messages_send", arguments).await;
    assert_eq!(error.kind, ErrorKind::UpstreamError);
    insta::assert_snapshot!(error, @r#"
    the API answered 200 OK, but with JSON that is broken or cut off. It begins: {"id": "1", "te
    The call has probably been carried out: look before you repeat it, or it may be done twice
    "#);
}

#[tokio::test]
async fn an_answer_that_ends_too_early_is_an_error() {
    let address =
        writing(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"id\":")
            .await;
    let error = failure(&context(&format!("http://{address}")), GROUP, group()).await;
    assert_eq!(error.kind, ErrorKind::UpstreamUnavailable);
}

#[tokio::test]
async fn a_documented_redirect_is_a_link() {
    let redirect =
        ResponseTemplate::new(302).insert_header("location", "https://cdn.example.com/files/a.jpg?sig=1");
    let server = answering(redirect).await;
    let output = call(&context(&server.uri()), "media_download", json!({ "id": "m" })).await.unwrap();
    let link = output.content[1].as_resource_link().unwrap();
    assert_eq!(link.uri, "https://cdn.example.com/files/a.jpg?sig=1");
    assert_eq!(link.name, "a.jpg");
    assert_eq!(text(&output), "The content is at https://cdn.example.com/files/a.jpg?sig=1");
}

#[tokio::test]
async fn a_relative_redirect_is_a_link_at_the_api() {
    let server = answering(ResponseTemplate::new(302).insert_header("location", "/files/b")).await;
    let output = call(&context(&server.uri()), "media_download", json!({ "id": "m" })).await.unwrap();
    assert_eq!(output.content[1].as_resource_link().unwrap().uri, format!("{}/files/b", server.uri()));
}

#[tokio::test]
async fn an_undocumented_redirect_is_an_error_that_names_the_host_only() {
    let redirect =
        ResponseTemplate::new(302).insert_header("location", "https://login.example.com/a?token=secret");
    let server = answering(redirect).await;
    let error = failure(&context(&server.uri()), GROUP, group()).await;
    assert_eq!(error.kind, ErrorKind::UpstreamError);
    insta::assert_snapshot!(error, @"the API answered 302 Found and redirects to `login.example.com`, which its document does not provide for. Redirects are not followed, so that the credential stays with the API; tell the user to check the API's address");
    let nowhere = answering(ResponseTemplate::new(304)).await;
    insta::assert_snapshot!(failure(&context(&nowhere.uri()), GROUP, group()).await, @"the API answered 304 Not Modified and redirects, which its document does not provide for. Redirects are not followed, so that the credential stays with the API; tell the user to check the API's address");
}

#[tokio::test]
async fn a_link_of_another_kind_is_not_handed_over() {
    let server = answering(ResponseTemplate::new(302).insert_header("location", "javascript:alert(1)")).await;
    let error = failure(&context(&server.uri()), "media_download", json!({ "id": "m" })).await;
    assert_eq!(error.kind, ErrorKind::UpstreamError);
}
