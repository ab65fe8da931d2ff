use std::path::Path;

use serde_json::json;
use whatsapp_sandbox::{
    FULL_KEY, KIRIM_KEY, MASTER_KEY, READ_ONLY_KEY, Sandbox, SandboxBuilder, SandboxError, StoreError,
};

use crate::api::{ANA, Api, fast, http};

fn in_folder(folder: &Path) -> SandboxBuilder {
    fast().data_dir(Some(folder.to_owned()))
}

#[tokio::test]
async fn state_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::new(in_folder(folder.path())).await;
    api.link("agent", "+14155550123").await;
    let id = api.say("main", ANA, "remember this").await;
    let read = api.message("main", ANA, "Ana to read", |it| it["id"] == *id && it["status"] == "read").await;
    api.sandbox.stop().await;

    let api = Api::new(in_folder(folder.path())).await;
    let messages = api.transcript("main", ANA).await;
    assert_eq!(messages.last(), Some(&read));
    let agent = api.get("/api/sessions/agent").await.ok();
    assert_eq!(agent["data"]["status"], "CONNECTED");
    let overview = api.get("/_sandbox").await.ok();
    assert_eq!(overview["data"]["accounts"].as_array().unwrap().len(), 9, "the demo is planted once");
    api.sandbox.stop().await;
}

#[tokio::test]
async fn what_was_under_way_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let slow = in_folder(folder.path()).receipt_delay(std::time::Duration::from_millis(200));
    let api = Api::new(slow).await;
    let id = api.say("main", ANA, "on its way").await;
    api.sandbox.stop().await;
    let api = Api::new(in_folder(folder.path())).await;
    api.message("main", ANA, "Ana to read", |it| it["id"] == *id && it["status"] == "read").await;
}

#[tokio::test]
async fn a_second_sandbox_on_a_folder_is_told_who_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let first = in_folder(folder.path()).start().await.unwrap();
    let refusal = in_folder(folder.path()).start().await.unwrap_err();
    assert!(matches!(refusal, SandboxError::Store(StoreError::InUse { .. })), "{refusal:?}");
    let text = refusal.to_string();
    assert!(text.contains(&format!("process id {}", std::process::id())), "{text}");
    first.stop().await;
    in_folder(folder.path()).start().await.unwrap().stop().await;
}

#[tokio::test]
async fn a_folder_of_a_newer_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    in_folder(folder.path()).start().await.unwrap().stop().await;
    let database = rusqlite::Connection::open(folder.path().join("sandbox.sqlite3")).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let refusal = in_folder(folder.path()).start().await.unwrap_err();
    assert!(matches!(refusal, SandboxError::Store(StoreError::TooNew { found: 99, .. })), "{refusal:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let refusal = in_folder(&file.path().join("data")).start().await.unwrap_err();
    assert!(refusal.to_string().contains("data"), "{refusal}");
}

#[tokio::test]
async fn without_the_demo_there_are_keys_and_nothing_else() {
    let api = Api::new(fast().seed(false)).await;
    assert_eq!(api.get("/api/sessions").await.ok()["data"], json!([]));
    let overview = api.get("/_sandbox").await.ok();
    assert_eq!(overview["data"]["accounts"], json!([]));
    api.link("agent", "+14155550123").await;
    assert_eq!(api.get("/api/sessions/agent/chats").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn a_key_that_was_deleted_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let api = Api::new(in_folder(folder.path())).await;
    let delete = "/admin/keys/key_sandbox_read_only";
    api.send(reqwest::Method::DELETE, delete, None, &[]).await.error(403);
    let gone = api.request(reqwest::Method::DELETE, delete).bearer_auth(MASTER_KEY).send().await.unwrap();
    assert_eq!(gone.status(), 200);
    api.sandbox.stop().await;
    let again = Api::new(in_folder(folder.path())).await;
    again.get("/api/sessions").await.ok();
    again.with_key(READ_ONLY_KEY).get("/api/sessions").await.error(401);
}

#[tokio::test]
async fn an_address_open_to_other_machines_must_be_allowed() {
    let open = || fast().address("0.0.0.0:0".parse().unwrap());
    let refusal = open().start().await.unwrap_err();
    assert!(matches!(refusal, SandboxError::NotLoopback(_)), "{refusal:?}");
    let sandbox = open().allow_public(true).start().await.unwrap();
    let port = sandbox.address().port();
    let api = Api::new(fast()).await;
    let control = reqwest_get(&format!("http://127.0.0.1:{port}/_sandbox")).await;
    assert_eq!(control, 404, "the routes that need no key are off");
    assert_eq!(reqwest_get(&format!("http://127.0.0.1:{port}/whatsapp-web/api/status")).await, 404);
    let ask = async |path: &str, key: &str| {
        let request = http().get(format!("http://127.0.0.1:{port}{path}")).bearer_auth(key);
        request.send().await.unwrap().status().as_u16()
    };
    for (path, published, drawn) in [
        ("/api/sessions", FULL_KEY, sandbox.full_key()),
        ("/admin/keys", MASTER_KEY, sandbox.master_key()),
        ("/kirim/v1/me", KIRIM_KEY, sandbox.kirim_key()),
    ] {
        assert_eq!((ask(path, published).await, ask(path, drawn).await), (401, 200), "{path}");
    }
    drop(api);
    sandbox.stop().await;
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let first = fast().start().await.unwrap();
    let refusal = fast().address(first.address()).start().await.unwrap_err();
    assert!(matches!(refusal, SandboxError::Listen { .. }), "{refusal:?}");
    assert!(refusal.to_string().contains(&first.address().to_string()), "{refusal}");
}

#[tokio::test]
async fn the_router_answers_in_process() {
    let sandbox: Sandbox = fast().start().await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = sandbox.router();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    assert_eq!(reqwest_get(&format!("http://{address}/_sandbox")).await, 200);
    server.abort();
}

async fn reqwest_get(url: &str) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::get(url).await.unwrap().status().as_u16()
}
