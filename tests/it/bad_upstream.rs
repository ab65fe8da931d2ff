//! An API that misbehaves, as an agent sees it: one shape of error, and nothing hangs.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use toolwright::client::{Credential, Upstream};
use toolwright::{CallError, Context, ErrorKind, Output, ToolError};

use crate::world::toolset;

/// A server that answers every connection with these bytes, and then closes it or hangs.
async fn raw(answer: Vec<u8>, hangs: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&answer).await;
                if hangs {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    format!("http://{address}")
}

async fn call(url: &str) -> Result<Output, ToolError> {
    let upstream = Upstream::builder(url).timeout(Duration::from_millis(400)).max_retries(0).build().unwrap();
    let context = Context::new(upstream).with_credential(Credential::bearer("titan_SECRET").unwrap());
    match toolset().call("sessions_list", Map::new(), &context).await {
        Ok(output) => Ok(output),
        Err(CallError::Tool(error)) => {
            let shown = serde_json::to_string(&error).unwrap();
            assert!(!shown.contains("SECRET"), "{shown}");
            Err(error)
        }
        Err(error) => panic!("{error}"),
    }
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

const JSON: &str = "content-type: application/json\r\n";

#[tokio::test]
async fn each_misbehaviour_has_its_kind() {
    let html = "<html><body><h1>Bad gateway</h1></body></html>";
    let mut truncated = http("200 OK", JSON, "{\"data\":[{\"name\":\"main\"");
    truncated = String::from_utf8(truncated)
        .unwrap()
        .replace("content-length: 23", "content-length: 999")
        .into_bytes();
    let huge = format!("HTTP/1.1 200 OK\r\n{JSON}content-length: {}\r\n\r\n", 60 << 20).into_bytes();
    let cases = [
        ("closes at once", Vec::new(), false, ErrorKind::UpstreamUnavailable, None),
        ("hangs", Vec::new(), true, ErrorKind::Timeout, None),
        (
            "HTML",
            http("200 OK", "content-type: text/html\r\n", html),
            false,
            ErrorKind::UpstreamError,
            Some(200),
        ),
        (
            "HTML 502",
            http("502 Bad Gateway", "content-type: text/html\r\n", html),
            false,
            ErrorKind::UpstreamUnavailable,
            Some(502),
        ),
        ("truncated", truncated, false, ErrorKind::UpstreamUnavailable, None),
        ("broken JSON", http("200 OK", JSON, "{\"data\":"), false, ErrorKind::UpstreamError, Some(200)),
        (
            "redirect",
            http("302 Found", "location: https://evil.example/?k=1\r\n", ""),
            false,
            ErrorKind::UpstreamError,
            Some(302),
        ),
        (
            "500",
            http("500 Oops", JSON, "{\"error\":\"database is down\"}"),
            false,
            ErrorKind::UpstreamError,
            Some(500),
        ),
        (
            "429",
            http("429 Slow", &format!("{JSON}retry-after: 7\r\n"), "{\"error\":\"slow down\"}"),
            false,
            ErrorKind::RateLimited,
            Some(429),
        ),
        (
            "401",
            http("401 No", JSON, "{\"error\":\"key titan_SECRET expired\"}"),
            false,
            ErrorKind::Unauthenticated,
            Some(401),
        ),
        ("60 MB", huge, true, ErrorKind::ResponseTooLarge, None),
    ];
    for (what, answer, hangs, kind, status) in cases {
        let error = call(&raw(answer, hangs).await).await.expect_err(what);
        assert_eq!((error.kind, error.status.or(status)), (kind, status), "{what}: {error:?}");
        assert!(error.message.len() > 20, "{what}: {error:?}");
    }
}

#[tokio::test]
async fn the_words_of_the_api_are_kept() {
    let error = call(&raw(http("500 Oops", JSON, "{\"error\":\"database is down\"}"), false).await)
        .await
        .unwrap_err();
    assert!(error.message.contains("database is down"), "{error:?}");
    let answer = http("429 Slow", &format!("{JSON}retry-after: 7\r\n"), "{\"error\":\"slow down\"}");
    assert_eq!(call(&raw(answer, false).await).await.unwrap_err().retry_after_s, Some(7));
}

#[tokio::test]
async fn an_api_that_refuses_connections_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = call(&format!("http://{address}")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::UpstreamUnavailable);
    assert!(error.message.contains(&address.to_string()), "{error:?}");
}

#[tokio::test]
async fn an_answer_of_another_shape_is_delivered_and_what_fits_is_structured() {
    let body = r#"{"data":[{"name":5,"status":"DREAMING","mood":"fine"}],"extra":true}"#;
    let output = call(&raw(http("200 OK", JSON, body), false).await).await.unwrap();
    assert_eq!(output.raw.unwrap()["data"][0]["mood"], "fine");
    let structured = output.structured.unwrap();
    assert_eq!(structured["data"][0]["status"], "DREAMING");
    assert_eq!(structured["data"][0].get("name"), None, "a number is no name: {structured}");
    assert!(!output.notes.is_empty());
}

#[tokio::test]
async fn no_content_is_no_error() {
    let output = call(&raw(http("204 No Content", "", ""), false).await).await.unwrap();
    assert_eq!(output.raw, None);
    assert_eq!(output.content.len(), 1);
    assert!(
        matches!(output.structured.as_deref(), None | Some(Value::Object(_))),
        "{:?}",
        json!(output.structured)
    );
}
