//! The bytes of media: files in a folder, or in memory.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::spawn_blocking;

use crate::entropy::Entropy;

/// What a file is called until it is complete.
const UNFINISHED: &str = "part";

/// Why the bytes of a file cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[error("the file `{name}` of the data folder cannot be {action}: {source}")]
pub(crate) struct FileError {
    name: String,
    action: &'static str,
    source: io::Error,
}

/// The files; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Files(Arc<Shelf>);

#[derive(Debug)]
struct Shelf {
    place: Place,
    names: Entropy,
    /// Names of files that somebody has put away and let go of.
    released: UnboundedSender<String>,
    /// Taken by the housekeeper.
    to_check: Mutex<Option<UnboundedReceiver<String>>>,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Memory(Mutex<HashMap<String, Bytes>>),
}

/// A file just put away. When it is let go, the housekeeper removes it unless a row names it by then.
#[derive(Debug)]
pub(crate) struct HeldFile {
    name: String,
    released: UnboundedSender<String>,
}

impl HeldFile {
    /// The name that a row has to hold.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for HeldFile {
    fn drop(&mut self) {
        // Without a housekeeper the file is looked at when the sandbox starts again.
        let _ = self.released.send(std::mem::take(&mut self.name));
    }
}

impl Files {
    /// Files in memory, gone with the process.
    pub(crate) fn in_memory() -> Self {
        Self::at(Place::Memory(Mutex::default()))
    }

    /// Files in a folder, which is made if it is not there.
    pub(crate) fn in_folder(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self::at(Place::Folder(folder.to_owned())))
    }

    fn at(place: Place) -> Self {
        let (released, to_check) = unbounded_channel();
        let names = Entropy::from_system();
        Self(Arc::new(Shelf { place, names, released, to_check: Mutex::new(Some(to_check)) }))
    }

    /// Puts bytes away durably: whole or not at all.
    pub(crate) async fn put(&self, bytes: Bytes) -> Result<HeldFile, FileError> {
        let files = Arc::clone(&self.0);
        blocking(move || files.put(bytes)).await
    }

    /// The bytes of a file; `None` if there is none of this name.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<Bytes>, FileError> {
        let (files, name) = (Arc::clone(&self.0), name.to_owned());
        blocking(move || files.get(&name)).await
    }

    /// Removes a file; one that is not there is fine.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), FileError> {
        let (files, name) = (Arc::clone(&self.0), name.to_owned());
        blocking(move || files.remove(&name)).await
    }

    /// The names of all files, unfinished ones included.
    pub(crate) async fn names(&self) -> Result<Vec<String>, FileError> {
        let files = Arc::clone(&self.0);
        blocking(move || files.names()).await
    }

    /// The names of files that were let go of from now on. There is one such list; the first to ask gets it.
    pub(super) fn released(&self) -> Option<UnboundedReceiver<String>> {
        self.0.to_check.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Shelf {
    fn put(&self, bytes: Bytes) -> Result<HeldFile, FileError> {
        let name = self.names.token();
        match &self.place {
            Place::Folder(folder) => write(folder, &name, &bytes).map_err(failed(&name, "written"))?,
            Place::Memory(files) => {
                lock(files).insert(name.clone(), bytes);
            }
        }
        Ok(HeldFile { name, released: self.released.clone() })
    }

    fn get(&self, name: &str) -> Result<Option<Bytes>, FileError> {
        match &self.place {
            Place::Folder(folder) => match fs::read(folder.join(name)) {
                Ok(bytes) => Ok(Some(bytes.into())),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(failed(name, "read")(error)),
            },
            Place::Memory(files) => Ok(lock(files).get(name).cloned()),
        }
    }

    fn remove(&self, name: &str) -> Result<(), FileError> {
        match &self.place {
            Place::Folder(folder) => match fs::remove_file(folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(name, "removed")(error)),
                _ => Ok(()),
            },
            Place::Memory(files) => {
                lock(files).remove(name);
                Ok(())
            }
        }
    }

    fn names(&self) -> Result<Vec<String>, FileError> {
        match &self.place {
            Place::Folder(folder) => list(folder).map_err(failed("", "listed")),
            Place::Memory(files) => Ok(lock(files).keys().cloned().collect()),
        }
    }
}

/// Writes a file under another name, and gives it its own when all of it is on the disk.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(name).with_extension(UNFINISHED);
    let mut file = OpenOptions::new().write(true).create_new(true).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(name))?;
    sync_folder(folder)
}

/// The new name is on the disk only when the folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn list(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            names.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(names)
}

fn lock(files: &Mutex<HashMap<String, Bytes>>) -> std::sync::MutexGuard<'_, HashMap<String, Bytes>> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(name: &str, action: &'static str) -> impl FnOnce(io::Error) -> FileError {
    move |source| FileError { name: name.to_owned(), action, source }
}

/// Runs file work away from the runtime's threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(failed("", "used")(io::Error::other(error))))
}
