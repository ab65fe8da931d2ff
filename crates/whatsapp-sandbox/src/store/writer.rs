//! The one connection that writes, on a thread of its own.
//!
//! Whatever has been waiting while a transaction was being kept goes into the next one together, each change under a
//! savepoint of its own: a change that is refused is undone alone, and nobody is told that a change is kept before it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::worker::Queue;
use super::{FolderLock, Sql as _, StoreError};

/// The most changes that one transaction keeps.
const TOGETHER: usize = 256;

/// A change that waits for its turn.
type Job = Box<dyn FnOnce(&Connection) -> Done + Send>;

/// What came of a change's work.
struct Done {
    succeeded: bool,
    /// Tells whoever waits, once it is known whether the transaction is kept.
    tell: Box<dyn FnOnce(Result<(), StoreError>)>,
}

/// The async end of the thread. The thread ends when the writer is finished or dropped.
#[derive(Debug)]
pub(super) struct Writer(Queue<Job>);

impl Writer {
    /// Moves the connection, and the folder lock that must outlive it, to a new thread.
    pub(super) fn start(connection: Connection, lock: Option<FolderLock>) -> Result<Self, StoreError> {
        Ok(Self(Queue::start(move |queue| {
            serve(connection, queue);
            drop(lock);
        })?))
    }

    /// Runs `work` and keeps what it has changed if it succeeds; undoes that if it fails.
    pub(super) async fn run<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, value) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = work(connection);
            let succeeded = result.is_ok();
            let tell = Box::new(move |kept: Result<(), StoreError>| {
                // Whoever waited may have gone.
                let _ = answer.send(kept.map_err(E::from).and(result));
            });
            Done { succeeded, tell }
        });
        self.0.send(job)?;
        value.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Lets the changes that wait end, then closes the connection.
    pub(super) async fn finish(&self) {
        self.0.finish().await;
    }
}

fn serve(mut connection: Connection, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut done = Vec::new();
        let jobs = std::iter::once(first).chain(queue.try_iter()).take(TOGETHER);
        let kept = keep_together(&mut connection, jobs, &mut done).map_err(|error| {
            tracing::error!(%error, changes = done.len(), "the database did not keep a transaction");
            error.to_string()
        });
        for Done { tell, .. } in done {
            tell(kept.clone().map_err(StoreError::NotKept));
        }
    }
}

fn keep_together(
    connection: &mut Connection,
    jobs: impl Iterator<Item = Job>,
    done: &mut Vec<Done>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in jobs {
        transaction.run("SAVEPOINT change", ())?;
        let worked = catch_unwind(AssertUnwindSafe(|| job(&transaction))).ok();
        if worked.is_none() {
            tracing::error!("a change panicked; it was undone");
        }
        if worked.as_ref().is_none_or(|it| !it.succeeded) {
            transaction.run("ROLLBACK TO change", ())?;
        }
        done.extend(worked);
        transaction.run("RELEASE change", ())?;
    }
    transaction.commit()
}
