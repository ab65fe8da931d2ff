//! Whether a connection does anything.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The requests of one connection, or the reading of their answers. One mechanism for everything that only waits: a connection that says nothing, a
/// request whose headers never end, a kept connection, a client that does not read its last answer; in both versions of
/// HTTP and before it is known which one it is.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    in_flight: usize,
    /// When the last one ended, its answer was read on, or the connection was opened.
    since: Instant,
    has_begun: bool,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { in_flight: 0, since: Instant::now(), has_begun: false })))
    }

    /// A request has arrived; it lasts until what is returned is dropped.
    pub(super) fn begin(&self) -> InFlight {
        let mut state = self.state();
        state.in_flight += 1;
        state.has_begun = true;
        InFlight(self.clone())
    }

    /// Idleness counts from now.
    pub(super) fn begin_anew(&self) {
        self.state().since = Instant::now();
    }

    /// Ends when no request has been in flight for so long: `first` until the first one, `later` after that.
    pub(super) async fn idle(&self, first: Duration, later: Duration) {
        loop {
            let now = Instant::now();
            let until = {
                let state = self.state();
                let since = if state.in_flight == 0 { state.since } else { now };
                since + if state.has_begun { later } else { first }
            };
            if until <= now {
                return;
            }
            sleep_until(until).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request in flight.
#[derive(Debug)]
pub(super) struct InFlight(Activity);

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.in_flight -= 1;
        state.since = Instant::now();
    }
}
