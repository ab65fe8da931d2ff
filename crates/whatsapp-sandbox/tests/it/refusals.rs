use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::api::{ANA, Api, answer, main_path, start};

/// What is wrong with a send, and what the error must speak of.
fn bad_sends() -> Vec<(Value, u16, &'static str)> {
    let text = |fields: Value| {
        let mut body = json!({ "session": "main", "chatId": ANA, "type": "text", "text": "hi" });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    let of = |kind: &str, fields: Value| {
        let mut body = json!({ "session": "main", "chatId": ANA, "type": kind });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    let many: Vec<String> = (0..13).map(|it| format!("option {it}")).collect();
    vec![
        (json!({}), 400, "type"),
        (json!([]), 400, "object"),
        (json!({ "session": "main", "chatId": ANA, "type": "sticker" }), 400, "type"),
        (json!({ "session": "main", "type": "text", "text": "hi" }), 400, "chatId"),
        (json!({ "chatId": ANA, "type": "text", "text": "hi" }), 400, "session"),
        (of("text", json!({})), 400, "text"),
        (text(json!({ "text": 5 })), 400, "text"),
        (text(json!({ "text": "" })), 400, "text"),
        (text(json!({ "text": "  " })), 400, "text"),
        (text(json!({ "text": "x".repeat(65_537) })), 400, "65536"),
        (text(json!({ "colour": "red" })), 400, "colour"),
        (text(json!({ "chatId": "ana" })), 400, ""),
        (text(json!({ "chatId": "5511@gmail.com" })), 400, ""),
        (text(json!({ "chatId": "4930123456@s.whatsapp.net" })), 404, "4930123456"),
        (text(json!({ "chatId": "120363000000000000@g.us" })), 404, "120363000000000000"),
        (text(json!({ "chatId": "120363000000000000@newsletter" })), 404, "120363000000000000"),
        (text(json!({ "session": "nobody" })), 404, "nobody"),
        (text(json!({ "quotedMessage": { "id": "3EB0" } })), 404, "3EB0"),
        (text(json!({ "mentions": [ANA] })), 400, "mentions"),
        (of("image", json!({})), 400, ""),
        (of("image", json!({ "base64": "iVBORw0KGgo=", "url": "https://a.example/b.png" })), 400, ""),
        (of("image", json!({ "base64": "not base64!" })), 400, "base64"),
        (of("image", json!({ "base64": "aGVsbG8=" })), 400, "image"),
        (of("video", json!({ "base64": "iVBORw0KGgo=" })), 400, "video/mp4"),
        (of("file", json!({ "base64": "aGVsbG8=" })), 400, "filename"),
        (of("image", json!({ "url": "ftp://a.example/b.png" })), 400, ""),
        (of("poll", json!({ "question": "?", "options": ["one"] })), 400, "options"),
        (of("poll", json!({ "question": "?", "options": many })), 400, "options"),
        (of("poll", json!({ "question": "?", "options": ["one", "one"] })), 400, "same twice"),
        (of("location", json!({ "latitude": 91, "longitude": 0 })), 400, "latitude"),
        (of("location", json!({ "latitude": 0, "longitude": -181 })), 400, "longitude"),
        (of("contact", json!({ "contacts": [] })), 400, ""),
    ]
}

#[tokio::test]
async fn a_bad_send_is_refused_with_what_is_wrong() {
    let api = start().await;
    let before = api.transcript("main", ANA).await.len();
    for (body, status, word) in bad_sends() {
        let answer = api.post("/api/messages/send", body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        let error = answer.error(status);
        assert!(error.contains(word), "{body}: {error}");
    }
    assert_eq!(api.transcript("main", ANA).await.len(), before, "nothing of it was sent");
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused_in_the_documented_shape() {
    let api = start().await;
    let send = |body: &'static str, content_type: Option<&'static str>| {
        let mut request =
            api.request(Method::POST, "/api/sessions").bearer_auth(api.sandbox.full_key()).body(body);
        if let Some(it) = content_type {
            request = request.header(CONTENT_TYPE, it);
        }
        answer(request)
    };
    let json = Some("application/json; charset=utf-8");
    let cut = send(r#"{"name": "#, json).await.error(400);
    assert!(cut.contains("no JSON"), "{cut}");
    let missing = send("{}", json).await.error(400);
    assert!(missing.contains("name"), "{missing}");
    send("", json).await.error(400);
    send(r#"{"name": "a"}"#, Some("text/plain")).await.error(415);
    send(r#"{"name": "a"}"#, None).await.error(415);
    assert_eq!(send(r#"{"name": "a"}"#, json).await.status, 201);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let api = start().await;
    for (path, megabytes, limit) in [("/api/sessions", 2, "1 MB"), ("/api/messages/send", 97, "96 MB")] {
        let body = format!(r#"{{"name": "{}"}}"#, "x".repeat(megabytes << 20));
        let request = api.request(Method::POST, path).bearer_auth(api.sandbox.full_key());
        let answer = answer(request.header(CONTENT_TYPE, "application/json").body(body)).await;
        let error = answer.error(413);
        assert!(error.contains(limit), "{path}: {error}");
    }
}

#[tokio::test]
async fn routes_and_methods_that_do_not_exist_answer_in_the_documented_shape() {
    let api = start().await;
    api.get("/api/nothing/here").await.error(404);
    let answer = api.send(Method::PATCH, "/api/sessions", Some(json!({})), &[]).await;
    let mut allowed: Vec<String> =
        answer.headers["allow"].to_str().unwrap().split(',').map(|it| it.trim().to_owned()).collect();
    allowed.sort();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
    answer.error(405);
}

#[tokio::test]
async fn wrong_values_in_paths_are_refused() {
    let api: Api = start().await;
    for (path, status) in [
        (main_path("contacts/ana"), 400),
        (main_path("contacts/120363000000000000@g.us"), 400),
        (main_path("contacts/%00"), 400),
        (main_path("contacts/%ff"), 400),
        (main_path(&format!("contacts/{}", "9".repeat(10_000))), 400),
        (main_path("contacts/4930123456"), 404),
        (main_path("groups/5511988880001@s.whatsapp.net"), 400),
        (main_path("media/none"), 404),
        ("/api/sessions/%2e%2e".to_owned(), 404),
        ("/api/sessions/a%2Fb".to_owned(), 400),
        ("/api/webhooks/seven".to_owned(), 400),
        ("/api/webhooks/7".to_owned(), 404),
        (main_path("groups/join-info"), 400),
        (main_path("groups/join-info?code=wrong"), 404),
    ] {
        api.get(&path).await.error(status);
    }
}

#[tokio::test]
async fn an_error_names_the_place_and_what_is_wanted() {
    let api = start().await;
    let card = json!({ "name": "Bruno", "phoneNumber": "call me" });
    let body =
        json!({ "session": "main", "chatId": ANA, "type": "contact", "contacts": [card], "colour": "red" });
    let error = api.post("/api/messages/send", body).await.error(400);
    assert!(error.contains("`/contacts/0/phoneNumber` must match"), "{error}");
    assert!(error.contains("there is no field `/colour`"), "{error}");
    let secret = "s3cret".repeat(1_000);
    let error = api.post("/api/webhooks", json!({ "url": 7, "hmacKey": [secret] })).await.error(400);
    assert!(!error.contains("s3cret") && error.len() < 300, "values are not repeated: {error}");
}

#[tokio::test]
async fn query_parameters_that_an_operation_does_not_have_are_refused() {
    let api = start().await;
    for (path, word) in [
        ("/api/sessions?limit=5".to_owned(), "takes none"),
        ("/api/main/pair/qr?format=svg".to_owned(), "\"image\""),
        (main_path("groups/join-info?code=a&code=b"), "more than once"),
        (main_path("groups/join-info?code=a&Code=b"), "there is `code`"),
    ] {
        let error = api.get(&path).await.error(400);
        assert!(error.contains(word), "{path}: {error}");
    }
}
