//! Bytes as MCP content, and texts as QR codes.

mod qr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rmcp::model::{ContentBlock, ResourceContents};
use uuid::Uuid;

pub use qr::{Qr, QrError};

/// The largest image, sound or file that is handed over, in bytes before base64.
pub const LIMIT: usize = 8 * 1024 * 1024;

/// A block for bytes of this media type: an image, a sound, or an embedded resource with a URI of its own.
pub(crate) fn block(api: &str, media_type: &str, bytes: &[u8]) -> ContentBlock {
    if media_type.starts_with("image/") {
        return image(bytes, media_type);
    }
    let data = STANDARD.encode(bytes);
    if media_type.starts_with("audio/") {
        return ContentBlock::audio(data, media_type);
    }
    let uri = format!("{api}://media/{}", Uuid::new_v4());
    let media_type = if media_type.is_empty() { "application/octet-stream" } else { media_type };
    ContentBlock::resource(ResourceContents::blob(data, uri).with_mime_type(media_type))
}

/// An image block.
pub(crate) fn image(bytes: &[u8], media_type: &str) -> ContentBlock {
    ContentBlock::image(STANDARD.encode(bytes), media_type)
}
