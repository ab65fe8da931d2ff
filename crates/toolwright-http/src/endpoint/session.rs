//! Session ids on their way in and out: a session belongs to the caller who opened it.
//!
//! The id that a client gets carries a proof of that, so that any replica can check it and nothing has to be kept:
//! `<id>.<proof>`.

use std::sync::Arc;

use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};

use super::{binding, overloaded};
use crate::shared::SharedState;
use crate::{Fingerprint, Refusal};

const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");
const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");

/// The first revision without sessions.
const STATELESS_SINCE: &[u8] = b"2026-07-28";

/// Seals and opens session ids.
pub(super) struct SessionIds {
    shared: Arc<dyn SharedState>,
}

impl SessionIds {
    pub(super) fn new(shared: Arc<dyn SharedState>) -> Self {
        Self { shared }
    }

    /// Turns the id that the client knows into the server's own. Requests of the stateless era have none, whatever
    /// they carry.
    ///
    /// # Errors
    /// This caller has no such session.
    pub(super) async fn open(&self, headers: &mut HeaderMap, caller: &Fingerprint) -> Result<(), Refusal> {
        let Some(sealed) = headers.remove(SESSION_ID) else { return Ok(()) };
        if headers.get(PROTOCOL_VERSION).is_some_and(|version| version.as_bytes() >= STATELESS_SINCE) {
            return Ok(());
        }
        let secret = self.secret().await?;
        let id = sealed.to_str().ok().and_then(|sealed| binding::open(&secret, sealed, caller));
        let id = id.and_then(|id| HeaderValue::from_str(id).ok()).ok_or_else(no_session)?;
        headers.insert(SESSION_ID, id);
        Ok(())
    }

    /// Turns the server's own id into one that only this caller can use.
    pub(super) async fn seal(
        &self,
        response: &mut Response<Body>,
        caller: &Fingerprint,
    ) -> Result<(), Refusal> {
        let Some(id) = response.headers_mut().remove(SESSION_ID) else { return Ok(()) };
        let secret = self.secret().await?;
        let sealed = id.to_str().ok().map(|id| binding::seal(&secret, id, caller));
        if let Some(sealed) = sealed.and_then(|sealed| HeaderValue::from_str(&sealed).ok()) {
            response.headers_mut().insert(SESSION_ID, sealed);
        }
        Ok(())
    }

    async fn secret(&self) -> Result<[u8; 32], Refusal> {
        self.shared.secret("session").await.map_err(|error| {
            tracing::warn!(%error, "the key of sessions cannot be had");
            overloaded("what the replicas of this server share is out of reach")
        })
    }
}

fn no_session() -> Refusal {
    let message = "there is no such session for this caller: begin again with `initialize`";
    Refusal::new(StatusCode::NOT_FOUND, -32_005, "not_found", message)
}
