//! What can be told of an address from its text.

use url::{Host, Url};

use super::EgressError;
use super::policy::Policy;

/// The most characters of an address.
const MAX_LENGTH: usize = 2_048;
/// Endings of names that no public name server knows.
const LOCAL_ENDINGS: [&str; 7] =
    [".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet", ".localdomain"];

/// Reads an address and refuses what must not be called: another scheme, credentials in it, private hosts. Numbers in
/// any spelling (`0x7f.1`, `2130706433`, `0177.0.0.1`) are addresses to the parser, and are judged as such.
pub(super) fn check(text: &str, policy: Policy) -> Result<Url, EgressError> {
    if text.len() > MAX_LENGTH {
        return Err(EgressError::Url(format!("it has more than {MAX_LENGTH} characters")));
    }
    let url = Url::parse(text).map_err(|error| EgressError::Url(error.to_string()))?;
    match url.scheme() {
        "https" => {}
        "http" if policy.is_local => {}
        "http" => return Err(EgressError::Plain),
        other => return Err(EgressError::Url(format!("it begins with `{other}:` instead of `https://`"))),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EgressError::Url("it has a user name or a password before the host".to_owned()));
    }
    let may_pass = match url.host() {
        None => return Err(EgressError::Url("it has no host".to_owned())),
        Some(Host::Domain(name)) => policy.is_local || !is_local_name(name.trim_end_matches('.')),
        Some(Host::Ipv4(address)) => (policy.may_reach)(address.into()),
        Some(Host::Ipv6(address)) => (policy.may_reach)(address.into()),
    };
    if may_pass { Ok(url) } else { Err(EgressError::Private { place: place(&url) }) }
}

/// Host and port: all that a message says of an address, for its path may hold a secret.
pub(super) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port_or_known_default().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn is_local_name(name: &str) -> bool {
    !name.contains('.') || LOCAL_ENDINGS.iter().any(|ending| name.ends_with(ending))
}
