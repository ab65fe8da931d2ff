//! Pictures that the sandbox draws itself: QR codes and avatars, as PNG.

use qrcode::{Color, QrCode};

/// Pixels to a module of a QR code.
const MODULE: usize = 6;
/// Light modules around a QR code; readers need four.
const QUIET: usize = 4;

/// A QR code that says `text`; `None` if it does not fit into one.
pub(crate) fn qr(text: &str) -> Option<Vec<u8>> {
    let code = QrCode::new(text).ok()?;
    let modules = code.width() + 2 * QUIET;
    let size = modules * MODULE;
    let dark = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < code.width());
        matches!((inside(x / MODULE), inside(y / MODULE)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark)
    };
    let pixels: Vec<u8> =
        (0..size * size).map(|at| if dark(at % size, at / size) { 0 } else { 255 }).collect();
    Some(encode(u32::try_from(size).ok()?, png::ColorType::Grayscale, &pixels))
}

/// A square picture; three bytes to a pixel.
pub(crate) fn rgb(size: u32, pixels: &[u8]) -> Vec<u8> {
    encode(size, png::ColorType::Rgb, pixels)
}

fn encode(size: u32, color: png::ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size, size);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    if let Err(error) = encoder.write_header().and_then(|mut writer| writer.write_image_data(pixels)) {
        // Writing to memory cannot fail for pixels of the right number, which both callers give.
        tracing::error!(%error, "a picture could not be drawn");
    }
    file
}
