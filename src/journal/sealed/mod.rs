//! A sealed segment: the same lines in a ninth of the bytes, read as if it were the plain file.
//!
//! `journal/000001.segel` holds a magic word, frames of packed lines (see [`frame`]), an index as
//! JSON, the length of the index in eight bytes, and the root: the fingerprint of the index. The
//! index holds the fingerprint of every frame, so the root vouches for all bytes, and a frame can
//! be checked by itself when it is read. `journal/segel` lists the roots.

mod frame;
pub(super) mod list;
mod write;

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::SEGMENT_BYTES_MAX;
use super::disk::{Access, Disk, DiskError, DiskFile, DiskResult, Op};
use super::error::{Damage, Finding, JournalError};
use super::hash::{Hash128, Head};
use super::header::header;
use super::segment::DIRECTORY;

pub(super) use write::{Source, write};

/// How a sealed segment begins.
const MAGIC: &[u8; 8] = b"p2k2seg1";
/// The length of the index and the root stand at the end.
const END_BYTES: u64 = 8 + 16;
/// No index is longer.
const INDEX_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// So many unpacked frames are kept for the next reader, of all segments together.
const CACHED: usize = 4;
/// The format of the index that this program writes.
const FORMAT: u32 = 1;

/// The path of a sealed segment relative to the data directory.
pub(super) fn path_of(number: u32) -> PathBuf {
    PathBuf::from(DIRECTORY).join(format!("{number:06}.segel"))
}

/// The number in a sealed segment's file name; `None` for other names.
pub(super) fn number_in(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".segel")?;
    let well_formed = digits.len() >= 6 && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|number| well_formed && *number > 0)
}

/// What is known of a sealed segment without unpacking it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Index {
    format: u32,
    pub(super) segment: u32,
    /// The number of its first line.
    pub(super) first: u64,
    #[serde(with = "hex")]
    pub(super) prev: Hash128,
    /// The number of its last line, and that line's fingerprint.
    pub(super) last: u64,
    #[serde(with = "hex")]
    pub(super) hash: Hash128,
    /// Lines whose private part is blank, and lines that redactions in here name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) blanked: Vec<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) named: Vec<u64>,
    frames: Vec<Frame>,
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Frame {
    /// Its first line.
    seq: u64,
    /// The first line of the batch of the line before.
    batch: u64,
    /// The fingerprint of the line before.
    #[serde(with = "hex")]
    prev: Hash128,
    /// Bytes unpacked and packed.
    plain: u64,
    packed: u64,
    /// The fingerprint of the packed bytes.
    #[serde(with = "hex")]
    sum: Hash128,
}

mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::journal::hash::Hash128;

    pub(super) fn serialize<S: Serializer>(hash: &Hash128, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(hash)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash128, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| serde::de::Error::custom("a fingerprint is 32 hex digits"))
    }
}

/// A place in a sealed segment from which its lines can be followed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) seq: u64,
    pub(super) offset: u64,
    pub(super) prev: Hash128,
    pub(super) batch: u64,
}

/// One unpacked frame: the root of its segment, its place there, its bytes.
type Cached = (Hash128, usize, Arc<Vec<u8>>);

/// Unpacked frames, the last used first, shared by all sealed segments of a journal. They are named
/// by the root: a segment that was sealed anew has another.
#[derive(Default)]
pub(super) struct Cache(Mutex<VecDeque<Cached>>);

impl Cache {
    fn get(&self, root: Hash128, frame: usize) -> Option<Arc<Vec<u8>>> {
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = cached.iter().find(|(of, at, _)| (*of, *at) == (root, frame));
        found.map(|(_, _, bytes)| Arc::clone(bytes))
    }

    fn put(&self, root: Hash128, frame: usize, bytes: &Arc<Vec<u8>>) {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.truncate(CACHED - 1);
        cached.push_front((root, frame, Arc::clone(bytes)));
    }

    /// Drops everything: some of it may hold a text that was blanked.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A sealed segment that gives the bytes of the plain one.
pub(super) struct SealedFile {
    file: Arc<dyn DiskFile>,
    path: PathBuf,
    header: String,
    pub(super) index: Index,
    pub(super) root: Hash128,
    cache: Arc<Cache>,
}

impl SealedFile {
    /// Opens a sealed segment and checks its index against its root. The frames are checked when
    /// they are read.
    pub(super) fn open(
        disk: &dyn Disk,
        dir: &Path,
        number: u32,
        cache: &Arc<Cache>,
    ) -> Result<Self, JournalError> {
        let path = path_of(number);
        let damaged = || JournalError::from(Finding::of_file(&path, Damage::Seal));
        let Some(file) = disk.open(&dir.join(&path), Access::Read)? else {
            return Err(Finding::of_file(&path, Damage::SegmentMissing).into());
        };
        let size = file.size()?;
        let end = size.checked_sub(END_BYTES).ok_or_else(damaged)?;
        let mut tail = [0; END_BYTES as usize];
        read_exact(file.as_ref(), end, &mut tail)?;
        let (length, root) = tail.split_at(8);
        let length = length.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let from = end.checked_sub(length).filter(|_| length <= INDEX_BYTES_MAX);
        let from = from.ok_or_else(damaged)?;
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| damaged())?];
        read_exact(file.as_ref(), from, &mut bytes)?;
        let mut magic = [0; MAGIC.len()];
        read_exact(file.as_ref(), 0, &mut magic)?;
        let hash = Hash128::of(&bytes);
        let index: Index = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        if magic != *MAGIC || hash.as_bytes() != root || !index.is_sound(number, from) {
            return Err(damaged());
        }
        let header = header(number, index.first, index.prev);
        let cache = Arc::clone(cache);
        Ok(Self { file, path: dir.join(path), header, index, root: hash, cache })
    }

    /// The number and fingerprint of its last line.
    pub(super) fn head(&self) -> Head {
        Head { seq: self.index.last, hash: self.index.hash }
    }

    /// The length of the plain segment.
    pub(super) fn plain_bytes(&self) -> u64 {
        self.header.len() as u64 + self.index.frames.iter().map(|frame| frame.plain).sum::<u64>()
    }

    /// Where its frames begin.
    pub(super) fn starts(&self) -> impl Iterator<Item = Start> + '_ {
        let mut offset = self.header.len() as u64;
        self.index.frames.iter().map(move |frame| {
            let start = Start { seq: frame.seq, offset, prev: frame.prev, batch: frame.batch };
            offset += frame.plain;
            start
        })
    }

    /// The unpacked frame in which the plain byte `offset` lies, and where it begins.
    fn frame_at(&self, offset: u64) -> DiskResult<Option<(u64, Arc<Vec<u8>>)>> {
        let (mut plain, mut packed) = (self.header.len() as u64, MAGIC.len() as u64);
        for (at, frame) in self.index.frames.iter().enumerate() {
            if offset < plain + frame.plain {
                if let Some(bytes) = self.cache.get(self.root, at) {
                    return Ok(Some((plain, bytes)));
                }
                let bytes = Arc::new(self.unpack(frame, packed)?);
                self.cache.put(self.root, at, &bytes);
                return Ok(Some((plain, bytes)));
            }
            plain += frame.plain;
            packed += frame.packed;
        }
        Ok(None)
    }

    fn unpack(&self, frame: &Frame, from: u64) -> DiskResult<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(frame.packed).unwrap_or(0)];
        read_exact(self.file.as_ref(), from, &mut bytes)?;
        let sound = Hash128::of(&bytes) == frame.sum;
        let length = usize::try_from(frame.plain).unwrap_or(0);
        let plain = if sound { frame::unpack(&bytes, length, frame.prev) } else { None };
        plain.ok_or_else(|| DiskError::new(Op::Read, &self.path, io::ErrorKind::InvalidData.into()))
    }

    fn refused(&self, op: Op) -> DiskError {
        DiskError::new(op, &self.path, io::ErrorKind::ReadOnlyFilesystem.into())
    }
}

impl Index {
    /// Whether the index can be that of this segment, whose frames end at byte `end`.
    fn is_sound(&self, number: u32, end: u64) -> bool {
        let mut next = self.first;
        for (at, frame) in self.frames.iter().enumerate() {
            let in_order = if at == 0 { frame.seq == next } else { frame.seq >= next };
            if !in_order || frame.plain > 2 * SEGMENT_BYTES_MAX as u64 {
                return false;
            }
            next = frame.seq.saturating_add(1);
        }
        let packed = self
            .frames
            .iter()
            .try_fold(MAGIC.len() as u64, |sum, frame| sum.checked_add(frame.packed));
        self.format == FORMAT
            && self.segment == number
            && self.first > 0
            && !self.frames.is_empty()
            && self.last.saturating_add(1) >= next
            && packed == Some(end)
    }
}

fn read_exact(file: &dyn DiskFile, from: u64, bytes: &mut [u8]) -> DiskResult<()> {
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read_at(from + filled as u64, &mut bytes[filled..])? {
            // What is missing stays zero, which no fingerprint vouches for.
            0 => break,
            read => filled += read,
        }
    }
    Ok(())
}

impl DiskFile for SealedFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> DiskResult<usize> {
        let give = |bytes: &[u8], start: u64, buf: &mut [u8]| {
            let from = usize::try_from(offset - start).unwrap_or(usize::MAX);
            let rest = bytes.get(from..).unwrap_or_default();
            let length = rest.len().min(buf.len());
            buf[..length].copy_from_slice(&rest[..length]);
            length
        };
        let header = self.header.as_bytes();
        if offset < header.len() as u64 {
            return Ok(give(header, 0, buf));
        }
        let frame = self.frame_at(offset)?;
        Ok(frame.map_or(0, |(start, bytes)| give(&bytes, start, buf)))
    }

    fn write_at(&self, _: u64, _: &[u8]) -> DiskResult<()> {
        Err(self.refused(Op::Write))
    }

    fn sync(&self) -> DiskResult<()> {
        Ok(())
    }

    fn truncate(&self, _: u64) -> DiskResult<()> {
        Err(self.refused(Op::Truncate))
    }

    fn size(&self) -> DiskResult<u64> {
        Ok(self.plain_bytes())
    }
}
