//! The bytes of a line.
//!
//! Lines are taken apart by position, not by a general JSON parser: the chain is made over raw
//! bytes, and a reader that tolerated other spellings of the same values would hide a change.

use std::borrow::Cow;
use std::io::Write as _;
use std::ops::Range;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

use super::error::{Damage, JournalError};
use super::hash::{Hash128, push_hex};
use super::line::{Import, Line, NewLine};
use super::{BATCH_LINES_MAX, LINE_BYTES_MAX};

/// How an object begins that holds a private text or the number of one.
const MARK: &[u8] = b"{\"~\":";
const OPEN: &[u8] = b"{\"o\":";
const PRIVATE: &[u8] = b",\"p\":";
const HASH: &[u8] = b",\"h\":\"";
const END: &[u8] = b"\"}";
const EVENTS: &[u8] = b"\"ev\":";
/// `,"h":"` with 32 digits and `"}`.
const TAIL: usize = HASH.len() + 32 + END.len();

/// Where a line goes: what it must name and follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) seq: u64,
    pub(super) batch: u64,
    pub(super) prev: Hash128,
}

/// Buffers that are kept from line to line.
#[derive(Default)]
pub(super) struct Scratch {
    events: Vec<u8>,
    private: Vec<u8>,
}

/// Appends the line with its end to `out` and returns its fingerprint.
pub(super) fn encode(
    out: &mut Vec<u8>,
    scratch: &mut Scratch,
    place: Place,
    line: &NewLine,
    salt: [u8; 16],
) -> Result<Hash128, JournalError> {
    let start = out.len();
    scratch.events.clear();
    scratch.private.clear();
    scratch.private.extend_from_slice(b"{\"salt\":\"");
    push_hex(&salt, &mut scratch.private);
    scratch.private.extend_from_slice(b"\",\"t\":[");
    let texts = hide(line.events.as_json().as_bytes(), scratch)?;
    scratch.private.extend_from_slice(b"]}");

    out.extend_from_slice(OPEN);
    let open = out.len();
    write_open(out, place, line);
    if texts > 0 {
        out.extend_from_slice(b"\"ph\":\"");
        Hash128::of(&scratch.private).push_hex(out);
        out.extend_from_slice(b"\",");
    }
    out.extend_from_slice(EVENTS);
    out.extend_from_slice(&scratch.events);
    out.push(b'}');
    let hash = Hash128::chained(place.prev, &out[open..]);
    if texts > 0 {
        out.extend_from_slice(PRIVATE);
        out.extend_from_slice(&scratch.private);
    }
    out.extend_from_slice(HASH);
    hash.push_hex(out);
    out.extend_from_slice(END);
    out.push(b'\n');
    let bytes = out.len() - start;
    if bytes > LINE_BYTES_MAX { Err(JournalError::LineTooLong(bytes)) } else { Ok(hash) }
}

/// Writes the fields before the events; writing to memory cannot fail.
fn write_open(out: &mut Vec<u8>, place: Place, line: &NewLine) {
    let Place { seq, batch, .. } = place;
    let _ = write!(out, "{{\"seq\":{seq},\"b\":{batch},\"at\":\"{:.3}\",", line.at);
    if let Some(by) = line.by {
        let _ = write!(out, "\"by\":{by},");
    }
    let _ = write!(out, "\"cmd\":\"{}\",\"dig\":\"", line.cmd.hyphenated());
    line.digest.push_hex(out);
    out.extend_from_slice(b"\",");
    if let Some(import) = line.import {
        let _ = write!(out, "\"imp\":\"{}\",", import.id().hyphenated());
        if let Import::Close { first, lines, .. } = import {
            let _ = write!(out, "\"fin\":{{\"first\":{first},\"n\":{lines}}},");
        }
    }
    for (index, seq) in line.redacts.iter().enumerate() {
        out.extend_from_slice(if index == 0 { b"\"red\":[" } else { b"," });
        let _ = write!(out, "{seq}");
    }
    if !line.redacts.is_empty() {
        out.extend_from_slice(b"],");
    }
}

/// Copies events to the scratch, moving each private text to the private part and leaving its
/// place in the list; returns how many there were.
fn hide(mut events: &[u8], scratch: &mut Scratch) -> Result<usize, JournalError> {
    let mut texts = 0;
    while let Some(at) = find_mark(events) {
        let (before, rest) = events.split_at(at + MARK.len());
        scratch.events.extend_from_slice(before);
        if rest.starts_with(b"null}") {
            events = rest;
            continue;
        }
        let end = string_end(rest).ok_or(JournalError::ReservedKey)?;
        if rest.get(end) != Some(&b'}') {
            return Err(JournalError::ReservedKey);
        }
        if texts > 0 {
            scratch.private.push(b',');
        }
        scratch.private.extend_from_slice(&rest[..end]);
        let _ = write!(scratch.events, "{texts}");
        texts += 1;
        events = &rest[end..];
    }
    scratch.events.extend_from_slice(events);
    Ok(texts)
}

/// Puts private texts back into their places, or `null` if they were blanked.
fn reveal(mut events: &[u8], private: PrivatePart<'_>) -> Option<String> {
    let texts = match private {
        PrivatePart::Text(bytes) => split_texts(bytes)?,
        PrivatePart::Absent | PrivatePart::Blank => Vec::new(),
    };
    let mut out = Vec::with_capacity(events.len() + texts.iter().map(|t| t.len()).sum::<usize>());
    while let Some(at) = find_mark(events) {
        let (before, rest) = events.split_at(at + MARK.len());
        out.extend_from_slice(before);
        let end = rest.iter().position(|byte| *byte == b'}')?;
        let index = &rest[..end];
        if index == b"null" || matches!(private, PrivatePart::Blank) {
            out.extend_from_slice(b"null");
        } else {
            let index: usize = std::str::from_utf8(index).ok()?.parse().ok()?;
            out.extend_from_slice(texts.get(index)?);
        }
        events = &rest[end..];
    }
    out.extend_from_slice(events);
    String::from_utf8(out).ok()
}

/// The position of the next object that begins with the key of private texts. Quotation marks
/// within a text are escaped, so the sequence cannot stand inside one.
fn find_mark(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = bytes.get(from..)?.iter().position(|byte| *byte == b'~') {
        let tilde = from + found;
        if tilde >= 2 && bytes[tilde - 2..].starts_with(MARK) {
            return Some(tilde - 2);
        }
        from = tilde + 1;
    }
    None
}

/// The position after the JSON string that begins at 0.
fn string_end(bytes: &[u8]) -> Option<usize> {
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The texts of a private part, still as JSON strings.
fn split_texts(private: &[u8]) -> Option<Vec<&[u8]>> {
    let key = b",\"t\":[";
    let start = b"{\"salt\":\"".len() + 32 + 1 + key.len();
    let mut rest = private.get(start..)?.strip_suffix(b"]}")?;
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let end = string_end(rest)?;
        texts.push(&rest[..end]);
        rest = &rest[end..];
        rest = rest.strip_prefix(b",").unwrap_or(rest);
    }
    Some(texts)
}

/// The private part of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrivatePart<'a> {
    /// There never was one.
    Absent,
    /// It was blanked.
    Blank,
    /// Its raw bytes.
    Text(&'a [u8]),
}

/// A line taken apart, not yet checked.
pub(super) struct Parts<'a> {
    pub(super) open: &'a [u8],
    pub(super) private: PrivatePart<'a>,
    pub(super) hash: Hash128,
    pub(super) fields: Fields<'a>,
    events: Range<usize>,
}

/// The open part but for the events. Unknown fields of later releases are left alone.
#[derive(Deserialize)]
pub(super) struct Fields<'a> {
    pub(super) seq: u64,
    pub(super) b: u64,
    #[serde(borrow)]
    at: Cow<'a, str>,
    by: Option<u32>,
    #[serde(borrow)]
    cmd: Cow<'a, str>,
    #[serde(borrow)]
    dig: Cow<'a, str>,
    #[serde(borrow, default)]
    imp: Option<Cow<'a, str>>,
    fin: Option<Fin>,
    #[serde(default)]
    pub(super) red: Vec<u64>,
    #[serde(borrow, default)]
    ph: Option<Cow<'a, str>>,
    #[serde(rename = "ev")]
    _ev: IgnoredAny,
}

#[derive(Clone, Copy, Deserialize)]
struct Fin {
    first: u64,
    n: u64,
}

/// Takes a line (without its end) apart; `None` if it is not of the form that is written.
pub(super) fn split(line: &[u8]) -> Option<Parts<'_>> {
    let rest = line.strip_prefix(OPEN)?;
    let (end, events) = open_part(rest)?;
    let (open, rest) = rest.split_at(end);
    let (private, tail) = rest.split_at(rest.len().checked_sub(TAIL)?);
    let hash = tail.strip_prefix(HASH)?.strip_suffix(END)?;
    let private = match private.strip_prefix(PRIVATE) {
        Some(b"null") => PrivatePart::Blank,
        Some(bytes) => PrivatePart::Text(bytes),
        None if private.is_empty() => PrivatePart::Absent,
        None => return None,
    };
    let fields = serde_json::from_slice(open).ok()?;
    Some(Parts { open, private, hash: Hash128::from_hex(hash)?, fields, events })
}

/// Where the object that begins at 0 ends, and where in it the value of its last key, the events,
/// lies.
fn open_part(bytes: &[u8]) -> Option<(usize, Range<usize>)> {
    let (mut at, mut depth, mut events) = (0, 0_usize, None);
    loop {
        match bytes.get(at)? {
            b'"' => {
                let end = at + string_end(&bytes[at..])?;
                if depth == 1 && bytes[at..].starts_with(EVENTS) {
                    events = Some(at + EVENTS.len());
                }
                at = end;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some((at + 1, events?..at));
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
        at += 1;
    }
}

impl Parts<'_> {
    /// Checks the line against the place where it stands.
    pub(super) fn check(&self, expected: u64, place: Place) -> Result<(), Damage> {
        if Hash128::chained(place.prev, self.open) != self.hash {
            return Err(Damage::Chain);
        }
        let Fields { seq, b: batch, .. } = self.fields;
        if seq != expected {
            return Err(Damage::Order { expected, found: seq });
        }
        let behind = seq.checked_sub(batch).filter(|_| batch > 0);
        let goes_on = batch == place.batch && behind.is_some_and(|n| n < BATCH_LINES_MAX as u64);
        if batch != seq && !goes_on {
            return Err(Damage::Batch(batch));
        }
        let vouched = self.fields.ph.as_deref().map(|hex| Hash128::from_hex(hex.as_bytes()));
        match (self.private, vouched) {
            (PrivatePart::Absent, None) | (PrivatePart::Blank, Some(Some(_))) => Ok(()),
            (PrivatePart::Text(bytes), Some(Some(hash))) if Hash128::of(bytes) == hash => Ok(()),
            _ => Err(Damage::Private),
        }
    }

    /// The fingerprint and import of the line, for counting the lines of imports.
    pub(super) fn import(&self) -> Option<Import> {
        let id = Uuid::try_parse(self.fields.imp.as_deref()?).ok()?;
        Some(match self.fields.fin {
            Some(Fin { first, n }) => Import::Close { id, first, lines: n },
            None => Import::Part(id),
        })
    }

    /// The line in full.
    pub(super) fn to_line(&self) -> Option<Line> {
        let fields = &self.fields;
        Some(Line {
            seq: fields.seq,
            batch: fields.b,
            at: fields.at.parse::<Timestamp>().ok()?,
            by: fields.by,
            cmd: Uuid::try_parse(&fields.cmd).ok()?,
            digest: Hash128::from_hex(fields.dig.as_bytes())?,
            import: if fields.imp.is_some() { Some(self.import()?) } else { None },
            redacts: fields.red.clone(),
            redacted: self.private == PrivatePart::Blank,
            hash: self.hash,
            events: reveal(&self.open[self.events.clone()], self.private)?,
        })
    }

    /// Appends the line with its private part blanked, and its end.
    pub(super) fn write_blanked(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(OPEN);
        out.extend_from_slice(self.open);
        out.extend_from_slice(PRIVATE);
        out.extend_from_slice(b"null");
        out.extend_from_slice(HASH);
        self.hash.push_hex(out);
        out.extend_from_slice(END);
        out.push(b'\n');
    }
}
