//! A line that is written out but for what its place in the journal decides.
//!
//! Only the numbers at its beginning and the fingerprint at its end depend on the lines before it.
//! So whoever hands a line in can write the rest, and the one who appends, of whom there is only
//! one, has the least to do.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::tz::Offset;
use uuid::Uuid;

use super::LINE_BYTES_MAX;
use super::codec::{
    EVENTS, MARK, OPEN, PRIVATE, Place, SALT, TEXTS, find_mark, string_end, write_tail,
};
use super::error::JournalError;
use super::hash::{Hash128, push_hex};
use super::line::{Import, NewLine};

/// What stands before and behind the fingerprint of the private part.
const PRIVATE_HASH: (&str, &str) = (",\"ph\":\"", "\"");
/// Room for a line of a pertemuan, so that few lines grow while they are written.
const ROOM: usize = 1_024;

/// A line to be appended, written out as far as that can be done before its turn.
#[derive(Debug, Clone, Default)]
pub struct Ready {
    /// The open part behind the batch's number, and the private part with what stands before it.
    bytes: Vec<u8>,
    /// So many of the bytes belong to the open part.
    open: usize,
    /// Earlier lines whose private parts it orders to be blanked.
    pub(super) redacts: Vec<u64>,
    /// Whether it is part of an import or closes one.
    pub(super) import: bool,
}

/// Gives each private part a salt that nobody can guess.
#[derive(Debug, Default)]
pub(super) struct Salts {
    key: OnceLock<[u8; 32]>,
    given: AtomicU64,
}

impl Salts {
    /// A salt that was not given before: a keyed fingerprint of a count, under a random key that
    /// lives as long as the process.
    fn next(&self) -> Result<[u8; 16], JournalError> {
        let key = match self.key.get() {
            Some(key) => key,
            None => {
                let mut fresh = [0; 32];
                getrandom::fill(&mut fresh).map_err(|_| JournalError::Random)?;
                self.key.get_or_init(|| fresh)
            }
        };
        let count = self.given.fetch_add(1, Ordering::Relaxed);
        let mut salt = [0; 16];
        salt.copy_from_slice(&blake3::keyed_hash(key, &count.to_le_bytes()).as_bytes()[..16]);
        Ok(salt)
    }
}

impl Ready {
    /// Writes a line out.
    pub(super) fn of(line: &NewLine, salts: &Salts) -> Result<Self, JournalError> {
        let mut bytes = Vec::with_capacity(ROOM);
        write_fields(&mut bytes, line);
        // The fingerprint of the private part stands before the events of which it is made.
        let from = bytes.len();
        bytes.extend_from_slice(PRIVATE_HASH.0.as_bytes());
        let at = bytes.len();
        bytes.extend_from_slice(&[b'0'; 32]);
        bytes.extend_from_slice(PRIVATE_HASH.1.as_bytes());
        let to = bytes.len();
        bytes.extend_from_slice(EVENTS.as_bytes());
        let mut private = Vec::new();
        let texts = hide(line.events.as_json(), &mut bytes, &mut private, salts)?;
        bytes.push(b'}');
        if texts == 0 {
            bytes.drain(from..to);
        } else {
            private.extend_from_slice(b"]}");
            let hash = Hash128::of(&private[PRIVATE.len()..]);
            bytes[at..at + 32].copy_from_slice(&hash.hex());
        }
        let open = bytes.len();
        bytes.extend_from_slice(&private);
        Ok(Self { bytes, open, redacts: line.redacts.clone(), import: line.import.is_some() })
    }

    /// Appends the line with its end to `out` and returns its fingerprint.
    pub(super) fn place(&self, out: &mut Vec<u8>, place: Place) -> Result<Hash128, JournalError> {
        let start = out.len();
        let (open, private) = self.bytes.split_at(self.open);
        out.extend_from_slice(OPEN.as_bytes());
        let from = out.len();
        push_number(out, "{\"seq\":", place.seq);
        push_number(out, ",\"b\":", place.batch);
        out.extend_from_slice(open);
        let hash = Hash128::chained(place.prev, &out[from..]);
        out.extend_from_slice(private);
        write_tail(out, hash);
        let bytes = out.len() - start;
        if bytes > LINE_BYTES_MAX { Err(JournalError::LineTooLong(bytes)) } else { Ok(hash) }
    }
}

/// Writes the fields between the numbers and the events.
fn write_fields(out: &mut Vec<u8>, line: &NewLine) {
    out.extend_from_slice(b",\"at\":\"");
    push_time(out, line.at);
    out.push(b'"');
    if let Some(by) = line.by {
        push_number(out, ",\"by\":", u64::from(by));
    }
    push_uuid(out, ",\"cmd\":\"", line.cmd);
    out.extend_from_slice(b",\"dig\":\"");
    line.digest.push_hex(out);
    out.push(b'"');
    if let Some(import) = line.import {
        push_uuid(out, ",\"imp\":\"", import.id());
        if let Import::Close { first, lines, .. } = import {
            push_number(out, ",\"fin\":[", first);
            push_number(out, ",", lines);
            out.push(b']');
        }
    }
    for (index, seq) in line.redacts.iter().enumerate() {
        push_number(out, if index == 0 { ",\"red\":[" } else { "," }, *seq);
    }
    if !line.redacts.is_empty() {
        out.push(b']');
    }
}

/// Writes a time to the millisecond, in UTC. By hand, because every record writes one.
fn push_time(out: &mut Vec<u8>, at: Timestamp) {
    let time = Offset::UTC.to_datetime(at);
    let Some(year) = u16::try_from(time.year()).ok().filter(|_| at.as_millisecond() >= 0) else {
        out.extend_from_slice(format!("{at:.3}").as_bytes());
        return;
    };
    let part = |number: i8| u16::from(number.unsigned_abs());
    let millis = time.millisecond().unsigned_abs();
    for (before, number, digits) in [
        ("", year, 4),
        ("-", part(time.month()), 2),
        ("-", part(time.day()), 2),
        ("T", part(time.hour()), 2),
        (":", part(time.minute()), 2),
        (":", part(time.second()), 2),
        (".", millis, 3),
    ] {
        out.extend_from_slice(before.as_bytes());
        let four = [1_000, 100, 10, 1].map(|unit| b'0' + (number / unit % 10) as u8);
        out.extend_from_slice(&four[4 - digits..]);
    }
    out.push(b'Z');
}

fn push_uuid(out: &mut Vec<u8>, key: &str, id: Uuid) {
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
    out.push(b'"');
}

/// Written by hand because the general formatting was a good part of the time of an append.
fn push_number(out: &mut Vec<u8>, key: &str, mut number: u64) {
    out.extend_from_slice(key.as_bytes());
    let mut digits = [0; 20];
    let mut from = digits.len();
    loop {
        from -= 1;
        digits[from] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[from..]);
}

/// Copies events to `open`, moving each private text to the private part, which begins with a salt,
/// and leaving its place in the list; returns how many there were.
fn hide(
    mut events: &str,
    open: &mut Vec<u8>,
    private: &mut Vec<u8>,
    salts: &Salts,
) -> Result<u64, JournalError> {
    let mut texts = 0;
    while let Some(at) = find_mark(events) {
        let (before, rest) = events.split_at(at + MARK.len());
        open.extend_from_slice(before.as_bytes());
        events = rest;
        if rest.starts_with("null}") {
            continue;
        }
        let end = string_end(rest.as_bytes()).ok_or(JournalError::ReservedKey)?;
        if !rest[end..].starts_with('}') {
            return Err(JournalError::ReservedKey);
        }
        if texts == 0 {
            private.reserve(ROOM / 4);
            private.extend_from_slice(PRIVATE.as_bytes());
            private.extend_from_slice(SALT.as_bytes());
            push_hex(&salts.next()?, private);
            private.extend_from_slice(TEXTS.as_bytes());
        } else {
            private.push(b',');
        }
        private.extend_from_slice(&rest.as_bytes()[..end]);
        push_number(open, "", texts);
        texts += 1;
        events = &rest[end..];
    }
    open.extend_from_slice(events.as_bytes());
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_as_the_general_formatting_does() {
        let times = [
            "2026-11-22T04:58:23.007Z",
            "2026-01-02T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59.5Z",
            "-000001-03-04T05:06:07.089Z",
            "0000-01-01T00:00:00.001Z",
            "2000-02-29T23:59:59.9999Z",
            "9999-12-30T21:59:59.123456789Z",
        ];
        for text in times {
            let at: Timestamp = text.parse().unwrap();
            let mut written = Vec::new();
            push_time(&mut written, at);
            // What lies behind the millisecond is cut off; a clock gives none.
            let cut = Timestamp::from_millisecond(at.as_millisecond()).unwrap();
            let expected = if at.as_millisecond() >= 0 { cut } else { at };
            assert_eq!(String::from_utf8(written).unwrap(), format!("{expected:.3}"), "{text}");
        }
    }

    #[test]
    fn no_salt_comes_twice_and_none_of_another_start() {
        let (one, other) = (Salts::default(), Salts::default());
        let salts =
            |of: &Salts| -> Vec<[u8; 16]> { (0..100).map(|_| of.next().unwrap()).collect() };
        let mut all = salts(&one);
        all.extend(salts(&other));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 200);
    }
}
