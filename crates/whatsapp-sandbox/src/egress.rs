//! The only way out of the sandbox: HTTP to addresses that somebody outside chose.
//!
//! Whoever registers a webhook or sends a file by URL decides where this machine connects to. So only `https` to the
//! public internet is spoken: a host's every address is checked, and the connection goes to a checked one. Redirects of
//! a webhook are not followed; those of a download are, three at most, and each is checked like the first address. No
//! proxy and no cookie is used, compressed answers are refused, and every answer has a limit in bytes and in time.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use reqwest::Response;
use url::Url;

mod client;
mod error;
mod policy;
mod target;

#[cfg(test)]
mod tests;

pub(crate) use client::S3Connector;
pub(crate) use error::EgressError;

use client::Clients;
use policy::Policy;

/// How many redirects of a download are followed.
const MAX_REDIRECTS: usize = 3;
/// How long a download may take, redirects included.
const FETCH_TIMEOUT: Duration = Duration::from_secs(30);
/// The most bytes of an answer's body that are read to keep the connection.
const MAX_DRAINED: u64 = 64 << 10;
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// A handle to the guarded HTTP clients; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Egress(Arc<Clients>);

/// What a webhook's target answered.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    /// The header `Retry-After`, as it came.
    pub(crate) retry_after: Option<String>,
}

/// A file that was downloaded.
#[derive(Clone, Debug)]
pub(crate) struct Fetched {
    pub(crate) bytes: Bytes,
    /// The media type that its server gave, without parameters.
    pub(crate) mime_type: Option<String>,
}

impl Egress {
    /// `allow_private` lets `http` and addresses of this machine and its network pass as well: for local development.
    pub(crate) fn new(allow_private: bool) -> Self {
        Self::with(if allow_private { Policy::ANYWHERE } else { Policy::PUBLIC })
    }

    fn with(policy: Policy) -> Self {
        Self(Arc::new(Clients::new(policy)))
    }

    /// Whether addresses without TLS may be called.
    pub(crate) fn allows_plain(&self) -> bool {
        self.0.policy().is_local
    }

    /// The address, if it may be called as far as its text tells. Its name is resolved, and the addresses checked,
    /// whenever it is called.
    pub(crate) fn check(&self, url: &str) -> Result<Url, EgressError> {
        target::check(url, self.0.policy())
    }

    /// Posts to an address and waits for the head of the answer. Its body means nothing.
    pub(crate) async fn post(
        &self,
        url: &str,
        headers: HeaderMap,
        body: Bytes,
        timeout: Duration,
    ) -> Result<Answered, EgressError> {
        let url = self.check(url)?;
        let work = async {
            let request = self.0.get(&url).await?.post(url.clone()).headers(headers).body(body);
            let response = request.send().await.map_err(|error| EgressError::from_reqwest(&error, &url))?;
            let retry_after = response.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok());
            let (status, retry_after) = (response.status(), retry_after.map(str::to_owned));
            tokio::spawn(drain(response));
            Ok(Answered { status, retry_after })
        };
        within(timeout, &url, work).await
    }

    /// Downloads a file of up to `limit` bytes.
    pub(crate) async fn fetch(&self, url: &str, limit: usize) -> Result<Fetched, EgressError> {
        let url = self.check(url)?;
        within(FETCH_TIMEOUT, &url, self.follow(url.clone(), limit)).await
    }

    async fn follow(&self, mut url: Url, limit: usize) -> Result<Fetched, EgressError> {
        for _ in 0..=MAX_REDIRECTS {
            let request = self.0.get(&url).await?.get(url.clone());
            let response = request.send().await.map_err(|error| EgressError::from_reqwest(&error, &url))?;
            if !response.status().is_redirection() {
                return read(response, &url, limit).await;
            }
            url = self.next(&response, &url)?;
        }
        Err(EgressError::TooManyRedirects { most: MAX_REDIRECTS })
    }

    /// Where a redirect leads, checked like the first address.
    fn next(&self, response: &Response, url: &Url) -> Result<Url, EgressError> {
        let location = response.headers().get(LOCATION).and_then(|it| it.to_str().ok());
        let next = location.and_then(|it| url.join(it).ok());
        let next = next.ok_or_else(|| EgressError::Redirect { place: target::place(url) })?;
        self.check(next.as_str())
    }
}

async fn within<T>(
    limit: Duration,
    url: &Url,
    work: impl Future<Output = Result<T, EgressError>>,
) -> Result<T, EgressError> {
    let late = |_| Err(EgressError::Timeout { place: target::place(url), limit });
    tokio::time::timeout(limit, work).await.unwrap_or_else(late)
}

/// Reads a short body to its end, so that its connection can be used again. A long one ends the connection.
async fn drain(mut response: Response) {
    if response.content_length().is_none_or(|length| length > MAX_DRAINED) {
        return;
    }
    let rest = async { while let Ok(Some(_)) = response.chunk().await {} };
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, rest).await;
}

async fn read(mut response: Response, url: &Url, limit: usize) -> Result<Fetched, EgressError> {
    if !response.status().is_success() {
        return Err(EgressError::Status { place: target::place(url), status: response.status() });
    }
    let encoding = response.headers().get(CONTENT_ENCODING).map(http::HeaderValue::as_bytes);
    if encoding.is_some_and(|it| !it.eq_ignore_ascii_case(b"identity")) {
        return Err(EgressError::Compressed { place: target::place(url) });
    }
    let too_large = EgressError::TooLarge { limit };
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(too_large);
    }
    let mime_type = response.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let mime_type = mime_type.and_then(|it| it.split(';').next()).map(|it| it.trim().to_ascii_lowercase());
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| EgressError::from_reqwest(&error, url))? {
        if bytes.len() + chunk.len() > limit {
            return Err(too_large);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Fetched { bytes: bytes.freeze(), mime_type })
}
