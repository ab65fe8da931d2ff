//! What a server keeps for itself where nothing is shared.

use std::sync::Arc;

use rmcp::model::{ClientCapabilities, Implementation, InitializeRequestParams};
use rmcp::transport::streamable_http_server::session::store::{SessionState, SessionStore as _};
use toolwright_http::shared::{
    Health, InProcess, MAX_SESSION_BYTES, SessionStoreAdapter, SharedError, SharedState,
};

pub(crate) fn session(client: &str) -> SessionState {
    let client = Implementation::new(client, "1.0");
    SessionState::new(InitializeRequestParams::new(ClientCapabilities::default(), client))
}

#[tokio::test]
async fn a_key_is_made_once_for_each_name() {
    let shared = InProcess::default();
    let sessions = shared.secret("session").await.unwrap();
    assert_eq!(shared.secret("session").await.unwrap(), sessions);
    assert_ne!(shared.secret("request-state").await.unwrap(), sessions);
    assert_ne!(InProcess::default().secret("session").await.unwrap(), sessions);
    assert_eq!(shared.health(), Health::Whole);
    let text = format!("{shared:?}");
    assert!(!text.contains(&format!("{}, {}", sessions[0], sessions[1])), "{text}");
}

#[tokio::test]
async fn sessions_come_back_as_they_were_stored() {
    let store = SessionStoreAdapter::new(Arc::new(InProcess::default()));
    assert!(store.load("a").await.unwrap().is_none());
    store.store("a", &session("editor")).await.unwrap();
    let loaded = store.load("a").await.unwrap().unwrap();
    assert_eq!(loaded.initialize_params.client_info.name, "editor");
    assert!(store.load("b").await.unwrap().is_none());
    store.delete("a").await.unwrap();
    assert!(store.load("a").await.unwrap().is_none());
}

#[tokio::test]
async fn sessions_that_are_too_large_are_not_kept() {
    let shared = InProcess::default();
    let refused = shared.store_session("a", vec![0; MAX_SESSION_BYTES + 1]).await;
    assert_eq!(refused, Err(SharedError::TooLarge(MAX_SESSION_BYTES + 1)));
    shared.store_session("a", vec![0; MAX_SESSION_BYTES]).await.unwrap();
}
