//! Media types: which of them can be sent, and how.

/// How a body of some media type is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    UrlEncoded,
    Multipart,
    Text,
    Binary,
}

/// The media type without parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json")
}

/// Whether this is a range that JSON lies in rather than a media type.
pub(crate) fn is_range(media_type: &str) -> bool {
    matches!(essence(media_type).as_str(), "*/*" | "application/*")
}

/// How a body of this media type is made; nothing where that is not supported.
pub(crate) fn form_of(media_type: &str) -> Option<Form> {
    let essence = essence(media_type);
    if is_json(&essence) || is_range(&essence) {
        return Some(Form::Json);
    }
    if essence.ends_with("/xml") || essence.ends_with("+xml") {
        return None;
    }
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Some(Form::UrlEncoded),
        "multipart/form-data" => Some(Form::Multipart),
        "application/octet-stream" | "application/pdf" | "application/zip" | "application/gzip" => {
            Some(Form::Binary)
        }
        _ => match essence.split('/').next() {
            Some("text") => Some(Form::Text),
            Some("image" | "audio" | "video" | "font") => Some(Form::Binary),
            _ => None,
        },
    }
}
