//! Pages of lists. A cursor says after what a page begins, and belongs to the list and the filters it was made for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use http::StatusCode;
use sha2::{Digest as _, Sha256};

use super::answer::Problem;

/// How many items a page has, unless the request says otherwise.
const LIMIT: usize = 25;
/// How many bytes of the digest a cursor carries.
const SEAL: usize = 12;

/// Which part of a list is asked for.
#[derive(Clone, Debug)]
pub(super) struct Window {
    limit: usize,
    scope: String,
    /// The position of the last item of the page before.
    pub(super) after: Option<String>,
}

impl Window {
    /// `scope` is all that a cursor belongs to: whose list it is, and its filters.
    pub(super) fn open(limit: Option<usize>, cursor: Option<&str>, scope: String) -> Result<Self, Problem> {
        let after = cursor.map(|cursor| position(cursor, &scope).ok_or_else(foreign)).transpose()?;
        Ok(Self { limit: limit.unwrap_or(LIMIT), scope, after })
    }

    /// How many items to read: one more than the page has.
    pub(super) fn reach(&self) -> i64 {
        i64::try_from(self.limit + 1).unwrap_or(i64::MAX)
    }

    /// The page itself, and the cursor of the next one if there is one.
    pub(super) fn cut<T>(
        &self,
        mut items: Vec<T>,
        position: impl Fn(&T) -> String,
    ) -> (Vec<T>, Option<String>) {
        if items.len() <= self.limit {
            return (items, None);
        }
        items.truncate(self.limit);
        let next = items.last().map(|last| self.cursor(&position(last)));
        (items, next)
    }

    fn cursor(&self, position: &str) -> String {
        let mut bytes = seal(&self.scope, position.as_bytes());
        bytes.extend_from_slice(position.as_bytes());
        BASE64.encode(bytes)
    }
}

fn position(cursor: &str, scope: &str) -> Option<String> {
    let bytes = BASE64.decode(cursor).ok()?;
    let (given, position) = bytes.split_at_checked(SEAL)?;
    (given == seal(scope, position)).then(|| String::from_utf8_lossy(position).into_owned())
}

fn seal(scope: &str, position: &[u8]) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(scope.as_bytes());
    digest.update([0]);
    digest.update(position);
    digest.finalize()[..SEAL].to_vec()
}

fn foreign() -> Problem {
    let why = "the cursor was not made for this list and these filters: begin without one";
    Problem::new(StatusCode::BAD_REQUEST, "invalid_cursor", why).at("cursor")
}
