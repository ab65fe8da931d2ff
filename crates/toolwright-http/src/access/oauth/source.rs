//! Where the keys of an authorization server are, and getting them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use http::header::CACHE_CONTROL;
use serde::Deserialize;
use toolwright::client::StatusCode;
use url::Url;

use super::super::AccessError;
use super::super::remote::{Remote, RemoteError};
use super::keys::KeySet;

const KEYS: &str = "the URL of the keys";
const METADATA: &str = "the issuer";

/// Where keys come from.
#[derive(Debug)]
pub(super) enum KeySource {
    Given(Remote),
    Discovered {
        issuer: String,
        /// The places where the metadata may be, in order.
        places: Vec<Remote>,
        /// What they said, until the keys are not there any more.
        found: Mutex<Option<Remote>>,
    },
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(super) enum SourceError {
    #[error(transparent)]
    Remote(#[from] RemoteError),
    #[error(
        "the authorization server calls itself `{found}`, but is configured as `{configured}`: they must be equal"
    )]
    Issuer { found: String, configured: String },
    #[error("the authorization server has no metadata at {0}: configure the URL of its keys")]
    NoMetadata(String),
}

/// The part of the metadata that matters here.
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl KeySource {
    pub(super) fn given(url: &Url) -> Result<Self, AccessError> {
        Ok(Self::Given(Remote::new(KEYS, url)?))
    }

    pub(super) fn discovered(issuer: &str, url: &Url) -> Result<Self, AccessError> {
        if url.query().is_some() || url.fragment().is_some() {
            let reason = "it has a query or a fragment".to_owned();
            return Err(AccessError::Url { what: METADATA, reason });
        }
        let first = Remote::new(METADATA, url)?;
        let places =
            places(url).iter().map(|place| first.sibling(METADATA, place)).collect::<Result<_, _>>()?;
        Ok(Self::Discovered { issuer: issuer.to_owned(), places, found: Mutex::default() })
    }

    /// The keys as they are published now, and how long they may be kept where the answer says so.
    pub(super) async fn fetch(&self) -> Result<(KeySet, Option<Duration>), SourceError> {
        let Self::Discovered { found, .. } = self else { return self.fetch_from(&self.place().await?).await };
        let known = found.lock().unwrap_or_else(PoisonError::into_inner).take();
        let place = match known {
            Some(place) => place,
            None => self.place().await?,
        };
        let fetched = self.fetch_from(&place).await?;
        *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
        Ok(fetched)
    }

    async fn fetch_from(&self, place: &Remote) -> Result<(KeySet, Option<Duration>), SourceError> {
        let answer = place.get().await?;
        let keys = KeySet::read(&answer.body).ok_or_else(|| place.unusable("a set of keys"))?;
        Ok((keys, max_age(&answer.headers)))
    }

    /// Where the keys are now.
    async fn place(&self) -> Result<Remote, SourceError> {
        let (issuer, places) = match self {
            Self::Given(place) => return Ok(place.clone()),
            Self::Discovered { issuer, places, .. } => (issuer, places),
        };
        for place in places {
            let answer = match place.get().await {
                Err(RemoteError::Status { status, .. }) if is_absent(status) => continue,
                answer => answer?,
            };
            let metadata: Metadata = serde_json::from_slice(&answer.body)
                .map_err(|_| place.unusable("metadata with `issuer` and `jwks_uri`"))?;
            if metadata.issuer != *issuer {
                return Err(SourceError::Issuer { found: metadata.issuer, configured: issuer.clone() });
            }
            let url = Url::parse(&metadata.jwks_uri)
                .map_err(|_| place.unusable("metadata whose `jwks_uri` is a URL"))?;
            return Ok(place.sibling(KEYS, &url).map_err(RemoteError::from)?);
        }
        Err(SourceError::NoMetadata(issuer.clone()))
    }
}

fn is_absent(status: StatusCode) -> bool {
    status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS
}

/// Where an authorization server may have its metadata: RFC 8414, OpenID Connect in the same way, and OpenID Connect in
/// its own.
fn places(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut paths = vec![
        format!("/.well-known/oauth-authorization-server{path}"),
        format!("/.well-known/openid-configuration{path}"),
    ];
    if !path.is_empty() {
        paths.push(format!("{path}/.well-known/openid-configuration"));
    }
    let at = |path: &String| {
        let mut url = issuer.clone();
        url.set_path(path);
        url
    };
    paths.iter().map(at).collect()
}

/// How long an answer may be kept. What must not be kept has an age of nothing.
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(CACHE_CONTROL)?.to_str().ok()?.to_ascii_lowercase();
    let mut directives = value.split(',').map(str::trim);
    if directives.clone().any(|directive| matches!(directive, "no-store" | "no-cache")) {
        return Some(Duration::ZERO);
    }
    let seconds = directives.find_map(|directive| directive.strip_prefix("max-age="))?;
    seconds.trim_matches('"').parse().ok().map(Duration::from_secs)
}
