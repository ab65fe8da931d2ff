//! Whether the server is ready for requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const STARTING: u8 = 0;
const READY: u8 = 1;
const ENDING: u8 = 2;

/// Whether the server is ready for requests: not before it accepts them, nor once it has been told to stop. Clones tell
/// the same.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<AtomicU8>);

impl Readiness {
    /// Ready, or why not.
    ///
    /// # Errors
    /// The reason, in words for people.
    pub fn check(&self) -> Result<(), &'static str> {
        match self.0.load(Ordering::Acquire) {
            READY => Ok(()),
            STARTING => Err("the server is starting"),
            _ => Err("the server is stopping"),
        }
    }

    /// Once it has ended it does not begin again.
    pub(super) fn begin(&self) {
        let _ = self.0.compare_exchange(STARTING, READY, Ordering::AcqRel, Ordering::Acquire);
    }

    pub(super) fn end(&self) {
        self.0.store(ENDING, Ordering::Release);
    }
}
