//! Where the simulated network is kept: one `SQLite` database, in memory or in a folder.
//!
//! Database calls block, so each connection lives on a thread of its own and async code sends it closures. One
//! connection writes; a folder has two more that only read. In memory the writer reads as well.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

mod lock;
mod migration;
mod sql;
mod worker;
mod writer;

pub(crate) use lock::FolderLock;
pub(crate) use sql::Sql;

use worker::Reader;
use writer::Writer;

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
    #[error("the data folder `{folder}` cannot be used")]
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
    /// The database did the work, but did not keep it.
    #[error("the database did not keep the change: {0}")]
    NotKept(String),
    /// The store has been closed, or a statement panicked.
    #[error("the store is closed")]
    Closed,
}

/// The database behind the network.
#[derive(Debug)]
pub(crate) struct Store {
    writer: Writer,
    readers: Vec<Reader>,
    next_reader: AtomicUsize,
}

impl Store {
    /// An empty store that is gone when it is dropped.
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        prepare(&connection)?;
        migration::migrate(&mut connection)?;
        Ok(Self {
            writer: Writer::start(connection, None)?,
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
        let writer = Writer::start(connection, Some(lock))?;
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
        match self.readers.len() {
            0 => self.writer.run(work).await,
            count => self.readers[self.next_reader.fetch_add(1, Ordering::Relaxed) % count].run(work).await,
        }
    }

    /// Runs `work`, all of which is kept if it succeeds and undone if it fails. It is on the disk, or at least with the
    /// operating system, when this returns.
    pub(crate) async fn write<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.run(work).await
    }

    /// Finishes what is under way, closes the database and gives the folder free.
    pub(crate) async fn close(&self) {
        for reader in &self.readers {
            reader.finish().await;
        }
        self.writer.finish().await;
    }
}

fn reader(path: &Path) -> Result<Reader, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    prepare(&connection)?;
    Reader::start(connection)
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Every change is a savepoint: what it would take to undo one is kept in memory, not written to a file.
    connection.pragma_update(None, "temp_store", "memory")?;
    // Plans do not depend on values, or every statement on a table with a partial index would be planned again each time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(512);
    Ok(())
}
