//! Files that are given by their URL, fetched from the public internet only.

use std::{error::Error, net::IpAddr, time::Duration};

use http::header::CONTENT_TYPE;
use percent_encoding::percent_decode_str;
use reqwest::{
    ClientBuilder, Response,
    dns::{Addrs, Name, Resolve, Resolving},
};
use url::{Host, Url};

use super::{FileContent, FileError, address::is_public_address};
use crate::{Failure, body, transport};

/// What may be fetched for a file argument that is given by its URL.
///
/// Whoever writes the argument chooses the address, so by default only `https` to the public internet is fetched: every
/// address of the host is checked, and the connection goes to a checked one. Redirects are not followed, and proxies
/// are not used, as they would resolve the name anew. No credential is ever sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchPolicy {
    /// How large a file may be, in bytes: 16 MiB by default.
    pub max_bytes: u64,
    /// How long fetching may take: 30 seconds by default.
    pub timeout: Duration,
    /// Whether `http` and addresses of this machine and its network are fetched too. For local development only.
    pub allow_private: bool,
}

impl Default for FetchPolicy {
    fn default() -> Self {
        Self { max_bytes: 16 << 20, timeout: Duration::from_secs(30), allow_private: false }
    }
}

pub(super) async fn fetch(url: &str, policy: &FetchPolicy) -> Result<FileContent, FileError> {
    let url = check_url(url, *policy)?;
    let fetched = tokio::time::timeout(policy.timeout, download(&url, *policy)).await;
    fetched.unwrap_or_else(|_| {
        let place = transport::place(&url);
        Err(FileError::Fetch(format!("{place} took longer than {:?}", policy.timeout)))
    })
}

fn check_url(url: &str, policy: FetchPolicy) -> Result<Url, FileError> {
    let url = Url::parse(url).map_err(|error| FileError::Url(format!("it is not a URL ({error})")))?;
    let fetched = url.scheme() == "https" || policy.allow_private && url.scheme() == "http";
    if !fetched {
        return Err(FileError::Url("it does not begin with `https://`".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FileError::Url("it has a user name or a password before the host".to_owned()));
    }
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
        Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
        _ => None,
    };
    match literal {
        Some(address) if !policy.allow_private && !is_public_address(address) => Err(private(&url)),
        _ => Ok(url),
    }
}

async fn download(url: &Url, policy: FetchPolicy) -> Result<FileContent, FileError> {
    let place = transport::place(url);
    let failed = |failure: Failure| match failure {
        Failure::TooLarge { limit, .. } => FileError::TooLarge { limit },
        other => FileError::Fetch(other.to_string()),
    };
    let tls = url.scheme() == "https";
    let client = transport::build(move || client(tls, policy)).await.map_err(failed)?;
    let answered = client.get(url.clone()).send().await;
    let response = answered.map_err(|error| {
        if is_not_public(&error) { private(url) } else { failed(transport::failure(&error, &place)) }
    })?;
    if !response.status().is_success() {
        return Err(FileError::Fetch(format!("{place} answers {}", response.status())));
    }
    let mime_type = mime_type(&response);
    let bytes = body::read(response, policy.max_bytes, url).await.map_err(failed)?;
    Ok(FileContent { bytes, filename: filename(url), mime_type })
}

/// A client for one file. It keeps no connection: the next file is elsewhere.
fn client(tls: bool, policy: FetchPolicy) -> ClientBuilder {
    let builder = if tls { transport::tls_client() } else { transport::plain_client() };
    let builder = builder.no_proxy().pool_max_idle_per_host(0);
    if policy.allow_private { builder } else { builder.dns_resolver(PublicOnly) }
}

/// Resolves names of which every address is public. The connection then goes to one of exactly these addresses, so a
/// name cannot change its mind between the check and the connection.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if addresses.iter().any(|address| !is_public_address(address.ip())) {
                return Err(NotPublic.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that is not public")]
struct NotPublic;

fn is_not_public(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn private(url: &Url) -> FileError {
    FileError::PrivateAddress { host: url.host_str().unwrap_or_default().to_owned() }
}

fn mime_type(response: &Response) -> Option<String> {
    response.headers().get(CONTENT_TYPE)?.to_str().ok().map(str::to_owned)
}

fn filename(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    let name = percent_decode_str(last).decode_utf8().ok()?;
    let plain = name.contains('.') && !name.contains(['/', '\\']) && !name.chars().any(char::is_control);
    plain.then(|| name.into_owned())
}
