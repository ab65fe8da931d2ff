//! Media of messages: what kind of file it is, and where its bytes are.

use rusqlite::{Connection, Row};

use super::content::MediaKind;
use super::id::{AccountId, MessageId};
use super::{Change, Refusal, message};
use crate::store::Sql as _;

/// Where the bytes come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// The network keeps the address and fetches nothing.
    Url(String),
    /// The bytes themselves.
    Bytes(Vec<u8>),
}

/// A file of a message.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    pub(crate) id: String,
    pub(crate) mime_type: String,
    /// Bytes; 0 while the file is known by URL only.
    pub(crate) file_length: i64,
    pub(crate) url: Option<String>,
    /// The message's id on the wire.
    pub(crate) message_id: Option<String>,
}

/// The most bytes of a file.
const MAX_BYTES: usize = 70 << 20;

const COLUMNS: &str = "media.id, mime_type, file_length, url, wire_id";

impl Media {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            mime_type: row.get(1)?,
            file_length: row.get(2)?,
            url: row.get(3)?,
            message_id: row.get(4)?,
        })
    }
}

/// Checks that a file fits its kind of message, and keeps it.
pub(crate) fn keep(
    change: &Change<'_>,
    kind: MediaKind,
    source: &Source,
    filename: Option<&str>,
) -> Result<String, Refusal> {
    let id = format!("med_{}", change.entropy().token());
    let insert = "INSERT INTO media (id, mime_type, file_length, filename, url) VALUES (?1, ?2, ?3, ?4, ?5)";
    match source {
        Source::Url(url) => {
            check_url(url)?;
            change.run(insert, (&id, type_of_name(filename.unwrap_or(url), kind), 0, filename, url))?;
        }
        Source::Bytes(bytes) => {
            let mime_type = check_bytes(bytes, kind)?;
            let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            change.run(insert, (&id, mime_type, length, filename, None::<&str>))?;
            change.run("INSERT INTO media_content (media_id, bytes) VALUES (?1, ?2)", (&id, bytes))?;
        }
    }
    Ok(id)
}

/// Says which message a file belongs to.
pub(super) fn attach(change: &Change<'_>, id: &str, message: MessageId) -> Result<(), Refusal> {
    change.run("UPDATE media SET message_id = ?2 WHERE id = ?1", (id, message))?;
    Ok(())
}

/// The file, if it belongs to a message that the account can see.
pub(crate) fn get(connection: &Connection, me: AccountId, id: &str) -> Result<Media, Refusal> {
    let unknown = || Refusal::NoMedia(id.chars().take(64).collect());
    let sql =
        format!("SELECT {COLUMNS} FROM media JOIN message ON message.id = message_id WHERE media.id = ?1");
    let media = connection.first(&sql, (id,), Media::from_row)?.ok_or_else(unknown)?;
    match &media.message_id {
        Some(wire_id) if message::visible(connection, me, wire_id).is_ok() => Ok(media),
        _ => Err(unknown()),
    }
}

/// The bytes of a file that was given as bytes.
pub(crate) fn bytes(connection: &Connection, id: &str) -> Result<Vec<u8>, Refusal> {
    connection
        .first("SELECT bytes FROM media_content WHERE media_id = ?1", (id,), |row| row.get(0))?
        .ok_or_else(|| Refusal::NoMedia(id.to_owned()))
}

/// Refuses what is no `https` URL.
pub(crate) fn check_url(text: &str) -> Result<(), Refusal> {
    match url::Url::parse(text) {
        Ok(url) if url.scheme() == "https" => Ok(()),
        Ok(url) => Err(Refusal::Invalid(format!("`url` must begin with https://, not {}:", url.scheme()))),
        Err(error) => Err(Refusal::Invalid(format!("`url` is no URL: {error}"))),
    }
}

/// The type of a file by its first bytes.
pub(crate) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let inside = |at: usize, magic: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(magic));
    Some(match bytes {
        _ if starts(&[0xff, 0xd8, 0xff]) => "image/jpeg",
        _ if starts(b"\x89PNG\r\n\x1a\n") => "image/png",
        _ if starts(b"GIF8") => "image/gif",
        _ if starts(b"RIFF") && inside(8, b"WEBP") => "image/webp",
        _ if inside(4, b"ftypM4A") => "audio/mp4",
        _ if inside(4, b"ftyp") => "video/mp4",
        _ if starts(b"OggS") => "audio/ogg",
        _ if starts(b"ID3") || starts(&[0xff, 0xfb]) || starts(&[0xff, 0xf3]) || starts(&[0xff, 0xf2]) => {
            "audio/mpeg"
        }
        _ if starts(b"%PDF-") => "application/pdf",
        _ if starts(b"PK\x03\x04") => "application/zip",
        _ => return None,
    })
}

/// Checks size and type; the type that the bytes have.
fn check_bytes(bytes: &[u8], kind: MediaKind) -> Result<&'static str, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Invalid("`base64` holds no bytes".to_owned()));
    }
    if bytes.len() > MAX_BYTES {
        let megabytes = MAX_BYTES >> 20;
        return Err(Refusal::Invalid(format!("`base64` holds more than {megabytes} MB: send a URL instead")));
    }
    let found = sniff(bytes);
    match kind.types() {
        [] => Ok(found.unwrap_or("application/octet-stream")),
        allowed => found.filter(|it| allowed.contains(it)).ok_or_else(|| {
            Refusal::Invalid(format!(
                "the bytes of `base64` are {}, and {} must be {}: send anything else as `file`",
                found.unwrap_or("of an unknown type"),
                kind.with_article(),
                allowed.join(" or ")
            ))
        }),
    }
}

/// The type that a name or URL promises; a kind's usual type if it promises none.
fn type_of_name(name: &str, kind: MediaKind) -> &'static str {
    let path = name.split(['?', '#']).next().unwrap_or(name);
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("mp4") => "video/mp4",
        Some("ogg" | "oga" | "opus") => "audio/ogg",
        Some("mp3") => "audio/mpeg",
        Some("pdf") => "application/pdf",
        Some("zip") => "application/zip",
        Some("txt") => "text/plain",
        Some("csv") => "text/csv",
        _ => kind.types().first().copied().unwrap_or("application/octet-stream"),
    }
}
