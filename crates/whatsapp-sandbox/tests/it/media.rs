use std::collections::BTreeSet;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::api::{Answer, Api, SALES, SUPPORT, eventually, fast, main_path};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

async fn send(api: &Api, fields: Value) -> Answer {
    let mut body = json!({ "session": "main", "chatId": SALES });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    api.post("/api/messages/send", body).await
}

/// Sends a file; the ids of the message and of the media, when it has arrived.
async fn delivered(api: &Api, fields: Value) -> (String, String) {
    let sent = send(api, fields).await.ok()["data"].clone();
    let text = |field: &str| sent[field].as_str().unwrap().to_owned();
    api.message("sales", SUPPORT, "the message", |it| it["id"] == sent["id"]).await;
    (text("id"), text("mediaId"))
}

/// Two sessions, and files that may be at loopback.
async fn open() -> Api {
    let api = Api::new(fast().allow_private(true)).await;
    api.link("sales", "+5511999990002").await;
    api
}

async fn download(api: &Api, id: &str) -> Answer {
    api.post(&format!("/api/sessions/sales/media/{id}/download"), json!({})).await
}

/// Serves files on loopback; its base URL.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn files(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder.join("media")).unwrap();
    entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn the_recipient_downloads_what_was_sent() {
    let api = Api::pair().await;
    let pdf = b"%PDF-1.7 price list";
    let body = json!({ "type": "file", "base64": "JVBERi0xLjcgcHJpY2UgbGlzdA==", "filename": "prices.pdf" });
    let (message, id) = delivered(&api, body).await;
    let info = api.get(&format!("/api/sessions/sales/media/{id}")).await.ok();
    let expected = json!({
        "id": id, "messageId": message, "session": "sales", "mimeType": "application/pdf",
        "fileLength": pdf.len(), "persisted": false, "s3Url": null,
    });
    assert_eq!(info["data"], expected);
    let file = download(&api, &id).await;
    assert_eq!(file.headers["content-type"], "application/pdf");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"prices.pdf\"");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    assert_eq!(file.bytes, pdf);
    api.link("stranger", "+14155550123").await;
    api.get(&format!("/api/sessions/stranger/media/{id}")).await.error(404);
    api.post(&format!("/api/sessions/stranger/media/{id}/download"), json!({})).await.error(404);
}

#[tokio::test]
async fn a_name_reaches_the_browser_whatever_is_in_it() {
    let api = Api::pair().await;
    for (filename, disposition) in [
        (
            "menú \"1\".pdf",
            "attachment; filename=\"men_ _1_.pdf\"; filename*=UTF-8''men%C3%BA%20%221%22%2Epdf",
        ),
        ("../a/b.pdf", "attachment; filename=\".._a_b.pdf\"; filename*=UTF-8''%2E%2E%2Fa%2Fb%2Epdf"),
        ("a\r\nb.pdf", "attachment; filename=\"a__b.pdf\"; filename*=UTF-8''a%0D%0Ab%2Epdf"),
    ] {
        let body = json!({ "type": "file", "base64": "JVBERi0xLjc=", "filename": filename });
        let (_, id) = delivered(&api, body).await;
        assert_eq!(download(&api, &id).await.headers["content-disposition"], disposition);
    }
    let (_, id) = delivered(&api, json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0" })).await;
    assert_eq!(
        download(&api, &id).await.headers["content-disposition"],
        format!("attachment; filename=\"{id}.png\"")
    );
}

#[tokio::test]
async fn a_file_is_what_its_bytes_say() {
    let api = Api::pair().await;
    for (base64, filename, mime_type) in [
        ("iVBORw0KGgpyZXN0", "invoice.pdf", "image/png"),
        ("YSxiCjEsMgo=", "table.csv", "text/csv"),
        ("PHNjcmlwdD4=", "page.html", "application/octet-stream"),
        ("PHNjcmlwdD4=", "photo.png", "application/octet-stream"),
        ("UEsDBAoAAAA=", "sheet.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("UEsDBAoAAAA=", "sheet", "application/zip"),
    ] {
        let body = json!({ "type": "file", "base64": base64, "filename": filename });
        let (_, id) = delivered(&api, body).await;
        assert_eq!(download(&api, &id).await.headers["content-type"], mime_type, "{filename}");
    }
    let error = send(&api, json!({ "type": "video", "base64": "iVBORw0KGgpyZXN0" })).await.error(400);
    assert!(error.contains("image/png") && error.contains("video/mp4"), "{error}");
    let error = send(&api, json!({ "type": "image", "base64": "" })).await.error(400);
    assert!(error.contains("base64"), "{error}");
}

#[tokio::test]
async fn a_file_sent_by_url_is_fetched_when_it_is_sent() {
    let api = open().await;
    let router = Router::new()
        .route("/menu", get(async || ([("content-type", "text/html")], PNG)))
        .route("/moved", get(async || Redirect::temporary("/menu")))
        .route("/notes", get(async || ([("content-type", "text/plain; charset=utf-8")], "notes")));
    let base = serve(router).await;
    for path in ["menu", "moved"] {
        let (_, id) = delivered(&api, json!({ "type": "image", "url": format!("{base}/{path}") })).await;
        let info = api.get(&main_path(&format!("media/{id}"))).await.ok();
        assert_eq!(
            (&info["data"]["mimeType"], &info["data"]["fileLength"]),
            (&json!("image/png"), &json!(12))
        );
        assert_eq!(download(&api, &id).await.bytes, PNG);
    }
    let body = json!({ "type": "file", "url": format!("{base}/notes"), "filename": "notes" });
    let (_, id) = delivered(&api, body).await;
    assert_eq!(download(&api, &id).await.headers["content-type"], "text/plain");
}

#[tokio::test]
async fn a_file_that_cannot_be_had_is_not_sent() {
    let api = open().await;
    let large = async || Body::from(vec![0_u8; (50 << 20) + 1]);
    let router = Router::new()
        .route("/text", get(async || "no picture"))
        .route("/bomb", get(async || ([("content-encoding", "gzip")], PNG)))
        .route("/large", get(large))
        .route("/empty", get(async || ""))
        .route("/private", get(async || StatusCode::FORBIDDEN))
        .route("/loop", get(async || Redirect::temporary("/loop")));
    let base = serve(router).await;
    let before = api.transcript("main", SALES).await.len();
    for (path, status, word) in [
        ("text", 400, "image"),
        ("bomb", 400, "compressed"),
        ("large", 400, "50 MB"),
        ("empty", 400, "no bytes"),
        ("private", 404, "403"),
        ("loop", 404, "redirects"),
        ("missing", 404, "404"),
    ] {
        let error =
            send(&api, json!({ "type": "image", "url": format!("{base}/{path}") })).await.error(status);
        assert!(error.contains("`url`") && error.contains(word), "{path}: {error}");
    }
    let nobody = json!({ "session": "nobody", "type": "image", "url": format!("{base}/text") });
    assert!(send(&api, nobody).await.error(404).contains("nobody"));
    assert_eq!(api.transcript("main", SALES).await.len(), before);
}

#[tokio::test]
async fn a_file_at_a_private_address_is_not_fetched() {
    let api = Api::pair().await;
    let base = serve(Router::new().fallback(async || PNG)).await;
    let port = base.rsplit(':').next().unwrap();
    for url in [
        format!("{base}/a.png"),
        format!("https://127.0.0.1:{port}/a.png"),
        format!("https://localhost:{port}/a.png"),
        format!("https://2130706433:{port}/a.png"),
        format!("https://[::ffff:127.0.0.1]:{port}/a.png"),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://[::1]/a.png".to_owned(),
    ] {
        let error = send(&api, json!({ "type": "image", "url": url })).await.error(400);
        assert!(error.contains("`url`"), "{url}: {error}");
    }
    send(&api, json!({ "type": "image", "url": "https://user:pass@files.example.com/a.png" }))
        .await
        .error(400);
}

#[tokio::test]
async fn a_send_that_is_repeated_fetches_nothing_anew() {
    let api = open().await;
    let base = serve(Router::new().route("/once", get(async || PNG))).await;
    let body = json!({ "session": "main", "chatId": SALES, "type": "image", "url": format!("{base}/once") });
    let headers = [("idempotency-key", "the-same")];
    let post = async || {
        api.send(reqwest::Method::POST, "/api/messages/send", Some(body.clone()), &headers).await.ok()["data"]
            .clone()
    };
    assert_eq!(post().await, post().await);
}

#[tokio::test]
async fn deleting_a_message_deletes_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::new(fast().data_dir(Some(folder.path().to_owned()))).await;
    api.link("sales", "+5511999990002").await;
    let (message, id) = delivered(&api, json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0" })).await;
    assert_eq!(files(folder.path()).len(), 1);
    api.delete(&main_path(&format!("chats/{SALES}/messages/{message}"))).await.ok();
    api.get(&format!("/api/sessions/sales/media/{id}")).await.error(404);
    eventually("the file to go", || async { files(folder.path()).is_empty().then_some(()) }).await;
}

#[tokio::test]
async fn a_file_that_no_message_carries_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let start = async || Api::new(fast().data_dir(Some(folder.path().to_owned()))).await;
    let api = start().await;
    api.link("sales", "+5511999990002").await;
    let (_, id) = delivered(&api, json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0" })).await;
    let kept = files(folder.path());
    // The caption is refused after the file was taken in.
    let body = json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0", "caption": "x".repeat(2_000) });
    send(&api, body).await.error(400);
    eventually("the refused file to go", || async { (files(folder.path()) == kept).then_some(()) }).await;
    api.sandbox.stop().await;
    for stray in ["left-behind", "cut-off.part"] {
        std::fs::write(folder.path().join("media").join(stray), "bytes").unwrap();
    }
    let api = start().await;
    assert_eq!(files(folder.path()), kept);
    assert_eq!(download(&api, &id).await.bytes, PNG);
}

#[tokio::test]
async fn an_expired_file_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let start = async || Api::new(fast().data_dir(Some(folder.path().to_owned()))).await;
    let api = start().await;
    api.link("sales", "+5511999990002").await;
    let (_, lost) = delivered(&api, json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0" })).await;
    let (_, kept) = delivered(&api, json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0" })).await;
    api.post(&format!("/api/sessions/sales/media/{kept}/persist"), json!({})).await.ok();
    api.sandbox.stop().await;
    let database = rusqlite::Connection::open(folder.path().join("sandbox.sqlite3")).unwrap();
    database.execute("UPDATE media SET expires_at = 0", ()).unwrap();
    drop(database);
    let api = start().await;
    let error = download(&api, &lost).await.error(410);
    assert!(error.contains(&lost) && error.contains("expired"), "{error}");
    api.post(&format!("/api/sessions/sales/media/{lost}/persist"), json!({})).await.error(410);
    assert_eq!(download(&api, &kept).await.bytes, PNG, "a lasting copy outlives it");
    api.get(&format!("/api/sessions/sales/media/{lost}")).await.ok();
}

#[tokio::test]
async fn files_that_were_kept_in_the_database_become_files() {
    let folder = tempfile::tempdir().unwrap();
    let start = async || Api::new(fast().data_dir(Some(folder.path().to_owned()))).await;
    let api = start().await;
    api.link("sales", "+5511999990002").await;
    let (_, id) = delivered(&api, json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0" })).await;
    api.sandbox.stop().await;
    let database = rusqlite::Connection::open(folder.path().join("sandbox.sqlite3")).unwrap();
    database.execute("UPDATE media SET file = NULL", ()).unwrap();
    database.execute("INSERT INTO media_content (media_id, bytes) VALUES (?1, ?2)", (&id, PNG)).unwrap();
    drop(database);
    for _ in 0..2 {
        let api = start().await;
        assert_eq!(download(&api, &id).await.bytes, PNG);
        assert_eq!(files(folder.path()).len(), 1);
        api.sandbox.stop().await;
    }
}
