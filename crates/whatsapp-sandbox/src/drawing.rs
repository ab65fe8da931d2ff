//! Pictures that the sandbox draws itself: QR codes and avatars, as PNG.

use std::fmt::Write as _;

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

/// The same code as a drawing: one square to a dark module, in the colour of the text around it.
pub(crate) fn qr_svg(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let size = code.width() + 2 * QUIET;
    let mut dark = String::new();
    let modules = (0..code.width()).flat_map(|y| (0..code.width()).map(move |x| (x, y)));
    for (x, y) in modules.filter(|at| code[*at] == Color::Dark) {
        // Writing to a text cannot fail.
        let _ = write!(dark, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\" \
         role=\"img\" aria-label=\"QR code\"><path fill=\"currentColor\" d=\"{dark}\"/></svg>"
    ))
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
