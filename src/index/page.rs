//! The bytes of a page: entries as lines of JSON, compressed against example lines.

use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Deserialize;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::event::{Event, LineInfo};
use crate::ids::AccountId;

use super::Entry;
use super::store::Broken;

/// Lines like those that are compressed; the likeliest stand last. Changing them changes the format.
pub(super) static EXAMPLES: &[u8] = include_bytes!("examples.txt");
/// Short pages gain little from more effort.
const LEVEL: i32 = 3;

static ENCODER: LazyLock<EncoderDictionary<'static>> =
    LazyLock::new(|| EncoderDictionary::copy(EXAMPLES, LEVEL));
static DECODER: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(EXAMPLES));

/// Compresses pages, one after the other.
pub(super) struct Packer(Compressor<'static>);

impl Packer {
    pub(super) fn new() -> Result<Self, Broken> {
        Compressor::with_prepared_dictionary(&ENCODER).map(Self).map_err(|error| failed(&error))
    }

    pub(super) fn pack(&mut self, raw: &[u8]) -> Result<Vec<u8>, Broken> {
        self.0.compress(raw).map_err(|error| failed(&error))
    }
}

/// The bytes before compression; `None` if they are not `length` bytes.
pub(super) fn unpack(packed: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut decoder = Decompressor::with_prepared_dictionary(&DECODER).ok()?;
    decoder.decompress(packed, length).ok().filter(|raw| raw.len() == length)
}

fn failed(error: &std::io::Error) -> Broken {
    Broken(error.to_string())
}

/// A line of a page as it is read: number, place among the line's events, milliseconds, account.
#[derive(Deserialize)]
struct Stored(u64, u32, i64, Option<AccountId>, Event);

/// An entry with its place among the events of its line, by which pages are put together again.
pub(super) struct Placed {
    pub(super) place: (u64, u32),
    pub(super) entry: Entry,
}

/// Appends event number `at` of a line to a page.
pub(super) fn write_entry(
    out: &mut Vec<u8>,
    info: &LineInfo,
    at: u32,
    event: &Event,
) -> Result<(), Broken> {
    let line = (info.seq, at, info.at.as_millisecond(), info.by, event);
    serde_json::to_writer(&mut *out, &line).map_err(|error| Broken(error.to_string()))?;
    out.push(b'\n');
    Ok(())
}

/// The entries of a page; `None` if it does not hold such lines.
pub(super) fn read_entries(raw: &[u8]) -> Option<Vec<Placed>> {
    raw.split_inclusive(|byte| *byte == b'\n')
        .map(|line| {
            let Stored(seq, at, millisecond, by, event) = serde_json::from_slice(line).ok()?;
            let time = Timestamp::from_millisecond(millisecond).ok()?;
            Some(Placed { place: (seq, at), entry: Entry { seq, at: time, by, event } })
        })
        .collect()
}

/// The line numbers of a page of entries.
pub(super) fn read_entry_seqs(raw: &[u8]) -> Option<Vec<u64>> {
    raw.split_inclusive(|byte| *byte == b'\n')
        .map(|line| {
            let digits = line.strip_prefix(b"[")?.split(|byte| *byte == b',').next()?;
            std::str::from_utf8(digits).ok()?.parse().ok()
        })
        .collect()
}

/// The line numbers of a page of an account: 8 bytes each.
pub(super) fn read_seqs(raw: &[u8]) -> Option<Vec<u64>> {
    let (numbers, rest) = raw.as_chunks::<8>();
    rest.is_empty().then(|| numbers.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect())
}
