//! QR codes as drawings.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// The longest address that is drawn, in bytes; a longer one makes squares too small to copy.
const MAX_ADDRESS_BYTES: usize = 120;

/// The QR code of an address as an SVG without a margin; `None` for an address that is empty or
/// too long.
///
/// Level M: a quarter of the code may be lost to creases and photocopies.
pub(super) fn svg(address: &str) -> Option<String> {
    if address.is_empty() || address.len() > MAX_ADDRESS_BYTES {
        return None;
    }
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let length = run.len();
                // A run of dark squares is one rectangle, so that no hairline shows between them.
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {width}\" \
         shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_drawing() {
        let drawing = svg("https://p2k2.example/s/abc").unwrap();
        assert!(drawing.contains("viewBox=\"0 0 25 25\""), "{drawing}");
        assert!(drawing.contains("M0 0h7v1h-7z"), "the corner mark");
        assert_eq!(svg(""), None);
        assert_eq!(svg(&"a".repeat(121)), None);
    }
}
