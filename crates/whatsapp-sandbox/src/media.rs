//! The files that messages carry: how they come in, where their bytes are, and copies that outlast them.
//!
//! Bytes are files in the data folder, one for each row that names it; without a folder they are in memory. A file is
//! written before the transaction that makes its row, so a crash may leave a file without a row, never a row without
//! its file. Files without a row are removed at start and by the [`housekeeper`].

use std::sync::Arc;

use bytes::Bytes;

use crate::access::setting;
use crate::egress::{Egress, EgressError};
use crate::network::content::MediaKind;
use crate::network::media::{Persisted, Source};
use crate::network::{Network, Refusal};

mod content_type;
mod copies;
mod files;
pub(crate) mod housekeeper;
pub(crate) mod relocation;

pub(crate) use content_type::{extension, sniff};
pub(crate) use copies::{Copies, CopyError};
pub use copies::{MediaStore, S3Bucket};
pub(crate) use files::{FileError, Files, HeldFile};

/// The most bytes of a file that is given in the request.
pub(crate) const MAX_BYTES: usize = 70 << 20;
/// The most bytes of a file that is fetched.
pub(crate) const MAX_FETCHED: usize = 50 << 20;

/// Takes files in: from a request, or from where its URL says.
#[derive(Clone, Debug)]
pub(crate) struct Intake {
    network: Network,
    files: Files,
    copies: Copies,
    egress: Egress,
}

/// A file that has been taken in and that no row names yet.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// The id that its record gets.
    pub(crate) id: String,
    /// Whoever holds it keeps the file from being removed as stray.
    pub(crate) file: Arc<HeldFile>,
    pub(crate) mime_type: String,
    pub(crate) length: usize,
    pub(crate) filename: Option<String>,
    /// Its lasting copy, where media are copied as they come in.
    pub(crate) copy: Option<Persisted>,
}

impl Intake {
    pub(crate) fn new(network: Network, files: Files, copies: Copies, egress: Egress) -> Self {
        Self { network, files, copies, egress }
    }

    /// Gets the bytes, checks that they fit the kind of message, and puts them away.
    pub(crate) async fn take(
        &self,
        kind: MediaKind,
        source: Source,
        filename: Option<String>,
    ) -> Result<Stored, Refusal> {
        let (bytes, promised, field) = match source {
            Source::Bytes(bytes) if bytes.len() > MAX_BYTES => {
                let megabytes = MAX_BYTES >> 20;
                return Err(Refusal::Invalid(format!(
                    "`base64` holds more than {megabytes} MB: send a URL instead"
                )));
            }
            Source::Bytes(bytes) => (Bytes::from(bytes), None, "base64"),
            Source::Url(url) => {
                let fetched = self.egress.fetch(&url, MAX_FETCHED).await.map_err(refusal)?;
                (fetched.bytes, fetched.mime_type, "url")
            }
        };
        let name = filename.as_deref();
        let mime_type = content_type::of(&bytes, kind, field, name, promised.as_deref())?;
        let length = bytes.len();
        let id = format!("med_{}", self.network.entropy().token());
        let copy = self.copy(&id, &mime_type, &bytes).await?;
        let file = self.files.put(bytes).await?;
        Ok(Stored { id, file: Arc::new(file), mime_type, length, filename, copy })
    }

    /// Makes a lasting copy if media are copied as they come in. A message does not fail for want of it.
    async fn copy(&self, id: &str, mime_type: &str, bytes: &Bytes) -> Result<Option<Persisted>, Refusal> {
        if !self.network.read(setting::auto_persist_media).await? {
            return Ok(None);
        }
        match self.copies.make(id, mime_type, bytes.clone()).await {
            Ok(copy) => Ok(Some(copy)),
            Err(error) => {
                tracing::warn!(%error, media = id, "a file was not copied to lasting storage as it came in");
                Ok(None)
            }
        }
    }
}

/// What is wrong with the address is the caller's fault; a file that cannot be had is not found.
fn refusal(error: EgressError) -> Refusal {
    match error {
        EgressError::Private { .. } | EgressError::Plain => {
            Refusal::NotCalled { field: "url", why: error.to_string() }
        }
        EgressError::Url(_) | EgressError::Compressed { .. } | EgressError::TooLarge { .. } => {
            Refusal::Invalid(format!("`url` does not fit: {error}"))
        }
        other => Refusal::NoFile(other.to_string()),
    }
}
