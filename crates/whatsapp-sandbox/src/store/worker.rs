//! A thread of its own for what blocks, and a connection that reads on one.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::StoreError;

/// The async end of a thread that works through jobs. The thread ends when the queue is finished or dropped.
pub(super) struct Queue<J>(Mutex<Option<Running<J>>>);

struct Running<J> {
    jobs: Sender<J>,
    ended: oneshot::Receiver<()>,
}

impl<J: Send + 'static> Queue<J> {
    /// Starts a thread that does `work` until there will be no more jobs.
    pub(super) fn start(work: impl FnOnce(&Receiver<J>) + Send + 'static) -> Result<Self, StoreError> {
        let (jobs, queue) = channel();
        let (end, ended) = oneshot::channel();
        std::thread::Builder::new()
            .name("sandbox-store".to_owned())
            .spawn(move || {
                work(&queue);
                let _ = end.send(());
            })
            .map_err(StoreError::Thread)?;
        Ok(Self(Mutex::new(Some(Running { jobs, ended }))))
    }

    pub(super) fn send(&self, job: J) -> Result<(), StoreError> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(running) => running.jobs.send(job).map_err(|_| StoreError::Closed),
            None => Err(StoreError::Closed),
        }
    }

    /// Lets the queued jobs end, then the thread.
    pub(super) async fn finish(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Running { jobs, ended }) = running {
            drop(jobs);
            let _ = ended.await;
        }
    }
}

impl<J> fmt::Debug for Queue<J> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Queue")
    }
}

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A connection that only reads.
#[derive(Debug)]
pub(super) struct Reader(Queue<Job>);

impl Reader {
    /// Moves the connection to a new thread.
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        Ok(Self(Queue::start(move |queue| serve(connection, queue))?))
    }

    /// Runs `work` on one consistent state and waits for its value without blocking.
    pub(super) async fn run<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (answer, value) = oneshot::channel();
        self.0.send(Box::new(move |connection| {
            let looked = connection.transaction().map_err(|error| StoreError::from(error).into());
            // Whoever waited may have gone.
            let _ = answer.send(looked.and_then(|transaction| work(&transaction)));
        }))?;
        value.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Lets what is being read end, then closes the connection.
    pub(super) async fn finish(&self) {
        self.0.finish().await;
    }
}

/// A job that panics is lost; the thread goes on.
fn serve(mut connection: Connection, queue: &Receiver<Job>) {
    while let Ok(job) = queue.recv() {
        if catch_unwind(AssertUnwindSafe(|| job(&mut connection))).is_err() {
            tracing::error!("something that reads the database panicked");
        }
    }
}
