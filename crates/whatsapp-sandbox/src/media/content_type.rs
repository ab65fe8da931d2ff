//! What kind of file it is: judged by its bytes, by its name only where the bytes do not tell.

use crate::network::Refusal;
use crate::network::content::MediaKind;

const UNKNOWN: &str = "application/octet-stream";

/// Media types and the usual ending of their names; the first ending of a type is the one that a download gets.
const ENDINGS: [(&str, &str); 20] = [
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("mp4", "video/mp4"),
    ("m4a", "audio/mp4"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("mp3", "audio/mpeg"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
    ("json", "application/json"),
    ("ics", "text/calendar"),
    ("vcf", "text/vcard"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

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

/// The ending for the name of a file of this type.
pub(crate) fn extension(mime_type: &str) -> &'static str {
    ENDINGS.iter().find(|(_, it)| *it == mime_type).map_or("bin", |(ending, _)| ending)
}

/// The type of a file, if its kind of message takes it. `field` is where it came from, for the error.
pub(super) fn of(
    bytes: &[u8],
    kind: MediaKind,
    field: &str,
    filename: Option<&str>,
    promised: Option<&str>,
) -> Result<String, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Invalid(format!("`{field}` holds no bytes")));
    }
    let found = sniff(bytes);
    match kind.types() {
        [] => Ok(of_any(found, filename, promised)),
        allowed => match found.filter(|it| allowed.contains(it)) {
            Some(found) => Ok(found.to_owned()),
            None => Err(Refusal::Invalid(format!(
                "the bytes of `{field}` are {}, and {} must be {}: send anything else as `file`",
                found.unwrap_or("of an unknown type"),
                kind.with_article(),
                allowed.join(" or ")
            ))),
        },
    }
}

/// Any type will do. Office documents are ZIP files to the bytes, so a name that says more is believed.
fn of_any(found: Option<&'static str>, filename: Option<&str>, promised: Option<&str>) -> String {
    let ending = filename.and_then(|it| it.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    let named = ending.and_then(|ending| ENDINGS.iter().find(|(it, _)| *it == ending));
    let named = named.map(|(_, mime_type)| *mime_type).filter(|it| !is_told_by_bytes(it));
    match (found, named) {
        (Some("application/zip"), Some(named)) if named.contains("openxmlformats") => named.to_owned(),
        (Some(found), _) => found.to_owned(),
        (None, Some(named)) => named.to_owned(),
        (None, None) => promised.filter(|it| is_safe(it)).unwrap_or(UNKNOWN).to_owned(),
    }
}

/// The types that are known by their bytes: a name alone does not make a file one of them.
fn is_told_by_bytes(mime_type: &str) -> bool {
    let family = mime_type.split('/').next();
    matches!(family, Some("image" | "audio" | "video"))
        || matches!(mime_type, "application/pdf" | "application/zip")
}

/// What another server calls a file is only believed as far as it harms no browser.
fn is_safe(mime_type: &str) -> bool {
    matches!(mime_type, "text/plain" | "text/csv" | "application/json" | "text/calendar" | "text/vcard")
}
