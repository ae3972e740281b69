//! Sealing: a full segment gets its small form, without anybody waiting for it.
//!
//! The order, and what a crash leaves at each point: the sealed file is written aside and synced
//! (a rest that the next start removes); it gets its name and the directory is synced (both forms
//! stand, and the plain one counts); the list of roots names it (the same); the plain file is
//! removed (the sealed one counts). So whenever both stand, the plain one is whole and at least as
//! new, and the next start drops the other.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use super::JournalError;
use super::disk::{Disk, DiskResult};
use super::file::{FileJournal, aside_of};
use super::sealed::list::{self, Entry};
use super::sealed::{self, SealedFile, Source};
use super::segment::{DIRECTORY, Segment, path_of};

impl FileJournal {
    /// How many segments are full and not yet sealed.
    #[must_use]
    pub fn unsealed(&self) -> usize {
        let unsealed = |segment: &&Segment| !segment.sealed;
        self.seen(|shared| shared.segments.iter().rev().skip(1).filter(unsealed).count())
    }

    /// Seals the oldest full segment that is not sealed; its number, or none when there is none or
    /// `cancel` was set meanwhile. Appending and reading go on. Takes some seconds.
    ///
    /// # Errors
    /// If the segment is damaged or the medium fails; nothing is lost or changed by that, and it
    /// may be tried again.
    pub fn seal_next(&self, cancel: &AtomicBool) -> Result<Option<u32>, JournalError> {
        // A redaction must not rewrite what is just being sealed, nor the other way round.
        let _alone = self.sealing.lock().unwrap_or_else(PoisonError::into_inner);
        let source = self.seen(|shared| {
            let (_, full) = shared.segments.split_last()?;
            full.iter().find(|segment| !segment.sealed).map(Source::of)
        });
        let Some(source) = source else { return Ok(None) };
        let (disk, number) = (self.disk.as_ref(), source.number);
        let path = self.dir.join(sealed::path_of(number));
        let aside = aside_of(&path);
        match sealed::write(disk, &aside, &source, self.frame_bytes, cancel) {
            Ok(true) => {}
            other => {
                // What cannot be removed now goes at the next start.
                let _rest = disk.remove(&aside);
                return other.map(|_| None);
            }
        }
        disk.rename(&aside, &path)?;
        disk.sync_dir(&self.dir.join(DIRECTORY))?;
        let file = SealedFile::open(disk, &self.dir, number, &self.cache)?;
        self.note_root(number, Some(Entry { head: file.head(), root: file.root }))?;
        let segment = Segment::of_sealed(Arc::new(file));
        self.publish(|shared| {
            if let Some(place) = shared.segments.iter_mut().find(|s| s.number == number) {
                *place = segment;
            }
        });
        disk.remove(&self.dir.join(path_of(number)))?;
        disk.sync_dir(&self.dir.join(DIRECTORY))?;
        Ok(Some(number))
    }

    /// Drops the sealed form of a segment whose plain form stands again.
    pub(super) fn unseal(&self, number: u32) -> DiskResult<()> {
        self.cache.forget();
        self.note_root(number, None)?;
        drop_sealed(self.disk.as_ref(), &self.dir, number)
    }

    fn note_root(&self, number: u32, entry: Option<Entry>) -> DiskResult<()> {
        let disk = self.disk.as_ref();
        let mut all = list::read(disk, &self.dir)?.unwrap_or_default();
        // A list that was lost is made again from what is open.
        self.seen(|shared| {
            for segment in shared.segments.iter().filter(|segment| segment.sealed) {
                if let Some(entry) = segment.entry {
                    all.entry(segment.number).or_insert(entry);
                }
            }
        });
        match entry {
            Some(entry) => drop(all.insert(number, entry)),
            None => drop(all.remove(&number)),
        }
        list::write(disk, &self.dir, &all)
    }
}

/// Removes the sealed form of a segment.
pub(super) fn drop_sealed(disk: &dyn Disk, dir: &Path, number: u32) -> DiskResult<()> {
    disk.remove(&dir.join(sealed::path_of(number)))?;
    disk.sync_dir(&dir.join(DIRECTORY))
}
