//! Pictures of accounts, groups and channels.

use rusqlite::Connection;

use super::media::Source;
use super::{Change, Refusal};
use crate::store::Sql as _;

/// The most bytes of a picture.
const MAX_BYTES: usize = 10 << 20;

/// A picture as it is kept.
#[derive(Clone, Debug)]
pub(crate) enum Picture {
    /// Given by URL; the sandbox fetches nothing.
    Url(String),
    /// Given as bytes.
    Bytes { mime_type: String, bytes: Vec<u8> },
}

/// Keeps a picture and gives its id.
pub(crate) fn keep(change: &Change<'_>, source: &Source) -> Result<String, Refusal> {
    let id = change.entropy().token();
    let sql = "INSERT INTO picture (id, mime_type, url, bytes) VALUES (?1, ?2, ?3, ?4)";
    match source {
        Source::Url(url) => {
            check_url(url)?;
            change.run(sql, (&id, None::<&str>, url, None::<&[u8]>))?;
        }
        Source::Bytes(bytes) => {
            let mime_type = crate::media::sniff(bytes).filter(|it| matches!(*it, "image/jpeg" | "image/png"));
            let Some(mime_type) = mime_type else {
                return Err(Refusal::Invalid("a picture must be a JPEG or PNG image".to_owned()));
            };
            if bytes.len() > MAX_BYTES {
                return Err(Refusal::Invalid(format!("a picture may have up to {} MB", MAX_BYTES >> 20)));
            }
            change.run(sql, (&id, mime_type, None::<&str>, bytes))?;
        }
    }
    Ok(id)
}

/// The picture with this id.
pub(crate) fn get(connection: &Connection, id: &str) -> Result<Picture, Refusal> {
    connection
        .first("SELECT url, mime_type, bytes FROM picture WHERE id = ?1", (id,), |row| {
            Ok(match row.get::<_, Option<String>>(0)? {
                Some(url) => Picture::Url(url),
                None => Picture::Bytes { mime_type: row.get(1)?, bytes: row.get(2)? },
            })
        })?
        .ok_or_else(|| Refusal::NoMedia(id.to_owned()))
}

/// A picture's address is only passed on, so it has to be one and no more.
fn check_url(text: &str) -> Result<(), Refusal> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") => Ok(()),
        Ok(url) => Err(Refusal::Invalid(format!("`url` must begin with https://, not {}:", url.scheme()))),
        Err(error) => Err(Refusal::Invalid(format!("`url` is no URL: {error}"))),
    }
}
