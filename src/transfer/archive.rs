//! Looking at a spreadsheet's archive before anything in it is believed.
//!
//! The reader of spreadsheets unpacks whatever it is given and reserves memory for as many texts as
//! a file claims to hold. So every part is unpacked here first, in small pieces and up to a limit,
//! and its size compared with what the archive declares.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::read::FileError;

/// The most parts of one spreadsheet; an office file has a few dozen.
const MAX_PARTS: usize = 1_000;
/// The most bytes of a part that holds rows, unpacked. Such a part is read piece by piece.
const MAX_SHEET_BYTES: u64 = 1 << 30;
/// The most bytes of any other part, unpacked. Such a part is held in memory.
const MAX_PART_BYTES: u64 = 64 << 20;
/// The most bytes of all parts together, unpacked.
const MAX_TOTAL_BYTES: u64 = 3 << 29;
/// How many times larger than packed a part may be. Rows of a real sheet shrink to a tenth or a
/// fiftieth, a part made to burst memory to a thousandth.
const MAX_RATIO: u64 = 300;
/// Below this size no ratio matters.
const SMALL_BYTES: u64 = 4 << 20;
/// The shortest way to write a shared text.
const SHORTEST_TEXT_BYTES: u64 = 9;

/// Checks every part of the archive.
///
/// # Errors
/// When the archive is damaged, has too many parts, a part is locked by a password or of another
/// size than declared, or unpacking would take more memory than a spreadsheet ever needs.
pub(super) fn check(bytes: &[u8]) -> Result<(), FileError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileError::Damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(FileError::Swollen);
    }
    let mut total = 0;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => FileError::Locked,
            _ => FileError::Damaged,
        })?;
        if part.encrypted() {
            return Err(FileError::Locked);
        }
        let name = part.name().map_err(|_| FileError::Damaged)?.to_ascii_lowercase();
        let (declared, packed) = (part.size(), part.compressed_size());
        let most = if name.contains("worksheets/") { MAX_SHEET_BYTES } else { MAX_PART_BYTES };
        let swollen = |size: u64| size > most || (size > SMALL_BYTES && size / MAX_RATIO > packed);
        total += declared;
        if swollen(declared) || total > MAX_TOTAL_BYTES {
            return Err(FileError::Swollen);
        }
        let mut claims = name.ends_with("sharedstrings.xml").then(Claims::default);
        let mut actual = 0;
        let mut piece = vec![0; 64 << 10];
        loop {
            let length = part.read(&mut piece).map_err(|_| FileError::Damaged)?;
            if length == 0 {
                break;
            }
            actual += length as u64;
            if actual > declared {
                return Err(FileError::Swollen);
            }
            if let Some(claims) = &mut claims {
                claims.look(&piece[..length]);
            }
        }
        if actual != declared {
            return Err(FileError::Damaged);
        }
        if claims.is_some_and(|claims| claims.most > declared / SHORTEST_TEXT_BYTES + 1) {
            return Err(FileError::Swollen);
        }
    }
    Ok(())
}

/// The largest number of texts that a part claims to hold, wherever it says so.
///
/// The claim is the attribute `uniqueCount`; the reader reserves memory for it unseen.
#[derive(Debug, Default)]
struct Claims {
    most: u64,
    matched: usize,
    state: Seen,
    number: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Seen {
    #[default]
    Nothing,
    Name,
    Digits,
}

impl Claims {
    const NAME: &'static [u8] = b"uniqueCount";

    fn look(&mut self, piece: &[u8]) {
        for byte in piece {
            // Two-byte letters have a nought in between; leaving it out finds those claims too.
            if *byte != 0 {
                self.step(*byte);
            }
        }
    }

    fn step(&mut self, byte: u8) {
        match self.state {
            Seen::Name | Seen::Digits if byte.is_ascii_digit() => {
                self.state = Seen::Digits;
                self.number = self.number.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                self.most = self.most.max(self.number);
            }
            Seen::Name
                if byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'' | b'+') => {}
            _ => self.state = Seen::Nothing,
        }
        // No letter of the name but the first is a "u" followed by "n", so a failed match can only
        // begin again at this very byte.
        self.matched = match Self::NAME.get(self.matched) {
            Some(wanted) if *wanted == byte => self.matched + 1,
            _ => usize::from(byte == Self::NAME[0]),
        };
        if self.matched == Self::NAME.len() {
            (self.matched, self.state, self.number) = (0, Seen::Name, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_found_however_they_are_cut() {
        for (text, expected) in [
            ("<sst count=\"9\" uniqueCount=\"12\">", 12),
            ("<sst uniqueCount = '7'/>uniqueCount=\"3\"", 7),
            ("<sst uuniqueCount=\"99999999999999999999999\">", u64::MAX),
            ("<sst uniqueCounts=\"5\">", 0),
            ("", 0),
        ] {
            let mut whole = Claims::default();
            whole.look(text.as_bytes());
            assert_eq!(whole.most, expected, "{text}");
            let mut cut = Claims::default();
            text.bytes().for_each(|byte| cut.look(&[byte]));
            assert_eq!(cut.most, expected, "{text}");
            let mut wide = Claims::default();
            text.bytes().for_each(|byte| wide.look(&[byte, 0]));
            assert_eq!(wide.most, expected, "{text}");
        }
    }
}
