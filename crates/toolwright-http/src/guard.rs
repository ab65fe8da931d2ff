//! `Host` and `Origin`: a web page must not reach the server through a name that was bound to it, or from a browser.
//!
//! Checked before anything else, for every method. Origins compare by scheme, host and port (RFC 6454), with the port
//! that the scheme implies where none is written.

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderMap, StatusCode, Uri};

use crate::Refusal;

/// The names under which a server on the loopback interface is reached.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Which hosts and origins are served.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    hosts: Vec<Place>,
    origins: Vec<AllowedOrigin>,
}

/// A host, with a port or for all ports.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    host: String,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum AllowedOrigin {
    /// `*`
    Any,
    /// `null`, which sandboxed pages and files send.
    Null,
    At {
        scheme: String,
        place: Place,
    },
}

/// An entry of a list that is no host, or no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// In the list of hosts.
    #[error(
        "`{0}` is no host: write a name or an address, such as `mcp.example.com` or `10.0.0.7:3100`, or `*` for any"
    )]
    Host(String),
    /// In the list of origins.
    #[error(
        "`{0}` is no origin: write scheme and host, such as `https://app.example.com`, `http://localhost:*` for all ports, `null`, or `*` for any"
    )]
    Origin(String),
}

impl Guard {
    /// Hosts without a port are served on every port; `*` serves any. An origin's port is that of its scheme unless it
    /// is written; `:*` is every port.
    ///
    /// Without hosts, only the names of the loopback interface are served; without origins, only pages from there.
    pub(crate) fn new(hosts: &[String], origins: &[String]) -> Result<Self, GuardError> {
        let hosts = if hosts.is_empty() {
            LOOPBACK.iter().map(|host| Place { host: bare(host), port: None }).collect()
        } else if hosts.iter().any(|host| host == "*") {
            Vec::new()
        } else {
            let read = |host: &String| place(host).ok_or_else(|| GuardError::Host(host.clone()));
            hosts.iter().map(read).collect::<Result<_, _>>()?
        };
        let origins = if origins.is_empty() {
            let schemes = ["http", "https"];
            let on = |scheme: &str| LOOPBACK.map(|host| at(scheme, Place { host: bare(host), port: None }));
            schemes.into_iter().flat_map(on).collect()
        } else {
            let read = |text: &String| allowed(text).ok_or_else(|| GuardError::Origin(text.clone()));
            origins.iter().map(read).collect::<Result<_, _>>()?
        };
        Ok(Self { hosts, origins })
    }

    /// Refuses a request that names another host, or comes from a page of another origin.
    pub(crate) fn check(&self, parts: &Parts) -> Result<(), Refusal> {
        let refused = |what: &str| {
            Err(Refusal::new(StatusCode::FORBIDDEN, -32_003, "refused_by_policy", what.to_owned()))
        };
        if !self.serves_host(&parts.headers, &parts.uri) {
            return refused(
                "this server is not served under the name in `Host`; whoever runs it can allow that name",
            );
        }
        match parts.headers.get(ORIGIN) {
            Some(origin) if !origin.to_str().is_ok_and(|origin| self.serves_origin(origin)) => {
                refused("pages from this `Origin` are not served; whoever runs the server can allow it")
            }
            _ => Ok(()),
        }
    }

    /// Whether pages from this origin are served.
    pub(crate) fn serves_origin(&self, origin: &str) -> bool {
        let came = if origin == "null" { Some(AllowedOrigin::Null) } else { exact(origin) };
        let Some(came) = came else { return false };
        self.origins.iter().any(|allowed| match (allowed, &came) {
            (AllowedOrigin::Any, _) | (AllowedOrigin::Null, AllowedOrigin::Null) => true,
            (AllowedOrigin::At { scheme, place }, AllowedOrigin::At { scheme: its, place: at }) => {
                scheme == its && place.serves(at)
            }
            _ => false,
        })
    }

    fn serves_host(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let mut named = headers.get_all(HOST).iter();
        let host = match (named.next(), named.next()) {
            (Some(host), None) => host.to_str().ok().and_then(place),
            // HTTP/2 has the name in the URI.
            (None, _) => uri.authority().and_then(|authority| place(authority.as_str())),
            (Some(_), Some(_)) => None,
        };
        let Some(host) = host else { return false };
        self.hosts.is_empty() || self.hosts.iter().any(|allowed| allowed.serves(&host))
    }
}

impl Place {
    fn serves(&self, other: &Self) -> bool {
        self.host == other.host && (self.port.is_none() || self.port == other.port)
    }
}

fn at(scheme: &str, place: Place) -> AllowedOrigin {
    AllowedOrigin::At { scheme: scheme.to_owned(), place }
}

/// A host as it is compared: lower case, an IPv6 address without its brackets.
fn bare(host: &str) -> String {
    host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
}

fn place(text: &str) -> Option<Place> {
    if text.contains('@') {
        return None;
    }
    // An IPv6 address may stand without brackets in a list; an authority needs them.
    let text = if text.parse::<std::net::Ipv6Addr>().is_ok() { format!("[{text}]") } else { text.to_owned() };
    let authority: Authority = text.parse().ok()?;
    let has_port = authority.as_str().len() > authority.host().len();
    let port = authority.port_u16();
    (!authority.host().is_empty() && has_port == port.is_some())
        .then(|| Place { host: bare(authority.host()), port })
}

fn allowed(text: &str) -> Option<AllowedOrigin> {
    match text {
        "*" => return Some(AllowedOrigin::Any),
        "null" => return Some(AllowedOrigin::Null),
        _ => {}
    }
    let Some(any_port) = text.strip_suffix(":*") else {
        return exact(text);
    };
    let (scheme, host) = any_port.split_once("://")?;
    let place = place(host).filter(|place| place.port.is_none() && !host.contains('/'))?;
    Some(at(&scheme.to_ascii_lowercase(), place))
}

/// Scheme, host and port, and nothing else.
fn exact(text: &str) -> Option<AllowedOrigin> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme.is_empty() || rest.contains(['/', '?', '#', '*']) {
        return None;
    }
    let mut place = place(rest)?;
    place.port = place.port.or(match scheme.as_str() {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    });
    Some(AllowedOrigin::At { scheme, place })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(host: &str, origin: Option<&str>) -> Parts {
        let mut request = http::Request::builder().uri("/mcp").header(HOST, host);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn guard(hosts: &[&str], origins: &[&str]) -> Guard {
        let owned = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Guard::new(&owned(hosts), &owned(origins)).unwrap()
    }

    #[test]
    fn loopback_names_are_served_on_every_port_and_others_are_not() {
        let guard = guard(&[], &[]);
        for host in ["localhost", "LOCALHOST:3100", "127.0.0.1:1", "[::1]:3100", "[::1]"] {
            assert!(guard.check(&parts(host, None)).is_ok(), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:3100", "user@localhost", ""]
        {
            assert!(guard.check(&parts(host, None)).is_err(), "{host}");
        }
    }

    #[test]
    fn origins_compare_by_scheme_host_and_port() {
        let guard = guard(&["*"], &["https://app.example.com", "http://dev.example.com:*", "null"]);
        for origin in
            ["https://app.example.com", "https://APP.example.com:443", "http://dev.example.com:81", "null"]
        {
            assert!(guard.check(&parts("anything", Some(origin))).is_ok(), "{origin}");
        }
        let foreign = [
            "http://app.example.com",
            "https://app.example.com:8443",
            "https://app.example.com.evil.example",
            "https://app.example.com/path",
            "https://evil.example",
            "app.example.com",
            "",
        ];
        for origin in foreign {
            assert!(guard.check(&parts("anything", Some(origin))).is_err(), "{origin}");
        }
    }

    #[test]
    fn a_second_host_header_is_refused() {
        let mut parts = parts("localhost", None);
        parts.headers.append(HOST, http::HeaderValue::from_static("evil.example"));
        assert!(guard(&[], &[]).check(&parts).is_err());
    }

    #[test]
    fn a_host_with_a_port_is_served_on_that_port_only() {
        let guard = guard(&["mcp.example.com:443"], &[]);
        assert!(guard.check(&parts("mcp.example.com:443", None)).is_ok());
        assert!(guard.check(&parts("mcp.example.com:444", None)).is_err());
    }

    #[test]
    fn entries_that_mean_nothing_are_named() {
        let hosts = |text: &str| Guard::new(&[text.to_owned()], &[]).unwrap_err().to_string();
        let origins = |text: &str| Guard::new(&[], &[text.to_owned()]).unwrap_err().to_string();
        assert!(hosts("https://mcp.example.com").contains("`https://mcp.example.com` is no host"));
        assert!(hosts("a:99999").contains("`a:99999` is no host"));
        assert!(origins("app.example.com").contains("`app.example.com` is no origin"));
        assert!(origins("https://app.example.com:443:*").contains("is no origin"));
    }
}
