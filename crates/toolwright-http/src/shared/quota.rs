//! How much a caller may do.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// A bucket of calls: so many at once when it is full, filled up evenly over a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    calls: NonZeroU32,
    per: Duration,
}

impl Quota {
    /// So many calls in a period. Calls are at least a microsecond apart.
    pub fn new(calls: NonZeroU32, per: Duration) -> Self {
        Self { calls, per }
    }

    /// So many calls a minute.
    pub fn per_minute(calls: NonZeroU32) -> Self {
        Self::new(calls, Duration::from_mins(1))
    }

    /// How many calls a full bucket has.
    pub fn calls(self) -> NonZeroU32 {
        self.calls
    }

    /// In which time one call comes back.
    pub fn interval(self) -> Duration {
        (self.per / self.calls.get()).max(Duration::from_micros(1))
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.per.as_secs() {
            1 => write!(formatter, "{} a second", self.calls),
            60 => write!(formatter, "{} a minute", self.calls),
            3_600 => write!(formatter, "{} an hour", self.calls),
            _ => write!(formatter, "{} in {:?}", self.calls, self.per),
        }
    }
}
