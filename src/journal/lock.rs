//! The lock of a data directory: one writing process at a time.

use std::path::Path;

use super::disk::{Disk, Held};
use super::error::JournalError;

/// Held for as long as the journal is open; given back by the system also after a kill.
pub(super) struct DirectoryLock(
    #[expect(dead_code, reason = "keeping it alive is what holds the lock")] Box<dyn Held>,
);

impl DirectoryLock {
    /// Takes the lock, or refuses naming the directory.
    pub(super) fn take(disk: &dyn Disk, dir: &Path) -> Result<Self, JournalError> {
        match disk.lock(&dir.join("lock"))? {
            Some(held) => Ok(Self(held)),
            None => Err(JournalError::Locked(dir.to_owned())),
        }
    }
}
