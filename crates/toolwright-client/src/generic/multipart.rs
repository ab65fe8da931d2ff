//! Bodies of `multipart/form-data`.

use bytes::Bytes;
use uuid::Uuid;

use super::{Part, PartContent, request::invalid};
use crate::Failure;

/// Writes a `multipart/form-data` body and its media type.
///
/// The body is written at once rather than streamed: its files are in memory anyway, and a request can only be repeated
/// if its body can be read again.
pub(super) fn write(parts: Vec<Part>) -> Result<(String, Bytes), Failure> {
    let boundary = Uuid::new_v4().simple().to_string();
    let mut body = Vec::new();
    for part in parts {
        let (head, bytes) = split(part)?;
        body.extend_from_slice(format!("--{boundary}\r\n{head}\r\n").as_bytes());
        body.extend_from_slice(&bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((format!("multipart/form-data; boundary={boundary}"), body.into()))
}

/// The header lines and the content of a part.
fn split(Part { name, content }: Part) -> Result<(String, Bytes), Failure> {
    let disposition = format!("Content-Disposition: form-data; name={}", quoted("part name", &name)?);
    Ok(match content {
        PartContent::Text(text) => (format!("{disposition}\r\n"), text.into()),
        PartContent::Json(value) => {
            (format!("{disposition}\r\nContent-Type: application/json\r\n"), value.to_string().into())
        }
        PartContent::File(file) => {
            let filename = quoted("file name", file.filename.as_deref().unwrap_or("file"))?;
            let media_type = file.mime_type.as_deref().unwrap_or("application/octet-stream");
            check("MIME type", media_type)?;
            (format!("{disposition}; filename={filename}\r\nContent-Type: {media_type}\r\n"), file.bytes)
        }
    })
}

/// A quoted string as browsers write it: UTF-8, with a quote as `%22`.
fn quoted(what: &str, text: &str) -> Result<String, Failure> {
    check(what, text)?;
    Ok(format!("\"{}\"", text.replace('"', "%22")))
}

/// A line break would end the header and let the text write further ones.
fn check(what: &str, text: &str) -> Result<(), Failure> {
    match text.chars().find(|c| c.is_control()) {
        Some(_) => Err(invalid(format!("a {what} has a line break or another control character: remove it"))),
        None => Ok(()),
    }
}
