//! Why an address is not called, or does not give what it should.

use std::error::Error;
use std::time::Duration;

use http::StatusCode;
use url::Url;

use super::target::place;

/// Why an address is not called, or does not give what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EgressError {
    #[error("it is no address that can be called: {0}")]
    Url(String),
    #[error("it begins with `http://`, and only `https://` is called unless private addresses are allowed")]
    Plain,
    #[error("{place} is a private or local address, and these are not called unless they are allowed")]
    Private { place: String },
    #[error("no connection to {place}: {cause}")]
    Connect { place: String, cause: String },
    #[error("the connection to {place} broke: {cause}")]
    Broken { place: String, cause: String },
    #[error("{place} took longer than {} seconds", .limit.as_secs())]
    Timeout { place: String, limit: Duration },
    #[error("{place} answered {status}")]
    Status { place: String, status: StatusCode },
    #[error("{place} redirects to nowhere")]
    Redirect { place: String },
    #[error("it redirects more than {most} times")]
    TooManyRedirects { most: usize },
    #[error("{place} answered with compressed data, which is not accepted")]
    Compressed { place: String },
    #[error("it is larger than {} MB", .limit >> 20)]
    TooLarge { limit: usize },
    #[error("the HTTP client cannot be made: {0}")]
    Client(String),
}

/// A name leads to an address that is not public.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that is not public")]
pub(super) struct NotPublic;

impl EgressError {
    /// Whether it is the address itself that is refused, so that calling it again is of no use.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::Url(_) | Self::Plain | Self::Private { .. })
    }

    pub(super) fn from_reqwest(error: &reqwest::Error, url: &Url) -> Self {
        let place = place(url);
        let mut cause: &dyn Error = error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
            if cause.is::<NotPublic>() {
                return Self::Private { place };
            }
        }
        // The text at the bottom knows the reason and, unlike those above it, no address.
        let cause = if error.source().is_some() { cause.to_string() } else { "no reason given".to_owned() };
        if error.is_connect() { Self::Connect { place, cause } } else { Self::Broken { place, cause } }
    }
}
