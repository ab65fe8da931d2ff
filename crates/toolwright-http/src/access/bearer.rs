//! Credentials as they stand in the headers of a request. They are looked for nowhere else: a URL ends up in logs.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

/// Longer ones are refused. An access token with many claims has two or three KiB.
const MAX_BYTES: usize = 8 << 10;

/// What is wrong with a header that should carry a credential. The texts never repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    /// There is none, or it is of another scheme than `Bearer`.
    #[error("no token came: send one as `Authorization: Bearer`")]
    Missing,
    #[error("the header came more than once: send it once")]
    Twice,
    #[error("it is longer than 8 KiB, which this server does not read")]
    TooLong,
    #[error("it is empty, or has a space or another character that no token has")]
    Unprintable,
}

/// The bearer token of a request.
pub(super) fn token(headers: &HeaderMap) -> Result<&str, Problem> {
    let text = single(headers, &AUTHORIZATION)?.ok_or(Problem::Missing)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::Missing);
    }
    printable(token.trim())
}

/// A key of the API in a header of its own, without the `Bearer` that may stand before it.
pub(super) fn key<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let Some(text) = single(headers, name)? else { return Ok(None) };
    let (scheme, key) = text.split_once(' ').unwrap_or((text, ""));
    let bare = if scheme.eq_ignore_ascii_case("bearer") { key.trim() } else { text };
    printable(bare).map(Some)
}

fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(Problem::Twice),
        (Some(value), None) if value.len() > MAX_BYTES => Err(Problem::TooLong),
        (Some(value), None) => text(value).map(Some),
    }
}

fn text(value: &HeaderValue) -> Result<&str, Problem> {
    value.to_str().map(str::trim).map_err(|_| Problem::Unprintable)
}

fn printable(token: &str) -> Result<&str, Problem> {
    let fits = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(token) } else { Err(Problem::Unprintable) }
}
