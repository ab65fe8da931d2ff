//! Sessions of the MCP server, kept in what replicas share.

use std::sync::Arc;

use rmcp::transport::streamable_http_server::session::store::{
    SessionState, SessionStore, SessionStoreError,
};

use super::{SharedError, SharedState};

/// Lets the MCP server of `rmcp` keep what it needs to take up a session that another replica opened.
#[derive(Debug, Clone)]
pub struct SessionStoreAdapter(Arc<dyn SharedState>);

impl SessionStoreAdapter {
    /// Sessions are kept there.
    pub fn new(shared: Arc<dyn SharedState>) -> Self {
        Self(shared)
    }
}

#[async_trait::async_trait]
impl SessionStore for SessionStoreAdapter {
    async fn load(&self, session_id: &str) -> Result<Option<SessionState>, SessionStoreError> {
        let Some(stored) = self.0.load_session(session_id).await? else { return Ok(None) };
        let unreadable = || SharedError::Unreadable { key: format!("session {session_id}") };
        let state = serde_json::from_slice(&stored).map_err(|_| unreadable())?;
        Ok(Some(state))
    }

    async fn store(&self, session_id: &str, state: &SessionState) -> Result<(), SessionStoreError> {
        Ok(self.0.store_session(session_id, serde_json::to_vec(state)?).await?)
    }

    async fn delete(&self, session_id: &str) -> Result<(), SessionStoreError> {
        Ok(self.0.delete_session(session_id).await?)
    }
}
