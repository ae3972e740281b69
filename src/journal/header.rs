//! The first line of a segment, which says where it belongs.

use super::FORMAT;
use super::disk::DiskFile;
use super::error::{Damage, Finding, JournalError, Severity};
use super::hash::{Hash128, Head};
use super::segment::{line_in_file, path_of};

/// No header is as long as this.
pub(super) const HEADER_BYTES_MAX: usize = 256;

/// The first line of a segment. It follows wholly from what stands before it, so a reader
/// compares bytes.
pub(super) fn header(number: u32, first: u64, prev: Hash128) -> String {
    format!(
        "{{\"p2k2\":\"journal\",\"format\":{FORMAT},\"segment\":{number},\"first\":{first},\
         \"prev\":\"{prev}\"}}\n"
    )
}

/// The format that a header names, if it can be read as one at all.
fn format_in(header: &[u8]) -> Option<u32> {
    let rest = header.strip_prefix(b"{\"p2k2\":\"journal\",\"format\":")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// What a whole header says: the line that stands before the segment, and the header's length.
fn read_header(bytes: &[u8], number: u32) -> Option<(Head, usize)> {
    let end = bytes.iter().position(|byte| *byte == b'\n')? + 1;
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    let (_, rest) = text.split_once("\"first\":")?;
    let (first, rest) = rest.split_once(",\"prev\":\"")?;
    let seq = first.parse::<u64>().ok()?.checked_sub(1)?;
    let head = Head { seq, hash: Hash128::from_hex(rest.get(..32)?.as_bytes())? };
    (header(number, seq + 1, head.hash) == text).then_some((head, end))
}

/// A segment's header compared with what stands before it.
pub(super) enum Header {
    /// As it must be; so many bytes long.
    Sound(u64),
    /// Whole, but it names another line before it: the segment before is not what it was.
    Elsewhere(Head, u64),
    /// Not a header.
    Damaged,
}

/// Compares a segment's header with the one that it must have behind the line `before`.
pub(super) fn check_header(
    file: &dyn DiskFile,
    number: u32,
    before: Head,
) -> Result<Header, JournalError> {
    let mut bytes = [0; HEADER_BYTES_MAX];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read_at(filled as u64, &mut bytes[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    if let Some(found) = format_in(&bytes).filter(|found| *found > FORMAT) {
        return Err(JournalError::NewerFormat { file: path_of(number), found, known: FORMAT });
    }
    Ok(match read_header(&bytes[..filled], number) {
        Some((head, length)) if head == before => Header::Sound(length as u64),
        Some((head, length)) if number > 1 => Header::Elsewhere(head, length as u64),
        _ => Header::Damaged,
    })
}

/// What is wrong when segment `number` begins behind the line `named` and not behind `found`;
/// `first` is the number of the first line in the segment before.
pub(super) fn header_finding(number: u32, first: u64, found: Head, named: Head) -> Finding {
    let witness = path_of(number).display().to_string();
    let what = if named.seq > found.seq {
        Damage::Short { head: found.seq, witness, seq: named.seq }
    } else {
        Damage::Other { seq: named.seq, witness, expected: named.hash }
    };
    let seq = named.seq.min(found.seq + 1);
    Finding {
        severity: Severity::Damage,
        file: path_of(number.saturating_sub(1).max(1)),
        line: Some(line_in_file(first, seq)),
        seq: Some(seq),
        what,
    }
}
