//! The pictures of a document: fetched once each, judged, and given a fixed name.

use std::borrow::Cow;

/// Gives the bytes of a picture by its bare file name, or nothing.
pub type PictureLookup<'a> = dyn Fn(&str) -> Option<Cow<'static, [u8]>> + 'a;

/// The most different pictures in one document; further ones leave only their words.
pub(crate) const MAX_PICTURES: usize = 256;
/// The largest picture, in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// The largest drawing, in bytes.
const MAX_SVG_BYTES: usize = 512 * 1024;
/// All pictures of a document together, in bytes.
const MAX_TOTAL_BYTES: usize = 24 * 1024 * 1024;
/// The most pixels of a picture.
const MAX_PIXELS: u64 = 24_000_000;
/// The most copies of parts that a drawing may make of itself: nested ones multiply.
const MAX_USES: usize = 8;

/// The pictures of a document.
pub(crate) struct PictureSet<'p> {
    lookup: &'p PictureLookup<'p>,
    found: Vec<(String, Option<Kept>)>,
    files: Vec<Cow<'static, [u8]>>,
    bytes: usize,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    file: usize,
    format: &'static str,
}

impl<'p> PictureSet<'p> {
    pub(crate) fn new(lookup: &'p PictureLookup<'p>) -> Self {
        Self { lookup, found: Vec::new(), files: Vec::new(), bytes: 0 }
    }

    /// The path under which the templates find a picture, and its format; `None` for one that is
    /// not there, is too large, or is no picture.
    pub(crate) fn add(&mut self, name: &str) -> Option<(String, &'static str)> {
        let known = self.found.iter().find(|(known, _)| known == name).map(|(_, kept)| *kept);
        let kept = known.unwrap_or_else(|| {
            let kept = self.fetch(name);
            self.found.push((name.to_owned(), kept));
            kept
        });
        kept.map(|kept| (path(kept.file), kept.format))
    }

    fn fetch(&mut self, name: &str) -> Option<Kept> {
        if self.files.len() >= MAX_PICTURES {
            return None;
        }
        let bytes = (self.lookup)(name)?;
        let format = format_of(&bytes)?;
        if self.bytes + bytes.len() > MAX_TOTAL_BYTES {
            return None;
        }
        self.bytes += bytes.len();
        self.files.push(bytes);
        Some(Kept { file: self.files.len() - 1, format })
    }

    /// The bytes, in the order of their paths.
    pub(crate) fn into_files(self) -> Vec<Cow<'static, [u8]>> {
        self.files
    }
}

/// The path of a picture by its place.
pub(crate) fn path(place: usize) -> String {
    format!("/gambar/{place}")
}

/// The format of a picture that is safe to draw.
fn format_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let (format, (width, height)) = match bytes {
        [0x89, b'P', b'N', b'G', ..] => ("png", png_size(bytes)?),
        [0xff, 0xd8, 0xff, ..] => ("jpg", jpeg_size(bytes)?),
        _ => return is_plain_svg(bytes).then_some("svg"),
    };
    let pixels = u64::from(width) * u64::from(height);
    (pixels > 0 && pixels <= MAX_PIXELS).then_some(format)
}

/// A drawing that does not multiply itself, define entities or fetch anything.
fn is_plain_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let refused = ["<!ENTITY", "<!DOCTYPE", "<image", "<script", "<foreignObject"];
    bytes.len() <= MAX_SVG_BYTES
        && text.contains("<svg")
        && !refused.iter().any(|word| text.contains(word))
        && text.matches("<use").count() <= MAX_USES
}

fn big_endian(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let field = bytes.get(at..at + length)?;
    Some(field.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
}

fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    Some((big_endian(bytes, 16, 4)?, big_endian(bytes, 20, 4)?))
}

/// Walks the segments of a JPEG to the one that holds its size.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if bytes[at] != 0xff {
            return None;
        }
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            return Some((big_endian(bytes, at + 7, 2)?, big_endian(bytes, at + 5, 2)?));
        }
        at += 2 + big_endian(bytes, at + 2, 2)?.max(2) as usize;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_pictures_are_drawn() {
        let many_uses = format!("<svg>{}</svg>", "<use href='#a'/>".repeat(9));
        let large = format!("<svg>{}</svg>", " ".repeat(MAX_SVG_BYTES));
        let png = |side: u32| {
            let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
            bytes.extend(side.to_be_bytes());
            bytes.extend(side.to_be_bytes());
            bytes
        };
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x10\0\x20".to_vec();
        for (bytes, format) in [
            (b"<svg></svg>".to_vec(), Some("svg")),
            (b"<svg><use/></svg>".to_vec(), Some("svg")),
            (many_uses.into_bytes(), None),
            (large.into_bytes(), None),
            (b"<!DOCTYPE x [<!ENTITY a 'b'>]><svg></svg>".to_vec(), None),
            (b"<svg><image href='x'/></svg>".to_vec(), None),
            (b"\xff\xfe".to_vec(), None),
            (Vec::new(), None),
            (png(16), Some("png")),
            (png(60_000), None),
            (png(0), None),
            (jpeg, Some("jpg")),
            (b"\xff\xd8\xff".to_vec(), None),
        ] {
            assert_eq!(format_of(&bytes), format, "{:?}", &bytes[..bytes.len().min(24)]);
        }
    }

    #[test]
    fn a_picture_is_fetched_once() {
        let calls = std::cell::Cell::new(0);
        let lookup = |name: &str| {
            calls.set(calls.get() + 1);
            (name == "a.svg").then(|| Cow::Borrowed(&b"<svg></svg>"[..]))
        };
        let mut set = PictureSet::new(&lookup);
        for (name, path) in [("a.svg", Some("/gambar/0")), ("b.svg", None)] {
            for _ in 0..2 {
                assert_eq!(set.add(name).map(|(path, _)| path).as_deref(), path);
            }
        }
        assert_eq!((calls.get(), set.into_files().len()), (2, 1));
    }
}
