//! How many calls run at once, and how many wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Held;
use crate::Refusal;

/// When a caller may try again who was refused.
const COME_BACK_AFTER: Duration = Duration::from_secs(1);

/// Lets so many calls run at once. More wait, in the order in which they came; when too many wait, or one waits too
/// long, it is refused.
#[derive(Debug)]
pub struct Admission {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    longest_wait: Duration,
}

impl Admission {
    /// At most `concurrency` run (at least one), at most `queue` wait, each no longer than `longest_wait`.
    pub fn new(concurrency: usize, queue: usize, longest_wait: Duration) -> Self {
        let places = concurrency.clamp(1, Semaphore::MAX_PERMITS);
        Self { places: Arc::new(Semaphore::new(places)), waiting: AtomicUsize::new(0), queue, longest_wait }
    }

    /// Waits for a place. Whoever gives up waiting gives up its place in the queue.
    ///
    /// # Errors
    /// 503 with `Retry-After`, kind `overloaded`.
    pub async fn admit(&self) -> Result<Permit, Refusal> {
        // Finds a place only if nobody waits for it.
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(Permit(place));
        }
        let _waiting = self.wait().ok_or_else(overloaded)?;
        match timeout(self.longest_wait, Arc::clone(&self.places).acquire_owned()).await {
            Ok(Ok(place)) => Ok(Permit(place)),
            _ => Err(overloaded()),
        }
    }

    fn wait(&self) -> Option<Waiting<'_>> {
        let one_more = |waiting: usize| (waiting < self.queue).then_some(waiting + 1);
        self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).ok()?;
        Some(Waiting(&self.waiting))
    }
}

/// One who waits.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The place of one call, given back when it is dropped.
#[derive(Debug)]
pub struct Permit(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Permit {
    /// The body of the answer, which keeps the place until it has been sent or given up.
    pub fn hold<B>(self, body: B) -> Held<B, Self> {
        Held::new(body, self)
    }
}

fn overloaded() -> Refusal {
    let message = "the server has more calls to answer than it can: try again in a moment";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, -32_004, "overloaded", message)
        .with_retry_after(COME_BACK_AFTER)
}
