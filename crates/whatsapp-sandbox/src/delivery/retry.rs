//! What an attempt's outcome means: delivered, to be repeated, or given up.

use std::time::Duration;

use http::StatusCode;

use crate::access::webhook::{Policy, Retries};
use crate::clock::Timestamp;

#[cfg(test)]
mod tests;

/// The longest delay before a repeat, whatever the policy or the target says.
const MAX_DELAY: Duration = Duration::from_hours(24);
/// The longest time for which a target may put deliveries off.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answered {
        status: StatusCode,
        retry_after: Option<String>,
    },
    /// No answer came; trying again may help.
    Unreachable(String),
    /// The address is not called; trying again is of no use.
    Refused(String),
}

/// What becomes of the delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Delivered,
    /// After about this time, and no sooner than the target asked for.
    Repeat {
        after: Duration,
        asked: Duration,
    },
    Dead,
}

impl Outcome {
    /// The status of the answer, if there was one.
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(status.as_u16()),
            Self::Unreachable(_) | Self::Refused(_) => None,
        }
    }

    /// What went wrong; nothing if it was delivered.
    pub(super) fn error(&self) -> Option<String> {
        match self {
            Self::Answered { status, .. } if status.is_success() => None,
            Self::Answered { status, .. } if status.is_redirection() => {
                Some(format!("the target answered {status}, and redirects are not followed"))
            }
            Self::Answered { status, .. } => Some(format!("the target answered {status}")),
            Self::Unreachable(why) | Self::Refused(why) => Some(why.clone()),
        }
    }

    /// Any 2xx is a success. Network errors and answers that may pass are repeated while the policy allows; any other
    /// answer is final.
    pub(super) fn judge(&self, retries: Retries, attempts: u32, now: Timestamp) -> Verdict {
        let asked = match self {
            Self::Answered { status, .. } if status.is_success() => return Verdict::Delivered,
            Self::Answered { status, retry_after } if retries.policy.repeats(*status) => {
                retry_after.as_deref().and_then(|it| wait_asked(it, now))
            }
            Self::Unreachable(_) => None,
            Self::Answered { .. } | Self::Refused(_) => return Verdict::Dead,
        };
        if attempts > retries.attempts {
            return Verdict::Dead;
        }
        let asked = asked.unwrap_or_default().min(MAX_RETRY_AFTER);
        Verdict::Repeat { after: delay(retries, attempts).max(asked), asked }
    }
}

impl Policy {
    /// Whether an answer with this status may be another one later.
    fn repeats(self, status: StatusCode) -> bool {
        let may_pass = matches!(status.as_u16(), 408 | 429) || status.is_server_error();
        may_pass || if self == Self::Ladder { status.is_redirection() } else { status.as_u16() == 425 }
    }
}

/// The delay before the next repeat, after this many attempts: d, d, d; d, 2d, 3d; or d, 2d, 4d.
fn delay(retries: Retries, attempts: u32) -> Duration {
    let factor = match retries.policy {
        Policy::Constant => 1,
        Policy::Linear => u64::from(attempts.max(1)),
        Policy::Ladder => return ladder(attempts),
        Policy::Exponential => 1_u64.checked_shl(attempts.saturating_sub(1)).unwrap_or(u64::MAX),
    };
    Duration::from_secs(retries.delay_seconds.saturating_mul(factor)).min(MAX_DELAY)
}

/// The delays of [`Policy::Ladder`], in seconds.
const LADDER: [u64; 7] = [10, 30, 120, 600, 3_600, 21_600, 86_400];

fn ladder(attempts: u32) -> Duration {
    let step = usize::try_from(attempts).unwrap_or(usize::MAX).clamp(1, LADDER.len());
    Duration::from_secs(LADDER[step - 1])
}

/// `Retry-After` in seconds, or as a date.
fn wait_asked(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    let since_epoch = date.duration_since(std::time::UNIX_EPOCH).ok()?;
    let at = Timestamp::from_unix_millis(i64::try_from(since_epoch.as_millis()).ok()?);
    Some(at.since(now))
}
