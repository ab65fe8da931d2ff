//! A database connection on a thread of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{FolderLock, StoreError};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// The async end of a connection's thread. The thread ends when the worker is finished or dropped.
#[derive(Debug)]
pub(super) struct Worker(Mutex<Option<Running>>);

#[derive(Debug)]
struct Running {
    jobs: Sender<Job>,
    ended: oneshot::Receiver<()>,
}

impl Worker {
    /// Moves the connection, and the folder lock that must outlive it, to a new thread.
    pub(super) fn start(connection: Connection, lock: Option<FolderLock>) -> Result<Self, StoreError> {
        let (jobs, queue) = channel();
        let (end, ended) = oneshot::channel();
        std::thread::Builder::new()
            .name("sandbox-store".to_owned())
            .spawn(move || {
                serve(connection, &queue);
                drop(lock);
                let _ = end.send(());
            })
            .map_err(StoreError::Thread)?;
        Ok(Self(Mutex::new(Some(Running { jobs, ended }))))
    }

    /// Runs `work` on the thread and waits for its value without blocking.
    pub(super) async fn run<T, E>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, value) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let _ = answer.send(work(connection));
        });
        let sent = match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(running) => running.jobs.send(job).is_ok(),
            None => false,
        };
        if !sent {
            return Err(StoreError::Closed.into());
        }
        value.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Lets the queued jobs end, then closes the connection.
    pub(super) async fn finish(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Running { jobs, ended }) = running {
            drop(jobs);
            let _ = ended.await;
        }
    }
}

/// A job that panics is lost, with its transaction; the thread goes on.
fn serve(mut connection: Connection, queue: &Receiver<Job>) {
    while let Ok(job) = queue.recv() {
        if catch_unwind(AssertUnwindSafe(|| job(&mut connection))).is_err() {
            tracing::error!("a database job panicked; its transaction was undone");
        }
    }
}
