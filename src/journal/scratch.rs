//! Room on disk for what memory should not hold; nothing of it is ever kept.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{ASIDE, Disk, DiskFile};
use super::error::JournalError;
use super::segment::DIRECTORY;

/// Pieces of bytes on disk, in order, which are gone with it.
pub struct Scratch {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    pieces: Vec<(u64, usize)>,
    end: u64,
}

impl Scratch {
    /// What a process that was killed left is removed at the next start, as its name says.
    pub(super) fn new(disk: &Arc<dyn Disk>, dir: &Path) -> Result<Self, JournalError> {
        let path = dir.join(DIRECTORY).join(format!("impor{ASIDE}"));
        disk.remove(&path)?;
        let file = disk.create(&path)?;
        Ok(Self { disk: Arc::clone(disk), path, file, pieces: Vec::new(), end: 0 })
    }

    /// Adds a piece behind the others.
    ///
    /// # Errors
    /// When the medium refuses.
    pub fn put(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        self.file.write_at(self.end, bytes)?;
        self.pieces.push((self.end, bytes.len()));
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// How many pieces there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Reads a piece again; shorter than it was, or empty, when the medium lost a part.
    ///
    /// # Errors
    /// When the medium cannot be read.
    pub fn get(&self, number: usize) -> Result<Vec<u8>, JournalError> {
        let Some((from, length)) = self.pieces.get(number).copied() else { return Ok(Vec::new()) };
        let mut bytes = vec![0; length];
        let mut filled = 0;
        while filled < length {
            match self.file.read_at(from + filled as u64, &mut bytes[filled..])? {
                0 => break,
                read => filled += read,
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now goes at the next start.
        let _rest = self.disk.remove(&self.path);
    }
}
