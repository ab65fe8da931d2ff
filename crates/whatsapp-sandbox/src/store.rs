//! Where the simulated network is kept: one `SQLite` database, in memory or in a folder.
//!
//! Database calls block, so each connection lives on a thread of its own and async code sends it closures. One
//! connection writes; a folder has two more that only read. In memory the writer reads as well.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

mod lock;
mod migration;
mod sql;
mod worker;

pub(crate) use lock::FolderLock;
pub(crate) use sql::Sql;

use worker::Worker;

const DATABASE_FILE: &str = "sandbox.sqlite3";
const READERS: usize = 2;

/// Why the store cannot be opened or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process works on the data folder.
    #[error("the data folder `{folder}` is in use by {holder}: stop it, or choose another folder")]
    InUse {
        /// The data folder.
        folder: String,
        /// Who holds it, with its process id where that is known.
        holder: String,
    },
    /// The data folder cannot be made or written.
    #[error("the data folder `{folder}` cannot be used: {source}")]
    Folder {
        /// The data folder.
        folder: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The operating system gave no thread for a connection.
    #[error("no thread could be started for the database: {0}")]
    Thread(std::io::Error),
    /// A newer version of the sandbox wrote the database.
    #[error(
        "the database has format {found}, and this version reads up to {known}: use a newer version or another folder"
    )]
    TooNew {
        /// The format that was found.
        found: i64,
        /// The newest format that this version knows.
        known: i64,
    },
    /// The database refused a statement.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The store has been closed, or a statement panicked.
    #[error("the store is closed")]
    Closed,
}

/// The database behind the network.
#[derive(Debug)]
pub(crate) struct Store {
    writer: Worker,
    readers: Vec<Worker>,
    next_reader: AtomicUsize,
}

impl Store {
    /// An empty store that is gone when it is dropped.
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        migration::migrate(&mut connection)?;
        Ok(Self {
            writer: Worker::start(connection, None)?,
            readers: Vec::new(),
            next_reader: AtomicUsize::new(0),
        })
    }

    /// The store in a folder, which is made if it is not there. The folder stays locked until the store is closed.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let lock = FolderLock::acquire(folder)?;
        let path = folder.join(DATABASE_FILE);
        let mut connection = Connection::open(&path)?;
        prepare(&connection)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        migration::migrate(&mut connection)?;
        let writer = Worker::start(connection, Some(lock))?;
        let readers = (0..READERS).map(|_| reader(&path)).collect::<Result<_, _>>()?;
        Ok(Self { writer, readers, next_reader: AtomicUsize::new(0) })
    }

    /// Runs `work` on one consistent state of the database.
    pub(crate) async fn read<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let reader = match self.readers.len() {
            0 => &self.writer,
            count => &self.readers[self.next_reader.fetch_add(1, Ordering::Relaxed) % count],
        };
        reader
            .run(move |connection| {
                let transaction = connection.transaction().map_err(StoreError::from)?;
                work(&transaction)
            })
            .await
    }

    /// Runs `work` in one transaction, which is kept if it succeeds and undone if it fails.
    pub(crate) async fn write<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer
            .run(move |connection| {
                let transaction = connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(StoreError::from)?;
                let value = work(&transaction)?;
                transaction.commit().map_err(StoreError::from)?;
                Ok(value)
            })
            .await
    }

    /// Finishes what is under way, closes the database and gives the folder free.
    pub(crate) async fn close(&self) {
        for worker in self.readers.iter().chain([&self.writer]) {
            worker.finish().await;
        }
    }
}

fn reader(path: &Path) -> Result<Worker, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    prepare(&connection)?;
    Worker::start(connection, None)
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}
