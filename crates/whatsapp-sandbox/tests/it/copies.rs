//! Lasting copies of media, in a folder and in a store that speaks the protocol of S3.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use whatsapp_sandbox::{MediaStore, S3Bucket, SandboxBuilder};

use crate::api::{Api, SALES, SUPPORT, fast};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

/// What a bucket holds, by path: the media type and the bytes.
type Objects = Arc<Mutex<BTreeMap<String, (String, Bytes)>>>;

/// A store with one bucket `media`, which takes what is signed with the right key id.
struct Store {
    url: String,
    objects: Objects,
}

impl Store {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let objects = Objects::default();
        let kept = Arc::clone(&objects);
        let router = Router::new().fallback(move |request: Request| answer(Arc::clone(&kept), request));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, objects }
    }

    fn bucket(&self, key: &str) -> MediaStore {
        MediaStore::S3(S3Bucket {
            endpoint: Some(self.url.clone()),
            region: "us-east-1".to_owned(),
            bucket: "media".to_owned(),
            access_key_id: key.to_owned(),
            secret_access_key: "obviously-fake-secret".to_owned(),
        })
    }
}

async fn answer(objects: Objects, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let signed = |headers: &HeaderMap| {
        let signature = headers.get("authorization")?.to_str().ok()?;
        Some(signature.starts_with("AWS4-HMAC-SHA256 Credential=fake-key/"))
    };
    if signed(&parts.headers) != Some(true) || !path.starts_with("/media/") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let tag = [("etag", "\"1\""), ("last-modified", "Fri, 15 Jan 2027 08:00:00 GMT")];
    match parts.method.as_str() {
        "PUT" => {
            let mime_type = parts.headers["content-type"].to_str().unwrap().to_owned();
            objects.lock().unwrap().insert(path, (mime_type, bytes));
            tag.into_response()
        }
        "GET" => match objects.lock().unwrap().get(&path) {
            Some((_, bytes)) => (tag, bytes.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// A picture that has arrived at the session `sales`: the path of its record.
async fn picture(builder: SandboxBuilder) -> (Api, String) {
    let api = Api::new(builder).await;
    api.link("sales", "+5511999990002").await;
    let body = json!({ "session": "main", "chatId": SALES, "type": "image", "base64": "iVBORw0KGgpyZXN0" });
    let sent = api.post("/api/messages/send", body).await.ok()["data"].clone();
    api.message("sales", SUPPORT, "the message", |it| it["id"] == sent["id"]).await;
    (api, format!("/api/sessions/sales/media/{}", sent["mediaId"].as_str().unwrap()))
}

async fn persist(api: &Api, path: &str) -> Value {
    let record = api.post(&format!("{path}/persist"), json!({})).await.ok()["data"].clone();
    assert_eq!(record["persisted"], true);
    assert_eq!(api.get(path).await.ok()["data"], record);
    record["s3Url"].clone()
}

#[tokio::test]
async fn media_are_persisted_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let copies = folder.path().join("a b");
    let (api, path) = picture(fast().media_store(MediaStore::Folder(copies.clone()))).await;
    let url = persist(&api, &path).await;
    let file = url::Url::parse(url.as_str().unwrap()).unwrap().to_file_path().unwrap();
    assert_eq!(file.parent().unwrap(), copies.canonicalize().unwrap());
    assert_eq!(std::fs::read(&file).unwrap(), PNG);
    assert_eq!(file.extension().unwrap(), "png");
    assert_eq!(persist(&api, &path).await, url, "the second time changes nothing");
}

#[tokio::test]
async fn a_data_folder_holds_the_copies_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let (api, path) = picture(fast().data_dir(Some(folder.path().to_owned()))).await;
    persist(&api, &path).await;
    assert_eq!(std::fs::read_dir(folder.path().join("copies")).unwrap().count(), 1);
    let (api, path) = picture(fast()).await;
    assert!(persist(&api, &path).await.as_str().unwrap().starts_with("memory://"));
}

#[tokio::test]
async fn media_are_persisted_in_a_store_that_speaks_s3() {
    let store = Store::start().await;
    let (api, path) = picture(fast().media_store(store.bucket("fake-key"))).await;
    let url = persist(&api, &path).await;
    let (key, (mime_type, bytes)) =
        store.objects.lock().unwrap().first_key_value().map(|(k, v)| (k.clone(), v.clone())).unwrap();
    assert_eq!(url, format!("{}{key}", store.url));
    assert_eq!((mime_type.as_str(), &*bytes), ("image/png", PNG));
}

#[tokio::test]
async fn a_store_that_refuses_or_is_away_is_a_bad_gateway() {
    let store = Store::start().await;
    let (api, path) = picture(fast().media_store(store.bucket("wrong-key"))).await;
    api.post(&format!("{path}/persist"), json!({})).await.error(502);
    assert_eq!(api.get(&path).await.ok()["data"]["persisted"], false);
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let store = Store { url: format!("http://{away}"), objects: Objects::default() };
    let (api, path) = picture(fast().media_store(store.bucket("fake-key"))).await;
    let error = api.post(&format!("{path}/persist"), json!({})).await.error(502);
    assert!(!error.contains("secret"), "{error}");
    assert!(!format!("{:?}", store.bucket("fake-key")).contains("fake"), "keys are not printed");
}
