//! What one connection has asked for.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rmcp::model::LoggingLevel;

/// The levels in the order of their numbers.
const LEVELS: [LoggingLevel; 8] = [
    LoggingLevel::Debug,
    LoggingLevel::Info,
    LoggingLevel::Notice,
    LoggingLevel::Warning,
    LoggingLevel::Error,
    LoggingLevel::Critical,
    LoggingLevel::Alert,
    LoggingLevel::Emergency,
];

/// One connection. A copy is another one, which has asked for nothing yet.
#[derive(Debug)]
pub(super) struct Connection {
    /// Unlike that of any other connection of this process.
    pub(super) id: u64,
    log_level: AtomicU8,
    /// For each stream that has been promised and has not begun, the number of the next change at that time.
    promised: Mutex<Vec<u64>>,
}

impl Connection {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { id, log_level: AtomicU8::new(LoggingLevel::Info as u8), promised: Mutex::default() }
    }

    /// The least level of log messages that the client wants: `info`, until it says otherwise.
    pub(super) fn log_level(&self) -> LoggingLevel {
        let level = usize::from(self.log_level.load(Ordering::Relaxed));
        LEVELS.get(level).copied().unwrap_or(LoggingLevel::Info)
    }

    pub(super) fn set_log_level(&self, level: LoggingLevel) {
        self.log_level.store(level as u8, Ordering::Relaxed);
    }

    /// Notes from which change on a stream is to be told.
    pub(super) fn promise_stream(&self, next_change: u64) {
        self.promised().push(next_change);
    }

    /// From which change on a stream that begins is to be told. Which of several promised streams it is cannot be known,
    /// so that each is taken for the earliest: to be told of a change once more does no harm.
    pub(super) fn begin_stream(&self) -> Option<u64> {
        let mut promised = self.promised();
        let earliest = promised.first().copied();
        promised.pop();
        earliest
    }

    fn promised(&self) -> MutexGuard<'_, Vec<u64>> {
        self.promised.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clone for Connection {
    fn clone(&self) -> Self {
        Self::new()
    }
}
