//! A link as a QR code.

use std::fmt::Write;

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;
use serde::Serialize;

use crate::share::MAX_QR_BYTES;

/// A QR code, to be drawn as the SVG `<path d="...">` in a square.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QrCode {
    /// The side of the square, with the quiet zone of four modules around the code.
    pub size: usize,
    /// A row of dark modules is a rectangle.
    pub path: String,
}

const QUIET: usize = 4;

impl QrCode {
    /// `None` if the text is too long: see [`MAX_QR_BYTES`](crate::share::MAX_QR_BYTES).
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        if text.len() > MAX_QR_BYTES {
            return None;
        }
        let code = QRBuilder::new(text).ecl(ECL::L).build().ok()?;
        let mut path = String::new();
        for row in 0..code.size {
            let mut column = 0;
            while column < code.size {
                let length = (column..code.size)
                    .take_while(|column| code[row][*column].value())
                    .count();
                if length > 0 {
                    let (x, y) = (column + QUIET, row + QUIET);
                    let _ = write!(path, "M{x} {y}h{length}v1h-{length}z"); // a String accepts everything
                }
                column += length + 1;
            }
        }
        Some(Self {
            size: code.size + 2 * QUIET,
            path,
        })
    }
}
