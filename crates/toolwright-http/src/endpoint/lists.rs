//! `tools/list` from prepared bytes: it is the largest answer, asked for at every start of a client, and the same for all
//! callers with the same scopes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Response};
use rmcp::model::ProtocolVersion;
use toolwright::{Granted, Server};

use super::asked::{Asked, Params};

/// How many sets of scopes are kept ready. More than any server has kinds of keys; more callers are served the slow way.
const CAPACITY: usize = 256;

/// First pages of `tools/list`, as JSON.
#[derive(Debug, Default)]
pub(super) struct Lists(Mutex<HashMap<Key, Arc<[u8]>>>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    granted: String,
    stateless: bool,
}

impl Lists {
    /// The answer, where the request is beyond doubt: a first page, in one of the two eras, with headers that agree.
    /// Every other request is the MCP server's to answer, or to refuse.
    pub(super) fn answer(
        &self,
        server: &Server,
        granted: &Granted,
        headers: &HeaderMap,
        asked: &Asked<'_>,
    ) -> Option<Response<Body>> {
        let params = asked.params()?;
        if params.cursor.as_ref().is_some_and(|cursor| !cursor.is_empty()) {
            return None;
        }
        let stateless = era(headers, &params)?;
        let page = self.page(server, granted, stateless)?;
        let id = asked.raw_id()?;
        let mut body = Vec::with_capacity(page.len() + id.len() + 40);
        for part in [br#"{"jsonrpc":"2.0","id":"#, id.as_bytes(), br#","result":"#, &*page, b"}"] {
            body.extend_from_slice(part);
        }
        let mut response = Response::new(Body::from(Bytes::from(body)));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Some(response)
    }

    fn page(&self, server: &Server, granted: &Granted, stateless: bool) -> Option<Arc<[u8]>> {
        let key = Key { granted: granted.to_string(), stateless };
        if let Some(page) = self.lock().get(&key) {
            return Some(Arc::clone(page));
        }
        let page = server.tools_page(None, granted, stateless).ok()?;
        let page: Arc<[u8]> = serde_json::to_vec(&page).ok()?.into();
        let mut pages = self.lock();
        if pages.len() < CAPACITY {
            pages.insert(key, Arc::clone(&page));
        }
        Some(page)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<[u8]>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a request is of the stateless era; `None` if its headers and its body do not say the same.
fn era(headers: &HeaderMap, params: &Params<'_>) -> Option<bool> {
    let version = single(headers, "mcp-protocol-version")?;
    let meta = params.meta.as_ref();
    let Some(said) = meta.and_then(|meta| meta.protocol_version.as_deref()) else {
        let mut handshake = ProtocolVersion::KNOWN_VERSIONS.iter().filter(|known| known.has_initialize());
        return (version.is_empty() || handshake.any(|known| known.as_str() == version)).then_some(false);
    };
    let agrees = said == ProtocolVersion::V_2026_07_28.as_str()
        && version == said
        && single(headers, "mcp-method")? == "tools/list"
        && meta?.client_capabilities?.get().starts_with('{');
    agrees.then_some(true)
}

/// The value of a header, empty where it does not come; `None` if it comes twice or is no text.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Some(""),
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}
