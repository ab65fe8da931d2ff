//! Which world work belongs to: a reset or an import makes another one, in which what began before has no place.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::task::JoinError;

use super::{Change, Network, Refusal, event};

tokio::task_local! {
    /// The generation of the world in which the work of this task began.
    static BEGAN_IN: u64;
}

/// The generation that the work of this task belongs to, if it belongs to one.
pub(super) fn began_in() -> Option<u64> {
    BEGAN_IN.try_with(|generation| *generation).ok()
}

impl Network {
    /// Counts the worlds: raised whenever the whole state is replaced, in the transaction that replaces it.
    pub(crate) fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::SeqCst)
    }

    /// Does work that belongs to the world of this generation: once that is replaced, the work's changes are refused.
    pub(crate) async fn as_of<F: Future>(&self, generation: u64, work: F) -> F::Output {
        BEGAN_IN.scope(generation, work).await
    }

    /// Does work to its end, also if whoever waits for it leaves; it belongs to the same world as its caller.
    ///
    /// # Errors
    /// The work panicked, or the runtime ends.
    pub(crate) async fn to_its_end<F>(&self, work: F) -> Result<F::Output, JoinError>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let generation = began_in().unwrap_or_else(|| self.generation());
        tokio::spawn(BEGAN_IN.scope(generation, work)).await
    }

    /// Replaces the whole state: all of `work`, or nothing if it is refused. Everybody who follows it looks again, and
    /// what is under way in the state before is refused when it comes to change this one.
    pub(crate) async fn replace<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Change<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let world = Arc::clone(&self.0);
        // Of two that come at once, the second replaces what the first has made.
        let replaced = self.transact(None, move |change| {
            let value = work(change)?;
            let newest = event::newest(change)?;
            world.generation.fetch_add(1, Ordering::SeqCst);
            Ok((value, newest))
        });
        let (value, newest) = replaced.await?;
        self.0.newest_event.send_replace(newest);
        self.0.replaced.send_modify(|replaced| *replaced += 1);
        self.0.moved.send_modify(|moves| *moves += 1);
        self.0.woken.notify_one();
        Ok(value)
    }
}
