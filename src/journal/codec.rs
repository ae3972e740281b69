//! The bytes of a line: what stands where, and taking it apart. Writing it is [`super::ready`].
//!
//! Lines are taken apart by position, not by a general JSON parser: the chain is made over raw
//! bytes, and a reader that tolerated other spellings of the same values would hide a change.

use jiff::Timestamp;
use uuid::Uuid;

use super::BATCH_LINES_MAX;
use super::error::Damage;
use super::hash::Hash128;
use super::line::{Import, Line};

/// How an object begins that holds a private text or the number of one.
pub(super) const MARK: &str = "{\"~\":";
pub(super) const OPEN: &str = "{\"o\":";
pub(super) const PRIVATE: &str = ",\"p\":";
const PRIVATE_SALT: &str = ",\"p\":{\"salt\":\"";
const BLANK: &str = ",\"p\":null";
pub(super) const SALT: &str = "{\"salt\":\"";
pub(super) const TEXTS: &str = "\",\"t\":[";
const HASH: &str = ",\"h\":\"";
const END: &str = "\"}";
/// What the fingerprint of a private part stands behind.
pub(super) const PRIVATE_HASH_KEY: &[u8] = b"\"ph\":";
/// What the events, an array, stand behind.
pub(super) const EVENTS: &str = ",\"ev\":";
/// `,"h":"` with 32 digits and `"}`.
pub(super) const TAIL: usize = HASH.len() + 32 + END.len();

/// Where a line goes: what it must name and follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) seq: u64,
    pub(super) batch: u64,
    pub(super) prev: Hash128,
}

/// Writes what ends a line.
pub(super) fn write_tail(out: &mut Vec<u8>, hash: Hash128) {
    out.extend_from_slice(HASH.as_bytes());
    hash.push_hex(out);
    out.extend_from_slice(END.as_bytes());
    out.push(b'\n');
}

/// The fingerprint of the private part of a line that is given without its own fingerprint; none
/// where no text stands.
pub(super) fn private_hash(line: &[u8]) -> Option<Hash128> {
    let line = std::str::from_utf8(line).ok()?;
    let at = line.rfind(PRIVATE_SALT)?;
    Some(Hash128::of(&line.as_bytes()[at + PRIVATE.len()..]))
}

/// Completes the line that begins at `start` with its fingerprint, which follows from the line
/// before, and its end. `None` if it is no line.
pub(super) fn close_line(out: &mut Vec<u8>, start: usize, prev: Hash128) -> Option<Hash128> {
    let end = out.len();
    write_tail(out, Hash128::ZERO);
    let hash = {
        let parts = split(out.get(start..end + TAIL)?)?;
        Hash128::chained(prev, parts.open.as_bytes())
    };
    out.truncate(end);
    write_tail(out, hash);
    Some(hash)
}

/// Puts private texts back into their places, or `null` if they were blanked.
fn reveal(mut events: &str, private: PrivatePart<'_>) -> Option<String> {
    let texts = match private {
        PrivatePart::Text(bytes) => split_texts(bytes)?,
        PrivatePart::Absent | PrivatePart::Blank => Vec::new(),
    };
    let mut out =
        String::with_capacity(events.len() + texts.iter().map(|t| t.len()).sum::<usize>());
    while let Some(at) = find_mark(events) {
        let (before, rest) = events.split_at(at + MARK.len());
        out.push_str(before);
        let (index, _) = rest.split_once('}')?;
        if index == "null" || matches!(private, PrivatePart::Blank) {
            out.push_str("null");
        } else {
            out.push_str(texts.get(index.parse::<usize>().ok()?)?);
        }
        events = &rest[index.len()..];
    }
    out.push_str(events);
    Some(out)
}

/// The position of the next object that begins with the key of private texts. Quotation marks
/// within a text are escaped, so the sequence cannot stand inside one.
pub(super) fn find_mark(events: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = events[from..].find('~') {
        let tilde = from + found;
        if tilde >= 2 && events.as_bytes()[tilde - 2..].starts_with(MARK.as_bytes()) {
            return Some(tilde - 2);
        }
        from = tilde + 1;
    }
    None
}

/// The position after the JSON string that begins at 0.
pub(super) fn string_end(bytes: &[u8]) -> Option<usize> {
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
fn split_texts(private: &str) -> Option<Vec<&str>> {
    let start = SALT.len() + 32 + TEXTS.len();
    let mut rest = private.get(start..)?.strip_suffix("]}")?;
    let mut texts = Vec::new();
    while !rest.is_empty() {
        let (text, behind) = rest.split_at_checked(string_end(rest.as_bytes())?)?;
        texts.push(text);
        rest = behind.strip_prefix(',').unwrap_or(behind);
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
    /// As it stands in the line.
    Text(&'a str),
}

/// A line taken apart, not yet checked.
pub(super) struct Parts<'a> {
    open: &'a str,
    /// The events within the open part, private texts taken out.
    events: &'a str,
    pub(super) private: PrivatePart<'a>,
    pub(super) hash: Hash128,
    pub(super) fields: Fields<'a>,
}

/// The open part but for the events, texts as they stand there.
#[derive(Default)]
pub(super) struct Fields<'a> {
    pub(super) seq: u64,
    pub(super) b: u64,
    at: &'a str,
    by: Option<u32>,
    cmd: &'a str,
    dig: &'a str,
    imp: Option<&'a str>,
    fin: Vec<u64>,
    pub(super) red: Vec<u64>,
    ph: Option<Hash128>,
}

impl<'a> Fields<'a> {
    /// Reads the fields before the events. Fields that a later release adds are passed over.
    fn read(before: &'a str) -> Option<Self> {
        let mut fields = Self::default();
        let mut rest = before.strip_prefix('{')?;
        loop {
            let (key, behind) = rest.strip_prefix('"')?.split_once("\":")?;
            let (value, behind) = split_value(behind)?;
            match key {
                "seq" => fields.seq = value.parse().ok()?,
                "b" => fields.b = value.parse().ok()?,
                "at" => fields.at = value,
                "by" => fields.by = Some(value.parse().ok()?),
                "cmd" => fields.cmd = value,
                "dig" => fields.dig = value,
                "imp" => fields.imp = Some(value),
                "fin" => fields.fin = numbers(value)?,
                "red" => fields.red = numbers(value)?,
                "ph" => fields.ph = Some(Hash128::from_hex(value.as_bytes())?),
                _ => {}
            }
            if behind.is_empty() {
                return Some(fields);
            }
            rest = behind.strip_prefix(',')?;
        }
    }
}

/// A value and what stands behind it: a text without its quotation marks, the inside of a list,
/// or a number. Fields hold no texts with escapes and no nested lists.
fn split_value(rest: &str) -> Option<(&str, &str)> {
    match rest.as_bytes().first()? {
        b'"' => rest[1..].split_once('"'),
        b'[' => rest[1..].split_once(']'),
        _ => Some(rest.split_at(rest.find(',').unwrap_or(rest.len()))),
    }
}

fn numbers(list: &str) -> Option<Vec<u64>> {
    list.split(',').map(|number| number.parse().ok()).collect()
}

/// Takes a line (without its end) apart; `None` if it is not of the form that is written.
///
/// The fields before the events hold no texts of users, and quotation marks within the private
/// part are escaped: so the events begin at the first place that looks like it, and the private
/// part at the last. What lies between is vouched for by the chain.
pub(super) fn split(line: &[u8]) -> Option<Parts<'_>> {
    let line = std::str::from_utf8(line).ok()?;
    let (rest, tail) = line.split_at_checked(line.len().checked_sub(TAIL)?)?;
    let hash = tail.strip_prefix(HASH)?.strip_suffix(END)?;
    let rest = rest.strip_prefix(OPEN)?;
    let (before, _) = rest.split_once(EVENTS)?;
    let fields = Fields::read(before)?;
    let (open, private) = if fields.ph.is_none() {
        (rest, PrivatePart::Absent)
    } else if let Some(open) = rest.strip_suffix(BLANK) {
        (open, PrivatePart::Blank)
    } else {
        let at = rest.rfind(PRIVATE_SALT)?;
        (&rest[..at], PrivatePart::Text(&rest[at + PRIVATE.len()..]))
    };
    let events = open.get(before.len() + EVENTS.len()..)?.strip_suffix('}')?;
    Some(Parts { open, events, private, hash: Hash128::from_hex(hash.as_bytes())?, fields })
}

impl Parts<'_> {
    /// Checks the line against the place where it stands.
    pub(super) fn check(&self, expected: u64, place: Place) -> Result<(), Damage> {
        if Hash128::chained(place.prev, self.open.as_bytes()) != self.hash {
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
        match (self.private, self.fields.ph) {
            (PrivatePart::Absent, None) | (PrivatePart::Blank, Some(_)) => Ok(()),
            (PrivatePart::Text(text), Some(hash)) if Hash128::of(text.as_bytes()) == hash => Ok(()),
            _ => Err(Damage::Private),
        }
    }

    /// The line's place in an import.
    pub(super) fn import(&self) -> Option<Import> {
        let id = Uuid::try_parse(self.fields.imp?).ok()?;
        match self.fields.fin[..] {
            [first, lines] => Some(Import::Close { id, first, lines }),
            [] => Some(Import::Part(id)),
            _ => None,
        }
    }

    /// The line in full.
    pub(super) fn to_line(&self) -> Option<Line> {
        let fields = &self.fields;
        Some(Line {
            seq: fields.seq,
            batch: fields.b,
            at: fields.at.parse::<Timestamp>().ok()?,
            by: fields.by,
            cmd: Uuid::try_parse(fields.cmd).ok()?,
            digest: Hash128::from_hex(fields.dig.as_bytes())?,
            import: if fields.imp.is_some() { Some(self.import()?) } else { None },
            redacts: fields.red.clone(),
            redacted: self.private == PrivatePart::Blank,
            hash: self.hash,
            events: reveal(self.events, self.private)?,
        })
    }

    /// Appends the line with its private part blanked, and its end.
    pub(super) fn write_blanked(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(OPEN.as_bytes());
        out.extend_from_slice(self.open.as_bytes());
        out.extend_from_slice(BLANK.as_bytes());
        write_tail(out, self.hash);
    }
}
