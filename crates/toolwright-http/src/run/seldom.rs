//! Saying the same thing not too often.

use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(30);

/// Due at first, and then at most every 30 s.
#[derive(Debug, Default)]
pub(super) struct Seldom(Option<Instant>);

impl Seldom {
    pub(super) fn is_due(&mut self) -> bool {
        let is_due = self.0.is_none_or(|last| last.elapsed() >= EVERY);
        if is_due {
            self.0 = Some(Instant::now());
        }
        is_due
    }
}
