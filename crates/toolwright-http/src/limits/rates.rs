//! How often one caller may call.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use toolwright::catalog::Effect;

use crate::shared::{Quota, SharedState, Taken};
use crate::{Fingerprint, Refusal};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// How often each caller may read and write. Without a quota there is no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rates {
    /// For what changes nothing.
    pub read: Option<Quota>,
    /// For what changes something, destructive calls included.
    pub write: Option<Quota>,
}

impl Rates {
    /// Counts one call, and says what the caller has left.
    ///
    /// # Errors
    /// 429 with `Retry-After` and the headers that an answer would have, kind `rate_limited`.
    pub async fn check(
        &self,
        shared: &dyn SharedState,
        caller: &Fingerprint,
        effect: Effect,
    ) -> Result<RateHeaders, Refusal> {
        let (kind, quota) = match effect {
            Effect::Read => ("read", self.read),
            Effect::Write | Effect::Destructive => ("write", self.write),
        };
        let Some(quota) = quota else { return Ok(RateHeaders(None)) };
        let taken = shared.take(&format!("{kind}:{caller}"), quota).await;
        let headers = RateHeaders(Some(taken));
        if taken.allowed {
            return Ok(headers);
        }
        let message = format!("this caller has used up its {kind} calls, {quota}: wait, then try again");
        let mut refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, -32_006, "rate_limited", message)
            .with_retry_after(taken.retry_after);
        refusal.headers.extend(headers.pairs());
        Err(refusal)
    }
}

/// What an answer tells about the caller's limit: how many calls a full bucket has, how many are left, and when it is
/// full again, in seconds since 1970. Nothing where there is no limit.
#[derive(Debug, Clone, Copy)]
pub struct RateHeaders(Option<Taken>);

impl RateHeaders {
    /// Puts them into the headers of an answer.
    pub fn write(&self, headers: &mut HeaderMap) {
        headers.extend(self.pairs());
    }

    fn pairs(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        self.0.into_iter().flat_map(|taken| {
            [
                (LIMIT, HeaderValue::from(taken.limit)),
                (REMAINING, HeaderValue::from(taken.remaining)),
                (RESET, HeaderValue::from(unix_seconds_after(taken.reset_after))),
            ]
        })
    }
}

/// The first whole second when that time has passed.
fn unix_seconds_after(after: Duration) -> u64 {
    let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() + after;
    at.as_secs() + u64::from(at.subsec_nanos() > 0)
}
