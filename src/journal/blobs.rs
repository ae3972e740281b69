//! Blobs: files named by the fingerprint of their bytes, never changed once they have their name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::BLOB_BYTES_MAX;
use super::disk::{ASIDE, Disk, DiskResult, make_dir, parent, read_whole};
use super::error::JournalError;
use super::hash::BlobId;

/// The directory of the blobs within the data directory.
pub(super) const DIRECTORY: &str = "blobs";
/// Where blobs are written aside, within [`DIRECTORY`].
pub(super) const UNFINISHED: &str = "baru";

/// The path of a blob relative to the data directory.
pub(super) fn path_of(id: BlobId) -> PathBuf {
    let hex = id.to_string();
    PathBuf::from(DIRECTORY).join(&hex[..2]).join(&hex[2..])
}

/// The blob store of an open journal. Each call is safe from any thread.
pub(super) struct Blobs {
    dir: PathBuf,
    /// Makes the names of files written aside differ.
    counter: AtomicU64,
    /// Directories that were synced since the start. After a kill a blob may be visible whose
    /// name would not survive a power cut, so each directory is synced before its first promise.
    safe: [AtomicBool; 256],
    /// Blobs that have their name but whose name is not yet safe, or failed to become so: another
    /// thread must not take them for kept.
    in_flight: Mutex<BTreeSet<BlobId>>,
}

impl Blobs {
    pub(super) fn new(dir: &Path) -> Self {
        let safe = [const { AtomicBool::new(false) }; 256];
        let in_flight = Mutex::new(BTreeSet::new());
        Self { dir: dir.to_owned(), counter: AtomicU64::new(0), safe, in_flight }
    }

    /// Makes the directories and removes what a crash left half-written.
    pub(super) fn prepare(&self, disk: &dyn Disk) -> DiskResult<()> {
        let unfinished = self.dir.join(DIRECTORY).join(UNFINISHED);
        make_dir(disk, &self.dir.join(DIRECTORY))?;
        make_dir(disk, &unfinished)?;
        for name in disk.list(&unfinished)? {
            disk.remove(&unfinished.join(name))?;
        }
        Ok(())
    }

    pub(super) fn put(&self, disk: &dyn Disk, bytes: &[u8]) -> Result<BlobId, JournalError> {
        if bytes.len() > BLOB_BYTES_MAX {
            return Err(JournalError::BlobTooBig(bytes.len()));
        }
        let id = BlobId::of(bytes);
        if self.has(disk, id)? {
            return Ok(id);
        }
        let path = self.dir.join(path_of(id));
        make_dir(disk, parent(&path))?;
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let aside = self.dir.join(DIRECTORY).join(UNFINISHED).join(format!("{number}{ASIDE}"));
        if let Err(error) = write_aside(disk, &aside, bytes) {
            // The failure is what is told; a rest that cannot be removed now goes at the next
            // start.
            let _ = disk.remove(&aside);
            return Err(error.into());
        }
        self.flying().insert(id);
        disk.rename(&aside, &path)?;
        disk.sync_dir(parent(&path))?;
        self.flying().remove(&id);
        Ok(id)
    }

    pub(super) fn get(&self, disk: &dyn Disk, id: BlobId) -> Result<Option<Vec<u8>>, JournalError> {
        let name = path_of(id);
        let limit = BLOB_BYTES_MAX + 1;
        match read_whole(disk, &self.dir.join(&name), limit)? {
            Some(bytes) if BlobId::of(&bytes) != id => Err(JournalError::BlobDamaged(name)),
            other => Ok(other),
        }
    }

    pub(super) fn has(&self, disk: &dyn Disk, id: BlobId) -> DiskResult<bool> {
        let path = self.dir.join(path_of(id));
        // In this order: a name that is seen and no longer in flight is safe.
        if !disk.exists(&path)? || self.flying().contains(&id) {
            return Ok(false);
        }
        let safe = &self.safe[usize::from(id.as_bytes()[0])];
        if !safe.load(Ordering::Acquire) {
            disk.sync_dir(parent(&path))?;
            disk.sync_dir(&self.dir.join(DIRECTORY))?;
            safe.store(true, Ordering::Release);
        }
        Ok(true)
    }

    /// The set stays right whatever a thread that panicked was doing: an entry too many only
    /// makes a blob be written once more.
    fn flying(&self) -> MutexGuard<'_, BTreeSet<BlobId>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write_aside(disk: &dyn Disk, aside: &Path, bytes: &[u8]) -> DiskResult<()> {
    disk.remove(aside)?;
    let file = disk.create(aside)?;
    file.write_at(0, bytes)?;
    file.sync()
}
