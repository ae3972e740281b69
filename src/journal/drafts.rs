//! Autosaved drafts: files of their own, so that nobody's words hang on an index.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::BLOB_BYTES_MAX;
use super::disk::{ASIDE, Disk, make_dir, read_whole, replace};
use super::error::JournalError;
use super::hash::Hash128;

/// The directory of the drafts within the data directory.
pub(super) const DIRECTORY: &str = "drafts";
/// The ending of a draft's file.
const ENDING: &str = ".draf";
/// The longest name of a draft.
const NAME_MAX: usize = 100;
/// `p2k2 draf ` with 32 digits and the line's end.
const HEADER: usize = PREFIX.len() + 32 + 1;
const PREFIX: &[u8] = b"p2k2 draf ";

/// The drafts of a data directory. Each is whole or absent after any crash.
pub struct Drafts {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    /// Two saves of one draft at a time would write the same file aside.
    saving: Mutex<()>,
}

impl Drafts {
    /// The drafts below the data directory `dir`.
    #[must_use]
    pub fn new(disk: Arc<dyn Disk>, dir: &Path) -> Self {
        Self { disk, dir: dir.join(DIRECTORY), saving: Mutex::new(()) }
    }

    /// Saves a draft in place of an earlier one of that name; safe on the medium on return.
    ///
    /// Names are 1 to 100 lower-case letters, digits, dots, hyphens and underscores, and do not
    /// begin with a dot.
    ///
    /// # Errors
    /// [`JournalError::DraftName`], [`JournalError::BlobTooBig`] above the size of a blob, or if
    /// the medium failed; then the earlier draft still stands.
    pub fn save(&self, name: &str, bytes: &[u8]) -> Result<(), JournalError> {
        let path = self.path(name)?;
        if bytes.len() > BLOB_BYTES_MAX {
            return Err(JournalError::BlobTooBig(bytes.len()));
        }
        let mut file = Vec::with_capacity(HEADER + bytes.len());
        file.extend_from_slice(PREFIX);
        Hash128::of(bytes).push_hex(&mut file);
        file.push(b'\n');
        file.extend_from_slice(bytes);
        // The lock guards no data, only the file written aside, which every save begins anew.
        let _saving = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        make_dir(self.disk.as_ref(), &self.dir)?;
        Ok(replace(self.disk.as_ref(), &path, &file)?)
    }

    /// The draft of that name; `None` if there is none.
    ///
    /// # Errors
    /// [`JournalError::DraftName`], [`JournalError::DraftDamaged`], or if the medium cannot be
    /// read.
    pub fn load(&self, name: &str) -> Result<Option<Vec<u8>>, JournalError> {
        let path = self.path(name)?;
        let limit = HEADER + BLOB_BYTES_MAX + 1;
        let Some(mut bytes) = read_whole(self.disk.as_ref(), &path, limit)? else {
            return Ok(None);
        };
        if !is_sound(&bytes) {
            return Err(JournalError::DraftDamaged(Path::new(DIRECTORY).join(file_name(name))));
        }
        bytes.drain(..HEADER);
        Ok(Some(bytes))
    }

    /// Removes a draft; fine if there is none.
    ///
    /// # Errors
    /// [`JournalError::DraftName`], or if the medium failed.
    pub fn remove(&self, name: &str) -> Result<(), JournalError> {
        let path = self.path(name)?;
        let _saving = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        self.disk.remove(&path)?;
        Ok(self.disk.sync_dir(&self.dir)?)
    }

    /// The names of all drafts in ascending order.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn names(&self) -> Result<Vec<String>, JournalError> {
        let files = self.disk.list(&self.dir)?;
        Ok(files.iter().filter_map(|file| Some(file.strip_suffix(ENDING)?.to_owned())).collect())
    }

    fn path(&self, name: &str) -> Result<PathBuf, JournalError> {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_');
        let length = (1..=NAME_MAX).contains(&name.len());
        if length && name.bytes().all(allowed) && !name.starts_with('.') {
            Ok(self.dir.join(file_name(name)))
        } else {
            Err(JournalError::DraftName)
        }
    }
}

fn file_name(name: &str) -> String {
    format!("{name}{ENDING}")
}

/// Whether a draft's file holds what it says.
pub(super) fn is_sound(file: &[u8]) -> bool {
    let Some((header, bytes)) = file.split_at_checked(HEADER) else { return false };
    let hash = header.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(b"\n"));
    hash.and_then(Hash128::from_hex) == Some(Hash128::of(bytes))
}

/// Makes the directory and removes what a crash left half-written.
pub(super) fn prepare(disk: &dyn Disk, data: &Path) -> Result<(), JournalError> {
    let dir = data.join(DIRECTORY);
    make_dir(disk, &dir)?;
    for name in disk.list(&dir)?.iter().filter(|name| name.ends_with(ASIDE)) {
        disk.remove(&dir.join(name))?;
    }
    // After a kill a draft can be seen whose name is not yet safe; whoever reads it counts on it.
    Ok(disk.sync_dir(&dir)?)
}
