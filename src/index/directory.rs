//! The directory of the index: a lock file, and one numbered directory for the store in use.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::IndexError;

/// Stands in the directory when the store in use was found damaged.
const DOUBT: &str = "damaged";

/// Takes the directory for this process, making it if needed. Given back when the file is closed.
pub(super) fn lock(dir: &Path) -> Result<File, IndexError> {
    fs::create_dir_all(dir).map_err(failed(dir))?;
    let path = dir.join("lock");
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(failed(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(IndexError::InUse(dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(&path)(error)),
    }
}

/// The numbers of the stores, ascending; usually one.
pub(super) fn stores(dir: &Path) -> Result<Vec<u64>, IndexError> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed(dir))? {
        let name = entry.map_err(failed(dir))?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.parse::<u32>().ok()).map(u64::from));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Where the store of a number lies.
pub(super) fn path(dir: &Path, number: u64) -> PathBuf {
    dir.join(number.to_string())
}

/// Removes the store of a number; fine if it is not there.
pub(super) fn remove(dir: &Path, number: u64) -> Result<(), IndexError> {
    let path = path(dir, number);
    let removed = match fs::remove_dir_all(&path) {
        // Something else than a directory may bear the name.
        Err(error) if error.kind() == ErrorKind::NotADirectory => fs::remove_file(&path),
        other => other,
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&path)(error)),
        _ => Ok(()),
    }
}

/// Remembers for the next start that the store in use is damaged. If even that cannot be written,
/// the next start finds the damage again where it is read.
pub(super) fn doubt(dir: &Path) {
    let _ = fs::write(dir.join(DOUBT), "");
}

/// Whether the store in use was found damaged.
pub(super) fn is_doubted(dir: &Path) -> bool {
    dir.join(DOUBT).exists()
}

/// Forgets the doubt, once the damaged store is gone.
pub(super) fn trust(dir: &Path) -> Result<(), IndexError> {
    let path = dir.join(DOUBT);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&path)(error)),
        _ => Ok(()),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> IndexError {
    let path = path.to_owned();
    move |source| IndexError::Io { path, source }
}
