//! A file argument: its content, or where that is.

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::{FileContent, FileError};

/// Where the bytes of a file argument are.
pub(super) enum Source {
    /// In the argument.
    Content(FileContent),
    /// Elsewhere.
    Remote { url: String, filename: Option<String>, mime_type: Option<String> },
}

const SOURCES: [&str; 3] = ["base64", "data_uri", "url"];
const MEMBERS: [&str; 5] = ["base64", "data_uri", "url", "filename", "mime_type"];

/// Reads a file argument of at most `limit` bytes.
pub(super) fn read(argument: &Value, limit: u64) -> Result<Source, FileError> {
    let members = argument.as_object().ok_or_else(|| FileError::Shape("it is not an object".to_owned()))?;
    if let Some(unknown) = members.keys().find(|key| !MEMBERS.contains(&key.as_str())) {
        return Err(FileError::Shape(format!("`{unknown}` is not one of them")));
    }
    let filename = text(members, "filename")?.map(str::to_owned);
    let mime_type = text(members, "mime_type")?.map(str::to_owned);
    let mut sources = Vec::new();
    for name in SOURCES {
        sources.extend(text(members, name)?.map(|value| (name, value)));
    }
    let (bytes, mime_type) = match sources[..] {
        [("base64", value)] => {
            (decode(value, limit)?.map_err(|error| FileError::Base64(error.to_string()))?, mime_type)
        }
        [("data_uri", value)] => {
            let (bytes, own_type) = data_uri(value, limit)?;
            (bytes, mime_type.or(Some(own_type)))
        }
        [(_, url)] => return Ok(Source::Remote { url: url.to_owned(), filename, mime_type }),
        [] => return Err(FileError::Shape("there is none of the three".to_owned())),
        _ => return Err(FileError::Shape("there are several of the three".to_owned())),
    };
    Ok(Source::Content(FileContent { bytes: bytes.into(), filename, mime_type }))
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, FileError> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(FileError::Shape(format!("`{name}` is not a text"))),
    }
}

/// The bytes and the MIME type of a data URI (RFC 2397).
fn data_uri(uri: &str, limit: u64) -> Result<(Vec<u8>, String), FileError> {
    let wrong = |reason: &str| FileError::DataUri(reason.to_owned());
    let scheme = uri.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:"));
    scheme.ok_or_else(|| wrong("it does not begin with `data:`"))?;
    let (kind, data) = uri[5..].split_once(',').ok_or_else(|| wrong("it has no comma"))?;
    let (media_type, bytes) = match kind.strip_suffix(";base64") {
        Some(media_type) => {
            let data = percent_decode_str(data).decode_utf8_lossy();
            let bytes = decode(&data, limit)?.map_err(|error| FileError::DataUri(error.to_string()))?;
            (media_type, bytes)
        }
        None => (kind, within(percent_decode_str(data).collect(), limit)?),
    };
    let media_type = if media_type.is_empty() { "text/plain;charset=US-ASCII" } else { media_type };
    Ok((bytes, media_type.to_owned()))
}

/// Decodes either alphabet, padded or not, with white space anywhere: models and tools write all of them.
fn decode(text: &str, limit: u64) -> Result<Result<Vec<u8>, base64::DecodeError>, FileError> {
    let text: String = text.split_ascii_whitespace().collect();
    if (text.trim_end_matches('=').len() as u64).saturating_mul(3) / 4 > limit {
        return Err(FileError::TooLarge { limit });
    }
    let alphabet = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    Ok(GeneralPurpose::new(alphabet, config).decode(text))
}

fn within(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, FileError> {
    if bytes.len() as u64 > limit { Err(FileError::TooLarge { limit }) } else { Ok(bytes) }
}
