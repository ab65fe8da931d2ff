//! What one connection of the handshake era has asked for.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

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
}

impl Connection {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { id, log_level: AtomicU8::new(LoggingLevel::Info as u8) }
    }

    /// The least level of log messages that the client wants: `info`, until it says otherwise.
    pub(super) fn log_level(&self) -> LoggingLevel {
        let level = usize::from(self.log_level.load(Ordering::Relaxed));
        LEVELS.get(level).copied().unwrap_or(LoggingLevel::Info)
    }

    pub(super) fn set_log_level(&self, level: LoggingLevel) {
        self.log_level.store(level as u8, Ordering::Relaxed);
    }
}

impl Clone for Connection {
    fn clone(&self) -> Self {
        Self::new()
    }
}
