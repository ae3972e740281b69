//! A run of journal lines made small, and back to the very bytes.
//!
//! What cannot be compressed is taken out of the text first: fingerprints and ids go as 16 raw
//! bytes into a list of their own, or as their place among the last few when they occur again. The
//! fingerprint of a line is left out altogether, since the chain tells it, and so is that of a
//! private part that still stands. What is left compresses well. A run that would not come back
//! byte for byte is compressed as it is.

use std::io;

use crate::journal::codec::{self, TAIL};
use crate::journal::hash::{Hash128, push_hex};

/// Whether the lines were rewritten or stand as they were.
const REWRITTEN: u8 = 1;
const AS_IT_WAS: u8 = 0;

/// A text of 32 digits follows in the list of values, or one written as an id.
const DIGITS: u8 = 1;
const ID: u8 = 2;
/// The same, as the place among the last values; the next byte says which.
const DIGITS_AGAIN: u8 = 3;
const ID_AGAIN: u8 = 4;
/// The fingerprint of the line's private part.
const OF_PRIVATE: u8 = 5;

/// So many of the last values can be named again.
const REMEMBERED: usize = 24;
/// Added to a place, so that it is no control byte.
const PLACE: u8 = b' ';

const ID_TEXT: usize = 36;
const DIGITS_TEXT: usize = 32;

/// The level of compression. At 17 a pertemuan takes half a byte less and ten times as long, which
/// is three quarters of an hour for a nation that was just imported.
const LEVEL: i32 = 11;
/// That of a run so short that a higher one only costs time.
const LEVEL_SHORT: i32 = 3;
const SHORT: usize = 64 * 1024;

/// Makes whole lines small; `prev` is the fingerprint of the line before them.
pub(super) fn pack(plain: &[u8], prev: Hash128) -> io::Result<Vec<u8>> {
    let level = if plain.len() < SHORT { LEVEL_SHORT } else { LEVEL };
    if let Some((text, values)) = rewrite(plain)
        && restore(&text, &values, prev).as_deref() == Some(plain)
    {
        let text = zstd::bulk::compress(&text, level)?;
        let mut out = Vec::with_capacity(text.len() + values.len() + 5);
        out.push(REWRITTEN);
        out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        out.extend_from_slice(&text);
        out.extend_from_slice(&values);
        return Ok(out);
    }
    let mut out = vec![AS_IT_WAS];
    out.extend_from_slice(&zstd::bulk::compress(plain, level)?);
    Ok(out)
}

/// The lines again, `length` bytes of them; none if these are not their bytes.
pub(super) fn unpack(packed: &[u8], length: usize, prev: Hash128) -> Option<Vec<u8>> {
    let (how, rest) = packed.split_first()?;
    let plain = if *how == REWRITTEN {
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        let (text, values) = rest.split_at_checked(size)?;
        let text = zstd::bulk::decompress(text, length).ok()?;
        restore(&text, values, prev)?
    } else {
        zstd::bulk::decompress(rest, length).ok()?
    };
    (plain.len() == length).then_some(plain)
}

/// The last values, the newest first.
#[derive(Default)]
struct Remembered(Vec<[u8; 16]>);

impl Remembered {
    /// Where a value stands; it comes to the front.
    fn place(&mut self, value: [u8; 16]) -> Option<u8> {
        let at = self.0.iter().position(|one| *one == value);
        if let Some(at) = at {
            self.0[..=at].rotate_right(1);
        } else {
            self.0.truncate(REMEMBERED - 1);
            self.0.insert(0, value);
        }
        at.and_then(|at| u8::try_from(at).ok())
    }

    fn at(&self, place: u8) -> Option<[u8; 16]> {
        self.0.get(usize::from(place)).copied()
    }
}

/// The value of a quoted text of 32 digits, or of an id, at the beginning of `bytes`, and the
/// length of the text without its quotation marks.
fn value_at(bytes: &[u8]) -> Option<([u8; 16], usize)> {
    let rest = bytes.strip_prefix(b"\"")?;
    if rest.get(DIGITS_TEXT) == Some(&b'"') {
        let value = Hash128::from_hex(&rest[..DIGITS_TEXT])?;
        return Some((*value.as_bytes(), DIGITS_TEXT));
    }
    if rest.get(ID_TEXT) != Some(&b'"') {
        return None;
    }
    let mut digits = [0; DIGITS_TEXT];
    let mut filled = 0;
    for (at, byte) in rest[..ID_TEXT].iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if *byte != b'-' {
                return None;
            }
        } else {
            *digits.get_mut(filled)? = *byte;
            filled += 1;
        }
    }
    Some((*Hash128::from_hex(&digits)?.as_bytes(), ID_TEXT))
}

fn push_value(out: &mut Vec<u8>, value: [u8; 16], id: bool) {
    out.push(b'"');
    if id {
        let mut digits = Vec::with_capacity(DIGITS_TEXT);
        push_hex(&value, &mut digits);
        for (at, piece) in [0..8, 8..12, 12..16, 16..20, 20..32].into_iter().enumerate() {
            if at > 0 {
                out.push(b'-');
            }
            out.extend_from_slice(&digits[piece]);
        }
    } else {
        push_hex(&value, out);
    }
    out.push(b'"');
}

/// The text without what cannot be compressed, and that.
fn rewrite(plain: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut text, mut values) = (Vec::with_capacity(plain.len() / 2), Vec::new());
    let mut remembered = Remembered::default();
    for line in plain.strip_suffix(b"\n")?.split(|byte| *byte == b'\n') {
        let line = line.get(..line.len().checked_sub(TAIL)?)?;
        let private = codec::private_hash(line);
        let mut at = 0;
        while let Some(byte) = line.get(at) {
            if *byte <= OF_PRIVATE {
                return None;
            }
            let found = if *byte == b'"' { value_at(&line[at..]) } else { None };
            let Some((value, length)) = found else {
                text.push(*byte);
                at += 1;
                continue;
            };
            at += length + 2;
            let id = length == ID_TEXT;
            if text.ends_with(codec::PRIVATE_HASH_KEY)
                && private.is_some_and(|hash| *hash.as_bytes() == value)
            {
                text.push(OF_PRIVATE);
                continue;
            }
            match remembered.place(value) {
                Some(place) => {
                    text.extend_from_slice(&[
                        if id { ID_AGAIN } else { DIGITS_AGAIN },
                        PLACE + place,
                    ]);
                }
                None => {
                    text.push(if id { ID } else { DIGITS });
                    values.extend_from_slice(&value);
                }
            }
        }
        text.push(b'\n');
    }
    Some((text, values))
}

fn restore(text: &[u8], mut values: &[u8], mut prev: Hash128) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 2);
    let mut remembered = Remembered::default();
    for line in text.strip_suffix(b"\n")?.split(|byte| *byte == b'\n') {
        let start = out.len();
        let mut of_private = None;
        let mut rest = line;
        while let Some(plain) = rest.iter().position(|byte| *byte <= OF_PRIVATE) {
            out.extend_from_slice(&rest[..plain]);
            let mark = rest[plain];
            rest = &rest[plain + 1..];
            match mark {
                DIGITS | ID => {
                    let (value, behind) = values.split_first_chunk::<16>()?;
                    values = behind;
                    remembered.place(*value);
                    push_value(&mut out, *value, mark == ID);
                }
                DIGITS_AGAIN | ID_AGAIN => {
                    let (place, behind) = rest.split_first()?;
                    rest = behind;
                    let value = remembered.at(place.checked_sub(PLACE)?)?;
                    remembered.place(value);
                    push_value(&mut out, value, mark == ID_AGAIN);
                }
                OF_PRIVATE => {
                    of_private = Some(out.len());
                    push_value(&mut out, [0; 16], false);
                }
                other => out.push(other),
            }
        }
        out.extend_from_slice(rest);
        if let Some(at) = of_private {
            let hash = codec::private_hash(&out[start..])?;
            let mut written = Vec::with_capacity(DIGITS_TEXT + 2);
            push_value(&mut written, *hash.as_bytes(), false);
            out.get_mut(at..at + written.len())?.copy_from_slice(&written);
        }
        prev = codec::close_line(&mut out, start, prev)?;
    }
    values.is_empty().then_some(out)
}
