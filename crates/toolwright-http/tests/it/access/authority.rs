//! An authorization server on this machine: metadata, keys, and whatever a test mounts on it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_http::access::{Access, OAuthConfig, UpstreamCredential};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::jwt::{Signer, now};

pub(super) const RESOURCE: &str = "https://mcp.example.com/mcp";
pub(super) const API_KEY: &str = "the-key-of-the-api-0123456789";

const METADATA: &str = "/.well-known/oauth-authorization-server";

pub(super) struct Authority {
    pub(super) server: MockServer,
    /// What is published; nothing while the server is down.
    published: Arc<Mutex<Option<Published>>>,
}

#[derive(Clone, Default)]
struct Published {
    keys: Vec<Value>,
    cache_control: Option<&'static str>,
}

impl Authority {
    /// A server that publishes these keys.
    pub(super) async fn publishing(signers: &[&Signer]) -> Self {
        let authority = Self { server: MockServer::start().await, published: Arc::default() };
        authority.publish(signers);
        let issuer = authority.issuer();
        let metadata = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys?set=1") });
        authority.mount(METADATA, move |_| ResponseTemplate::new(200).set_body_json(&metadata)).await;
        let published = Arc::clone(&authority.published);
        authority.mount("/keys", move |_| answer(published.lock().unwrap().clone())).await;
        authority
    }

    async fn mount(
        &self,
        at: &str,
        respond: impl Fn(&wiremock::Request) -> ResponseTemplate + Send + Sync + 'static,
    ) {
        Mock::given(method("GET")).and(path(at)).respond_with(respond).mount(&self.server).await;
    }

    pub(super) fn publish(&self, signers: &[&Signer]) {
        self.publish_keys(signers.iter().map(|signer| signer.jwk()).collect());
    }

    pub(super) fn publish_keys(&self, keys: Vec<Value>) {
        self.published.lock().unwrap().get_or_insert_default().keys = keys;
    }

    /// From now on the keys are sent with this header.
    pub(super) fn with_cache_control(self, value: &'static str) -> Self {
        self.published.lock().unwrap().get_or_insert_default().cache_control = Some(value);
        self
    }

    pub(super) fn stop(&self) {
        *self.published.lock().unwrap() = None;
    }

    pub(super) fn issuer(&self) -> String {
        self.server.uri()
    }

    /// How often the keys were asked for.
    pub(super) async fn fetches(&self) -> usize {
        let requests = self.server.received_requests().await.unwrap();
        requests.iter().filter(|request| request.url.path() == "/keys").count()
    }

    pub(super) fn config(&self) -> OAuthConfig {
        OAuthConfig::new(&self.issuer(), RESOURCE)
    }

    pub(super) fn access(&self) -> Access {
        fixed(self.config())
    }

    /// Claims that are right in every way.
    pub(super) fn claims(&self) -> Value {
        json!({
            "iss": self.issuer(), "aud": RESOURCE, "sub": "alice", "client_id": "agent",
            "exp": now() + 30 * 24 * 3_600, "iat": now(), "scope": "openid messages:read groups:*",
        })
    }

    /// Those claims with one of them changed, or removed where the value is `null`.
    pub(super) fn claims_with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        claims
    }
}

/// OAuth with one credential for the API.
pub(super) fn fixed(config: OAuthConfig) -> Access {
    let credential = Credential::bearer(API_KEY).unwrap();
    Access::oauth(config, UpstreamCredential::Fixed(credential), Granted::all()).unwrap()
}

fn answer(published: Option<Published>) -> ResponseTemplate {
    let Some(published) = published else { return ResponseTemplate::new(500) };
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "keys": published.keys }));
    match published.cache_control {
        Some(value) => answer.insert_header("cache-control", value),
        None => answer,
    }
}

/// Lets time go by for caches, but not for sockets.
pub(super) async fn time_passes(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
