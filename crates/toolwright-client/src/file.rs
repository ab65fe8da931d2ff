//! Files that are arguments.

mod address;
mod argument;
mod fetch;

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

pub use self::address::is_public_address;
pub use self::fetch::FetchPolicy;

/// A file, in memory.
///
/// `Debug` shows its size and MIME type only.
#[derive(Clone, PartialEq, Eq)]
pub struct FileContent {
    /// What is in it.
    pub bytes: Bytes,
    /// Its name, without folders.
    pub filename: Option<String>,
    /// Its MIME type, such as `image/png`.
    pub mime_type: Option<String>,
}

/// Why an argument is no usable file. The texts are for whoever gave the argument; of a URL they show host and port only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The argument is of another type, or has a member of another type.
    #[error(
        "a file is an object of texts with exactly one of `base64`, `data_uri` or `url`, and `filename` and `mime_type` if known: {0}"
    )]
    Shape(String),
    /// The text is not Base64.
    #[error(
        "`base64` is not Base64 ({0}): give the bytes of the file in Base64, without line breaks or a prefix"
    )]
    Base64(String),
    /// The text is not a data URI.
    #[error("`data_uri` is not a data URI ({0}): give one such as `data:image/png;base64,iVBORw0…`")]
    DataUri(String),
    /// There are more bytes than the limit.
    #[error("the file is larger than the limit of {limit} bytes: give a smaller one")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The file is given by its URL where URLs are not fetched.
    #[error("files are not fetched from a `url` here: give the bytes in `base64` or a `data_uri`")]
    UrlRefused,
    /// The URL is of a kind that is not fetched.
    #[error("`url` cannot be fetched: {0}")]
    Url(String),
    /// The URL leads to a machine that is not on the public internet.
    #[error(
        "`url` leads to `{host}`, which is not on the public internet: give the bytes in `base64` instead"
    )]
    PrivateAddress {
        /// The host.
        host: String,
    },
    /// The file could not be had from its URL.
    #[error("the file cannot be fetched: {0}")]
    Fetch(String),
}

impl FileContent {
    /// Reads a file argument: an object with exactly one of `base64` and `data_uri`, and `filename` and `mime_type`
    /// where known. At most `limit` bytes. A `url` is refused; [`load`](Self::load) fetches it.
    pub fn from_argument(argument: &Value, limit: u64) -> Result<Self, FileError> {
        match argument::read(argument, limit)? {
            argument::Source::Content(file) => Ok(file),
            argument::Source::Remote { .. } => Err(FileError::UrlRefused),
        }
    }

    /// Reads a file argument as [`from_argument`](Self::from_argument) does, and fetches a `url`.
    pub async fn load(argument: &Value, policy: &FetchPolicy) -> Result<Self, FileError> {
        match argument::read(argument, policy.max_bytes)? {
            argument::Source::Content(file) => Ok(file),
            argument::Source::Remote { url, filename, mime_type } => {
                let file = Self::fetch(&url, policy).await?;
                let filename = filename.or(file.filename);
                let mime_type = mime_type.or(file.mime_type);
                Ok(Self { bytes: file.bytes, filename, mime_type })
            }
        }
    }

    /// Fetches a file within `policy`. The name is the last segment of the URL's path, if it looks like one; the MIME
    /// type is the server's.
    pub async fn fetch(url: &str, policy: &FetchPolicy) -> Result<Self, FileError> {
        fetch::fetch(url, policy).await
    }
}

impl fmt::Debug for FileContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileContent")
            .field("bytes", &self.bytes.len())
            .field("mime_type", &self.mime_type)
            .finish_non_exhaustive()
    }
}
