use std::time::Duration;

use serde_json::{Value, json};
use toolwright_client::{FetchPolicy, FileContent, FileError};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::wire;

const LOCAL: FetchPolicy =
    FetchPolicy { max_bytes: 1000, timeout: Duration::from_secs(10), allow_private: true };

/// Bytes, file name and MIME type.
type Parts = (Vec<u8>, Option<String>, Option<String>);

fn read(argument: &Value) -> Result<Parts, FileError> {
    let file = FileContent::from_argument(argument, 16)?;
    Ok((file.bytes.to_vec(), file.filename, file.mime_type))
}

#[test]
fn bytes_come_from_base64_of_every_kind() {
    for text in ["++//AA==", "++//AA", "--__AA", " ++//\nAA==\n"] {
        assert_eq!(read(&json!({"base64": text})).unwrap().0, [0xfb, 0xef, 0xff, 0], "{text}");
    }
    let named = json!({"base64": "aGk=", "filename": "hi.txt", "mime_type": "text/plain", "url": null});
    let expected = (b"hi".to_vec(), Some("hi.txt".to_owned()), Some("text/plain".to_owned()));
    assert_eq!(read(&named), Ok(expected));
}

#[test]
fn bytes_come_from_data_uris() {
    let table = [
        ("data:image/png;base64,aGk=", "hi", "image/png"),
        ("DATA:image/png;base64,aGk%3D", "hi", "image/png"),
        ("data:text/html;charset=utf-8,%3Cp%3E", "<p>", "text/html;charset=utf-8"),
        ("data:,a%20b", "a b", "text/plain;charset=US-ASCII"),
        ("data:;base64,", "", "text/plain;charset=US-ASCII"),
    ];
    for (uri, bytes, mime_type) in table {
        let expected = (bytes.as_bytes().to_vec(), None, Some(mime_type.to_owned()));
        assert_eq!(read(&json!({"data_uri": uri})), Ok(expected), "{uri}");
    }
    let overridden = read(&json!({"data_uri": "data:,x", "mime_type": "image/webp"})).unwrap();
    assert_eq!(overridden.2.as_deref(), Some("image/webp"));
}

#[test]
fn what_is_no_file_is_refused_with_the_reason() {
    let shape = |reason: &str| FileError::Shape(reason.to_owned());
    let table = [
        (json!("aGk="), shape("it is not an object")),
        (json!({}), shape("there is none of the three")),
        (json!({"filename": "a"}), shape("there is none of the three")),
        (json!({"base64": "", "url": "https://a"}), shape("there are several of the three")),
        (json!({"base64": 5}), shape("`base64` is not a text")),
        (json!({"base64": "", "filename": []}), shape("`filename` is not a text")),
        (json!({"base64": "", "name": "a"}), shape("`name` is not one of them")),
        (json!({"url": "https://example.com/a.png"}), FileError::UrlRefused),
        (json!({"base64": "AAAAAAAAAAAAAAAAAAAAAAA="}), FileError::TooLarge { limit: 16 }),
        (json!({"data_uri": "data:,12345678901234567"}), FileError::TooLarge { limit: 16 }),
        (json!({"data_uri": "data:text/plain"}), FileError::DataUri("it has no comma".to_owned())),
        (json!({"data_uri": "é:"}), FileError::DataUri("it does not begin with `data:`".to_owned())),
    ];
    for (argument, error) in table {
        assert_eq!(read(&argument), Err(error), "{argument}");
    }
    assert!(matches!(read(&json!({"base64": "a*b"})), Err(FileError::Base64(_))));
    assert!(matches!(read(&json!({"data_uri": "data:;base64,a*b"})), Err(FileError::DataUri(_))));
    assert_eq!(read(&json!({"base64": "AAAAAAAAAAAAAAAAAAAAAA=="})).unwrap().0.len(), 16);
}

#[tokio::test]
async fn urls_that_are_not_public_https_are_not_fetched() {
    let private = [
        "https://localhost/a",
        "https://127.0.0.1/a",
        "https://0x7f.1/a",
        "https://2130706433/a",
        "https://0.0.0.0/a",
        "https://10.1.2.3/a",
        "https://172.16.0.1/a",
        "https://192.168.0.1/a",
        "https://100.64.0.1/a",
        "https://169.254.169.254/latest/meta-data",
        "https://198.18.0.1/a",
        "https://224.0.0.1/a",
        "https://255.255.255.255/a",
        "https://[::1]/a",
        "https://[::]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[64:ff9b::7f00:1]/a",
        "https://[2002:7f00:1::]/a",
        "https://[2001:0:7f00:1::]/a",
        "https://[fe80::1]/a",
        "https://[fd00::1]/a",
        "https://[ff02::1]/a",
    ];
    for url in private {
        let error = FileContent::fetch(url, &FetchPolicy::default()).await.unwrap_err();
        assert!(matches!(error, FileError::PrivateAddress { .. }), "{url}: {error:?}");
    }
    for url in [
        "http://example.com/a",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "/a",
        "https://u:p@example.com/a",
    ] {
        let error = FileContent::fetch(url, &FetchPolicy::default()).await.unwrap_err();
        assert!(matches!(error, FileError::Url(_)), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn a_file_is_fetched_with_its_name_and_type() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_raw("png", "image/png");
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let url = format!("{}/media/my%20cat.png?sig=1", server.uri());
    let file = FileContent::load(&json!({ "url": url }), &LOCAL).await.unwrap();
    assert_eq!(&file.bytes[..], b"png");
    assert_eq!(
        (file.filename.as_deref(), file.mime_type.as_deref()),
        (Some("my cat.png"), Some("image/png"))
    );

    let argument = json!({"url": server.uri(), "filename": "cat.webp", "mime_type": "image/webp"});
    let file = FileContent::load(&argument, &LOCAL).await.unwrap();
    assert_eq!((file.filename.as_deref(), file.mime_type.as_deref()), (Some("cat.webp"), Some("image/webp")));
    let request = &server.received_requests().await.unwrap()[0];
    assert!(!request.headers.contains_key("authorization"));
}

#[tokio::test]
async fn redirects_errors_and_large_files_are_refused() {
    for status in [302, 404, 500] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status).insert_header("location", "/elsewhere");
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let url = format!("{}/a?sig=hunter2", server.uri());
        let error = FileContent::fetch(&url, &LOCAL).await.unwrap_err();
        assert!(matches!(&error, FileError::Fetch(_)), "{error:?}");
        assert!(error.to_string().contains(&status.to_string()), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }
    let announced = wire::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n").await;
    assert_eq!(FileContent::fetch(&announced, &LOCAL).await, Err(FileError::TooLarge { limit: 1000 }));
    let streamed = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &[b'x'; 1001]].concat().leak();
    let streamed = wire::answering(streamed).await;
    assert_eq!(FileContent::fetch(&streamed, &LOCAL).await, Err(FileError::TooLarge { limit: 1000 }));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let server = wire::silent().await;
    let policy = FetchPolicy { timeout: Duration::from_millis(200), ..LOCAL };
    let error = FileContent::fetch(&server.base_url, &policy).await.unwrap_err();
    let place = server.base_url.strip_prefix("http://").unwrap();
    assert_eq!(error, FileError::Fetch(format!("{place} took longer than 200ms")));
    server.closed.await.expect("the server saw the connection end");
}
