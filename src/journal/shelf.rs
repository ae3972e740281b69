//! A shelf: pieces of bytes that a snapshot leaves out of itself, so that a start need not read
//! them and memory need not hold them.
//!
//! `snapshot/` holds it as `FINGERPRINT.rak`: a first line, then the pieces, each with a sum behind
//! it. The name is the fingerprint of all that stands behind the first line, so a shelf is never
//! taken for another; the sums tell of each piece, when it is read, whether it is as it was
//! written. A shelf never changes. Like a snapshot it is never needed: without it lines are read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use super::disk::{Access, DiskError, DiskFile, DiskResult, make_dir};
use super::error::JournalError;
use super::file::aside_of;
use super::hash::Hash128;
use super::snapshots::{Snapshots, Unsound};

/// The ending of a shelf's file.
pub(super) const ENDING: &str = ".rak";
/// How the first line begins.
const PREFIX: &str = "p2k2 rak ";
/// The first line with its end is as long as this.
const HEADER: usize = PREFIX.len() + 32 + 1 + 15 + 1;
/// The bytes of the sum behind each piece.
const SUM: usize = 8;
/// Bytes gathered before they are written.
const CHUNK: usize = 1024 * 1024;
/// The name under which a shelf is written.
const UNFINISHED: &str = "rak";

/// A shelf that is being filled. Nothing of it counts before [`ShelfWriter::finish`].
pub struct ShelfWriter<'a> {
    snapshots: &'a Snapshots,
    file: Arc<dyn DiskFile>,
    buffer: Vec<u8>,
    /// How many bytes stand in the file in front of the buffer.
    written: u64,
    hasher: blake3::Hasher,
}

impl ShelfWriter<'_> {
    /// Puts a piece behind the others; its offset.
    ///
    /// # Errors
    /// If the medium failed.
    pub fn put(&mut self, piece: &[u8]) -> Result<u64, JournalError> {
        let offset = self.written + self.buffer.len() as u64;
        self.buffer.extend_from_slice(piece);
        self.buffer.extend_from_slice(&sum_of(offset, piece).to_le_bytes());
        if self.buffer.len() >= CHUNK {
            self.write()?;
        }
        Ok(offset)
    }

    /// Makes the shelf safe under its name and opens it.
    ///
    /// # Errors
    /// If the medium failed; there is no new shelf then.
    pub fn finish(mut self) -> Result<ShelfFile, JournalError> {
        self.write()?;
        let sum = cut(&self.hasher);
        let disk = self.snapshots.disk.as_ref();
        self.file.write_at(0, header_of(sum, self.written).as_bytes())?;
        self.file.sync()?;
        let path = self.snapshots.dir.join(name_of(sum));
        disk.rename(&aside(self.snapshots), &path)?;
        disk.sync_dir(&self.snapshots.dir)?;
        let file = disk.open(&path, Access::Read)?.unwrap_or(self.file);
        Ok(ShelfFile { file, path, sum })
    }

    fn write(&mut self) -> DiskResult<()> {
        self.hasher.update(&self.buffer);
        self.file.write_at(self.written, &self.buffer)?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

/// A finished shelf.
pub struct ShelfFile {
    file: Arc<dyn DiskFile>,
    path: PathBuf,
    sum: Hash128,
}

impl ShelfFile {
    /// The fingerprint by which a snapshot names it.
    #[must_use]
    pub fn sum(&self) -> Hash128 {
        self.sum
    }

    /// Fills `piece` with the piece of its length that was put at `offset`.
    ///
    /// # Errors
    /// If it cannot be read, or is not as it was written.
    pub fn read(&self, offset: u64, piece: &mut [u8]) -> Result<(), Unsound> {
        self.fill(offset, piece)?;
        let mut sum = [0; SUM];
        self.fill(offset.saturating_add(piece.len() as u64), &mut sum)?;
        if u64::from_le_bytes(sum) == sum_of(offset, piece) {
            Ok(())
        } else {
            Err(Unsound::Damaged)
        }
    }

    fn fill(&self, offset: u64, out: &mut [u8]) -> Result<(), Unsound> {
        let mut filled = 0;
        while filled < out.len() {
            let at = offset.saturating_add(filled as u64);
            match self.file.read_at(at, &mut out[filled..]).map_err(JournalError::from)? {
                0 => return Err(Unsound::Damaged),
                read => filled += read,
            }
        }
        Ok(())
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// If it cannot be read, or is not as it was written.
    pub fn check(&self) -> Result<(), Unsound> {
        let size = self.file.size().map_err(JournalError::from)?;
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; CHUNK];
        let mut at = HEADER as u64;
        while at < size {
            let take = usize::try_from(size - at).unwrap_or(CHUNK).min(CHUNK);
            self.fill(at, &mut buffer[..take])?;
            hasher.update(&buffer[..take]);
            at += take as u64;
        }
        if cut(&hasher) == self.sum { Ok(()) } else { Err(Unsound::Damaged) }
    }
}

impl Snapshots {
    /// Begins a shelf. One is written at a time.
    ///
    /// # Errors
    /// If the medium failed.
    pub fn begin_shelf(&self) -> Result<ShelfWriter<'_>, JournalError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let disk = self.disk.as_ref();
        make_dir(disk, &self.dir)?;
        let aside = aside(self);
        disk.remove(&aside)?;
        let file = disk.create(&aside)?;
        let (buffer, written) = (Vec::with_capacity(CHUNK + CHUNK / 4), HEADER as u64);
        Ok(ShelfWriter { snapshots: self, file, buffer, written, hasher: blake3::Hasher::new() })
    }

    /// Takes away what a shelf that failed left behind; should that fail too, the next one does.
    pub fn abandon_shelf(&self) {
        let _left = self.disk.remove(&aside(self));
    }

    /// Opens the shelf of this fingerprint; only its first line and length are looked at.
    ///
    /// # Errors
    /// Why the snapshot that names it must be passed over.
    pub fn open_shelf(&self, sum: Hash128) -> Result<ShelfFile, Unsound> {
        let path = self.dir.join(name_of(sum));
        let open = |error: DiskError| Unsound::from(JournalError::from(error));
        let file = self.disk.open(&path, Access::Read).map_err(open)?.ok_or(Unsound::Damaged)?;
        let size = file.size().map_err(open)?;
        let shelf = ShelfFile { file, path, sum };
        let mut header = [0; HEADER];
        shelf.fill(0, &mut header)?;
        if header == *header_of(sum, size).as_bytes() { Ok(shelf) } else { Err(Unsound::Damaged) }
    }

    /// Takes a shelf away that is not as it was written, so that the next start passes it over. It
    /// stays open for whoever reads it.
    ///
    /// # Errors
    /// If the medium failed.
    pub fn drop_shelf(&self, shelf: &ShelfFile) -> Result<(), JournalError> {
        self.disk.remove(&shelf.path)?;
        self.disk.sync_dir(&self.dir)?;
        Ok(())
    }
}

/// The name of a shelf's file.
pub(super) fn name_of(sum: Hash128) -> String {
    format!("{sum}{ENDING}")
}

fn aside(snapshots: &Snapshots) -> PathBuf {
    aside_of(&snapshots.dir.join(Path::new(UNFINISHED)))
}

fn header_of(sum: Hash128, size: u64) -> String {
    format!("{PREFIX}{sum} {size:015}\n")
}

fn cut(hasher: &blake3::Hasher) -> Hash128 {
    let mut sum = [0; 16];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Hash128::from_bytes(sum)
}

/// The sum of a piece at its place.
///
/// It is made whenever a piece is read, thousands of times for a table of an area, so it is one
/// multiplication for eight bytes instead of BLAKE3. Each step can be undone, so two pieces that
/// differ in one word only never have the same sum; others do once in 2^64. It finds what a medium
/// does; against somebody who writes it anew only the journal helps, which makes all of this again.
fn sum_of(offset: u64, piece: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut sum = offset ^ (piece.len() as u64).wrapping_mul(ODD);
    let (words, rest) = piece.as_chunks::<8>();
    for word in words {
        sum = (sum ^ u64::from_le_bytes(*word)).wrapping_mul(ODD).rotate_left(29);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    sum = (sum ^ u64::from_le_bytes(last)).wrapping_mul(ODD);
    sum ^ sum >> 32
}
