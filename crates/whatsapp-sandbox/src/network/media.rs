//! Media of messages: the record of each file. The bytes are in [`crate::media`].

use std::time::Duration;

use rusqlite::{Connection, Row};

use super::id::{AccountId, MessageId};
use super::{Change, Refusal, View, message};
use crate::clock::Timestamp;
use crate::media::Stored;
use crate::store::Sql as _;

/// How long after it was sent `WhatsApp` keeps a file.
const LIFETIME: Duration = Duration::from_hours(14 * 24);

/// Where the bytes of a file come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// An address.
    Url(String),
    /// The bytes themselves.
    Bytes(Vec<u8>),
}

/// A file of a message.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) mime_type: String,
    /// Bytes.
    pub(crate) file_length: i64,
    pub(crate) filename: Option<String>,
    /// The message's id on the wire.
    pub(crate) message_id: String,
    /// The name of the bytes among the files; none if there are no bytes any more.
    pub(crate) file: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) copy: Option<Persisted>,
}

/// The lasting copy of a file.
#[derive(Clone, Debug)]
pub(crate) struct Persisted {
    /// What the store of copies knows it by.
    pub(crate) key: String,
    /// Its address.
    pub(crate) url: String,
}

const COLUMNS: &str =
    "media.id, mime_type, file_length, filename, wire_id, file, expires_at, copy_key, copy_url";

impl Media {
    /// Whether the network has dropped the file.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let copy: (Option<String>, Option<String>) = (row.get(7)?, row.get(8)?);
        Ok(Self {
            id: row.get(0)?,
            mime_type: row.get(1)?,
            file_length: row.get(2)?,
            filename: row.get(3)?,
            message_id: row.get(4)?,
            file: row.get(5)?,
            expires_at: row.get(6)?,
            copy: copy.0.zip(copy.1).map(|(key, url)| Persisted { key, url }),
        })
    }
}

/// Makes the record of a file that has been taken in, and gives its id.
pub(crate) fn keep(change: &Change<'_>, stored: &Stored) -> Result<String, Refusal> {
    change.run(
        "INSERT INTO media (id, mime_type, file_length, filename, file, expires_at, copy_key, copy_url)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            &stored.id,
            &stored.mime_type,
            i64::try_from(stored.length).unwrap_or(i64::MAX),
            &stored.filename,
            stored.file.name(),
            change.now.after(LIFETIME),
            stored.copy.as_ref().map(|it| &it.key),
            stored.copy.as_ref().map(|it| &it.url),
        ),
    )?;
    Ok(stored.id.clone())
}

/// Says which message a file belongs to.
pub(super) fn attach(change: &Change<'_>, id: &str, message: MessageId) -> Result<(), Refusal> {
    change.run("UPDATE media SET message_id = ?2 WHERE id = ?1", (id, message))?;
    Ok(())
}

/// The file, if it belongs to a message that the account can see.
pub(crate) fn get(connection: &Connection, me: AccountId, id: &str) -> Result<Media, Refusal> {
    let media = find(connection, id)?;
    match message::visible(connection, me, &media.message_id) {
        Ok(_) => Ok(media),
        Err(Refusal::NoMessage(_)) => Err(unknown(id)),
        Err(error) => Err(error),
    }
}

/// The files of the latest messages: what there is to let expire.
pub(crate) fn latest(view: &View<'_>, limit: u32) -> Result<Vec<Media>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM media JOIN message ON message.id = message_id ORDER BY message.id DESC LIMIT ?1"
    );
    Ok(view.all(&sql, (limit,), Media::from_row)?)
}

/// The network drops a file before its time. Lasting copies stay.
pub(crate) fn expire(change: &Change<'_>, id: &str) -> Result<Media, Refusal> {
    find(change, id)?;
    change.run("UPDATE media SET expires_at = min(expires_at, ?2) WHERE id = ?1", (id, change.now))?;
    find(change, id)
}

/// Remembers the lasting copy of a file.
pub(crate) fn persisted(change: &Change<'_>, id: &str, copy: &Persisted) -> Result<(), Refusal> {
    change.run("UPDATE media SET copy_key = ?2, copy_url = ?3 WHERE id = ?1", (id, &copy.key, &copy.url))?;
    Ok(())
}

fn find(connection: &Connection, id: &str) -> Result<Media, Refusal> {
    let sql =
        format!("SELECT {COLUMNS} FROM media JOIN message ON message.id = message_id WHERE media.id = ?1");
    connection.first(&sql, (id,), Media::from_row)?.ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Refusal {
    Refusal::NoMedia(id.chars().take(64).collect())
}
