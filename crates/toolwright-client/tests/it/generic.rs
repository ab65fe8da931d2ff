use bytes::Bytes;
use reqwest::Request;
use serde_json::{Value, json};
use toolwright_client::{
    Credential, Failure, FileContent, GenericOperation, GenericRequest, Part, PartContent, QueryStyle,
    RequestBody, execute,
};

use crate::recorder::Recorder;

async fn sent(call: GenericRequest) -> Result<Request, Failure> {
    let recorder = Recorder::new(&[]);
    let context = recorder.context("https://api.example.com/v1", Credential::bearer("k-1").unwrap());
    execute(&context, call).await;
    context.outcome().unwrap().map(|_| recorder.only_request())
}

fn post(template: &str) -> GenericRequest {
    GenericRequest::new(GenericOperation::new("op", "POST", template))
}

fn file(bytes: &'static [u8], filename: Option<&str>, mime_type: Option<&str>) -> FileContent {
    FileContent {
        bytes: Bytes::from_static(bytes),
        filename: filename.map(str::to_owned),
        mime_type: mime_type.map(str::to_owned),
    }
}

#[tokio::test]
async fn queries_are_written_in_every_style() {
    use QueryStyle::{Comma, Deep, Pipe, Repeated, Space};
    let table = [
        (Repeated, json!("a b&c"), Some("q=a%20b%26c")),
        (Repeated, json!(5), Some("q=5")),
        (Repeated, json!(true), Some("q=true")),
        (Repeated, json!(""), Some("q=")),
        (Repeated, json!(null), None),
        (Repeated, json!([]), None),
        (Repeated, json!(["a", "b,c", 3]), Some("q=a&q=b%2Cc&q=3")),
        (Repeated, json!({"x": 1, "y[]": "z"}), Some("x=1&y%5B%5D=z")),
        (Repeated, json!([{"x": 1}]), Some("q=%7B%22x%22%3A1%7D")),
        (Comma, json!(["a", "b,c", 3]), Some("q=a,b%2Cc,3")),
        (Comma, json!({"x": 1, "y": "z"}), Some("q=x,1,y,z")),
        (Comma, json!("plain"), Some("q=plain")),
        (Comma, json!([]), None),
        (Comma, json!(null), None),
        (Space, json!(["a", "b"]), Some("q=a%20b")),
        (Space, json!({"x": 1}), Some("q=x%201")),
        (Pipe, json!(["a", "b"]), Some("q=a%7Cb")),
        (Pipe, json!({"x": 1}), Some("q=x%7C1")),
        (Deep, json!({"x": 1, "y": "z"}), Some("q%5Bx%5D=1&q%5By%5D=z")),
        (Deep, json!({"x": {"y": [1, 2]}, "n": null}), Some("q%5Bx%5D%5By%5D=1&q%5Bx%5D%5By%5D=2")),
        (Deep, json!(["a", "b"]), Some("q=a&q=b")),
        (Deep, json!({}), None),
    ];
    for (style, value, query) in table {
        let request = sent(post("/x").query("q", value.clone(), style)).await.unwrap();
        assert_eq!(request.url().query(), query, "{style:?} {value}");
    }
    let call = post("/x").query("a", json!(1), Repeated).query("ü", json!(["2", "3"]), Comma);
    assert_eq!(sent(call).await.unwrap().url().query(), Some("a=1&%C3%BC=2,3"));
}

#[tokio::test]
async fn path_values_are_encoded_and_put_in_their_places() {
    let call = post("/{a}/x/{b}").path("b", "ä+/".trim_end_matches('/')).path("a", "1@2:3,4%");
    let request = sent(call).await.unwrap();
    assert_eq!(request.url().as_str(), "https://api.example.com/v1/1%402%3A3%2C4%25/x/%C3%A4%2B");
}

#[tokio::test]
async fn path_values_and_variables_must_match() {
    let missing = sent(post("/{a}/{b}").path("a", "1")).await.unwrap_err();
    assert_eq!(missing, Failure::InvalidRequest("path argument `b` is missing".to_owned()));
    let unknown = sent(post("/{a}").path("a", "1").path("z", "2")).await.unwrap_err();
    assert_eq!(unknown, Failure::InvalidRequest("`/{a}` has no path argument `z`".to_owned()));
}

#[tokio::test]
async fn headers_and_cookies_are_checked_and_encoded() {
    let call = post("/x").header("X-One", "1").cookie("a", "x;y z%").cookie("token", "YWI=+/");
    let request = sent(call).await.unwrap();
    assert_eq!(request.headers()["x-one"], "1");
    assert_eq!(request.headers()["cookie"], "a=x%3By%20z%25; token=YWI=+/");

    let forged = sent(post("/x").header("Authorization", "Bearer forged")).await.unwrap();
    let credentials: Vec<_> = forged.headers().get_all("authorization").iter().collect();
    assert_eq!(credentials, ["Bearer k-1"]);

    for call in [
        post("/x").header("X-One", "1\r\nx-evil: 1"),
        post("/x").header("X One", "1"),
        post("/x").cookie("a b", "1"),
    ] {
        let failure = sent(call).await.unwrap_err();
        assert!(matches!(failure, Failure::InvalidRequest(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn simple_bodies_carry_their_media_type() {
    let form = json!({"a": "x y", "n": null, "list": [1, "2"], "deep": {"k": "v"}, "on": true});
    let Value::Object(form) = form else { unreachable!() };
    let text = RequestBody::Text { media_type: "text/markdown".to_owned(), text: "# ä".to_owned() };
    let table = [
        (RequestBody::Json(json!({"b": [1], "a": "ä"})), "application/json", r#"{"b":[1],"a":"ä"}"#),
        (
            RequestBody::Form(form),
            "application/x-www-form-urlencoded",
            "a=x%20y&list=1&list=2&deep=%7B%22k%22%3A%22v%22%7D&on=true",
        ),
        (text, "text/markdown", "# ä"),
        (RequestBody::Binary(file(b"raw", None, None)), "application/octet-stream", "raw"),
        (RequestBody::Binary(file(b"raw", None, Some("image/png"))), "image/png", "raw"),
    ];
    for (body, media_type, bytes) in table {
        let request = sent(post("/x").body(body)).await.unwrap();
        assert_eq!(request.headers()["content-type"], media_type);
        assert_eq!(request.body().unwrap().as_bytes(), Some(bytes.as_bytes()));
    }
}

#[tokio::test]
async fn a_media_type_of_the_api_replaces_the_usual_one() {
    let call = post("/x").header("Content-Type", "application/merge-patch+json");
    let patch = sent(call.clone().body(RequestBody::Json(json!({})))).await.unwrap();
    assert_eq!(patch.headers()["content-type"], "application/merge-patch+json");
    let multipart = sent(call.body(RequestBody::Multipart(vec![]))).await.unwrap();
    let media_types: Vec<_> = multipart.headers().get_all("content-type").iter().collect();
    assert_eq!(media_types.len(), 1);
    assert!(media_types[0].to_str().unwrap().starts_with("multipart/form-data; boundary="));
}

#[tokio::test]
async fn multipart_bodies_carry_text_json_and_files() {
    let parts = [
        ("caption", PartContent::Text("hello\r\nworld".to_owned())),
        ("options", PartContent::Json(json!({"view_once": true}))),
        ("photo", PartContent::File(file(b"\x89PNG", Some("it's \"ä\".png"), Some("image/png")))),
        ("raw", PartContent::File(file(b"raw", None, None))),
    ];
    let parts = parts.map(|(name, content)| Part { name: name.to_owned(), content });
    let request = sent(post("/x").body(RequestBody::Multipart(parts.to_vec()))).await.unwrap();
    let media_type = request.headers()["content-type"].to_str().unwrap().to_owned();
    let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = request.body().unwrap().as_bytes().unwrap();
    let expected = [
        "--B\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\nhello\r\nworld\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"options\"\r\nContent-Type: application/json\r\n\r\n",
        "{\"view_once\":true}\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"it's %22ä%22.png\"\r\n",
        "Content-Type: image/png\r\n\r\n\u{fffd}PNG\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"raw\"; filename=\"file\"\r\n",
        "Content-Type: application/octet-stream\r\n\r\nraw\r\n--B--\r\n",
    ];
    assert_eq!(String::from_utf8_lossy(body).replace(boundary, "B"), expected.concat());
}

#[tokio::test]
async fn a_file_cannot_write_headers_into_a_multipart_body() {
    for (filename, mime_type) in
        [(Some("a\r\nX-Evil: 1"), None), (None, Some("image/png\r\nX-Evil: 1")), (Some("a\nb"), None)]
    {
        let content = PartContent::File(file(b"raw", filename, mime_type));
        let body = RequestBody::Multipart(vec![Part { name: "file".to_owned(), content }]);
        let failure = sent(post("/x").body(body)).await.unwrap_err();
        assert!(matches!(&failure, Failure::InvalidRequest(text) if !text.contains("Evil")), "{failure:?}");
    }
    let binary = RequestBody::Binary(file(b"raw", None, Some("image/png\r\nX-Evil: 1")));
    assert!(matches!(sent(post("/x").body(binary)).await, Err(Failure::InvalidRequest(_))));
}

#[tokio::test]
async fn a_method_that_is_none_is_an_invalid_request() {
    let call = GenericRequest::new(GenericOperation::new("op", "GE T", "/x"));
    assert_eq!(sent(call).await.unwrap_err(), Failure::InvalidRequest("`GE T` is not a method".to_owned()));
}
