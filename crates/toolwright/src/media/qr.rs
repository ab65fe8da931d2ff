//! Texts as QR codes: an image, or lines for a terminal.

use qrcode::{Color, QrCode};

/// Light modules around the code, without which scanners do not find it. The standard asks for four.
const QUIET: usize = 4;
/// Pixels for one side of a module: large enough to scan from a screen, in a file of a few kilobytes.
const SCALE: usize = 8;

/// A QR code.
#[derive(Debug, Clone)]
pub struct Qr {
    /// The modules of each side, the quiet zone included.
    side: usize,
    /// Whether a module is dark, row by row.
    dark: Vec<bool>,
}

/// Why a text is no QR code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QrError {
    /// More than the largest code holds.
    #[error("the text has {0} bytes, which is more than a QR code holds")]
    TooLong(usize),
    /// The image could not be written.
    #[error("the image cannot be written: {0}")]
    Image(String),
}

impl Qr {
    /// Encodes a text.
    ///
    /// # Errors
    /// It is too long.
    pub fn new(text: &str) -> Result<Self, QrError> {
        // Too much data is the only error that a text alone can cause.
        let code = QrCode::new(text).map_err(|_| QrError::TooLong(text.len()))?;
        let (width, modules) = (code.width(), code.into_colors());
        let side = width + 2 * QUIET;
        let mut dark = vec![false; side * side];
        for (row, modules) in modules.chunks(width).enumerate() {
            for (column, module) in modules.iter().enumerate() {
                dark[(row + QUIET) * side + column + QUIET] = *module == Color::Dark;
            }
        }
        Ok(Self { side, dark })
    }

    /// The code as a PNG image, with a quiet zone around it.
    ///
    /// # Errors
    /// The image could not be written.
    pub fn png(&self) -> Result<Vec<u8>, QrError> {
        let pixels = self.side * SCALE;
        let mut rows = Vec::with_capacity(pixels * pixels.div_ceil(8));
        for row in self.dark.chunks(self.side) {
            let mut line = vec![0_u8; pixels.div_ceil(8)];
            for pixel in (0..pixels).filter(|pixel| !row[pixel / SCALE]) {
                line[pixel / 8] |= 0x80 >> (pixel % 8);
            }
            rows.extend(line.repeat(SCALE));
        }
        let wrong = |error: png::EncodingError| QrError::Image(error.to_string());
        // A code has at most 185 modules a side with its quiet zone.
        let size = u32::try_from(pixels).map_err(|error| QrError::Image(error.to_string()))?;
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, size, size);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().map_err(wrong)?;
        writer.write_image_data(&rows).map_err(wrong)?;
        writer.finish().map_err(wrong)?;
        Ok(file)
    }

    /// The code in half blocks, for a terminal with light text on a dark ground.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for rows in self.dark.chunks(2 * self.side) {
            let (upper, lower) = rows.split_at(self.side);
            for (column, upper) in upper.iter().enumerate() {
                // Below the last row there is nothing to draw.
                let lower = lower.get(column).copied().unwrap_or(true);
                text.push(match (upper, lower) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }
}
