//! The few file operations that the journal is built on.
//!
//! Everything goes through [`Disk`], so that tests can put a disk under the journal that loses
//! power, fails or is full ([`super::fault::FaultDisk`]).

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was being done to a file when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Opening a file that exists.
    Open,
    /// Making a file or directory.
    Create,
    /// Reading bytes or a length.
    Read,
    /// Writing bytes.
    Write,
    /// Waiting until bytes or directory entries are safe on the medium.
    Sync,
    /// Giving a file its final name.
    Rename,
    /// Removing a file.
    Remove,
    /// Listing a directory.
    List,
    /// Cutting a file.
    Truncate,
    /// Taking the lock of a directory.
    Lock,
}

impl Op {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Open => "dibuka",
            Self::Create => "dibuat",
            Self::Read | Self::List => "dibaca",
            Self::Write => "ditulis",
            Self::Sync => "dipastikan tersimpan",
            Self::Rename => "diberi nama tetap",
            Self::Remove => "dihapus",
            Self::Truncate => "dipotong",
            Self::Lock => "dikunci",
        }
    }
}

/// A file operation that failed, in one sentence for the person who runs the server.
#[derive(Debug, thiserror::Error)]
#[error("Berkas {} tidak dapat {}: {}", .path.display(), .op.in_words(), reason(.source))]
pub struct DiskError {
    /// What was being done.
    pub op: Op,
    /// To which file or directory.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

impl DiskError {
    /// The failure of `op` on `path`.
    #[must_use]
    pub fn new(op: Op, path: &Path, source: io::Error) -> Self {
        Self { op, path: path.to_owned(), source }
    }

    /// Whether the medium or the quota is full, which passes when space is freed.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self.source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "cakram penuh. Kosongkan ruang, lalu coba lagi.".to_owned(),
        ErrorKind::QuotaExceeded => "jatah cakram habis. Kosongkan ruang, lalu coba lagi.".into(),
        ErrorKind::PermissionDenied => {
            "izinnya tidak cukup. Periksa pemilik dan hak tulis direktori data.".to_owned()
        }
        ErrorKind::ReadOnlyFilesystem => {
            "cakram ini hanya boleh dibaca. Pasang kembali dengan hak tulis.".to_owned()
        }
        ErrorKind::InvalidData => {
            "isinya rusak. Jalankan `p2k2 verify`, lalu pulihkan berkas itu dari cadangan.".into()
        }
        ErrorKind::NotFound => "tidak ditemukan.".to_owned(),
        ErrorKind::AlreadyExists => "nama itu sudah dipakai.".to_owned(),
        ErrorKind::NotADirectory => "ada berkas di tempat direktori seharusnya berada.".to_owned(),
        _ => match error.raw_os_error() {
            Some(code) => {
                format!("perangkat melaporkan kesalahan {code}. Periksa cakram, lalu mulai lagi.")
            }
            None => "perangkat melaporkan kesalahan. Periksa cakram, lalu mulai lagi.".to_owned(),
        },
    }
}

/// The outcome of a file operation.
pub type DiskResult<T> = Result<T, DiskError>;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// For reading only.
    Read,
    /// For reading and writing.
    Write,
}

/// An open file, read and written at given offsets.
///
/// An open file stays the same file when another one is renamed over its path.
pub trait DiskFile: Send + Sync {
    /// Reads at most `buf.len()` bytes at `offset`; 0 at the end of the file.
    ///
    /// # Errors
    /// If the medium cannot be read.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> DiskResult<usize>;

    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    /// If not everything could be written; any part of it may have been.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> DiskResult<()>;

    /// Returns when the written bytes and the length are safe on the medium.
    ///
    /// # Errors
    /// If that is not certain; the bytes must then be taken for lost.
    fn sync(&self) -> DiskResult<()>;

    /// Cuts the file to `len` bytes.
    ///
    /// # Errors
    /// If the medium refuses.
    fn truncate(&self, len: u64) -> DiskResult<()>;

    /// The length in bytes.
    ///
    /// # Errors
    /// If the medium cannot be read.
    fn size(&self) -> DiskResult<u64>;
}

/// Keeps a lock for as long as it lives.
pub trait Held: Send + Sync {}

/// The file operations of the journal.
pub trait Disk: Send + Sync {
    /// Makes a new file, open for reading and writing.
    ///
    /// # Errors
    /// If the path exists already or cannot be made.
    fn create(&self, path: &Path) -> DiskResult<Arc<dyn DiskFile>>;

    /// Opens a file; `None` if there is none of that name.
    ///
    /// # Errors
    /// If it exists and cannot be opened.
    fn open(&self, path: &Path, access: Access) -> DiskResult<Option<Arc<dyn DiskFile>>>;

    /// Makes a directory and those above it; fine if it exists.
    ///
    /// # Errors
    /// If it cannot be made.
    fn create_dir(&self, path: &Path) -> DiskResult<()>;

    /// Gives a file another name, replacing a file that has it.
    ///
    /// # Errors
    /// If the medium refuses.
    fn rename(&self, from: &Path, to: &Path) -> DiskResult<()>;

    /// Removes a file; fine if it is not there.
    ///
    /// # Errors
    /// If it exists and cannot be removed.
    fn remove(&self, path: &Path) -> DiskResult<()>;

    /// Returns when the names in a directory are safe on the medium.
    ///
    /// # Errors
    /// If that is not certain.
    fn sync_dir(&self, path: &Path) -> DiskResult<()>;

    /// The names in a directory in ascending order; none if it does not exist.
    ///
    /// # Errors
    /// If it exists and cannot be read.
    fn list(&self, path: &Path) -> DiskResult<Vec<String>>;

    /// Whether a file or directory of this name exists.
    ///
    /// # Errors
    /// If that cannot be found out.
    fn exists(&self, path: &Path) -> DiskResult<bool>;

    /// Takes the lock file at `path`, making it if needed; `None` if another holder has it.
    ///
    /// # Errors
    /// If the lock file cannot be made or locked.
    fn lock(&self, path: &Path) -> DiskResult<Option<Box<dyn Held>>>;
}

/// The ending of files that are written aside and not yet renamed.
pub(super) const ASIDE: &str = ".baru";

/// Puts `bytes` at `path` so that after any crash either the old or the new file is there, whole.
pub(crate) fn replace(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> DiskResult<()> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(ASIDE);
    let aside = PathBuf::from(aside);
    disk.remove(&aside)?;
    let file = disk.create(&aside)?;
    file.write_at(0, bytes)?;
    file.sync()?;
    disk.rename(&aside, path)?;
    disk.sync_dir(parent(path))
}

/// Makes a directory, and those above it, whose names survive a power cut.
///
/// A directory that is there already may have been made by a process that was killed before it
/// could sync the name, so that is done again. Those above it were safe before it was made.
pub(crate) fn make_dir(disk: &dyn Disk, path: &Path) -> DiskResult<()> {
    let above = parent(path);
    let exists = disk.exists(path)?;
    if !exists {
        if !disk.exists(above)? {
            make_dir(disk, above)?;
        }
        disk.create_dir(path)?;
    }
    match disk.sync_dir(above) {
        // A directory that somebody else made for us may stand in one that we cannot open.
        Err(error) if exists && error.source.kind() == ErrorKind::PermissionDenied => Ok(()),
        other => other,
    }
}

/// The whole of a file, at most `limit` bytes of it; `None` if there is none.
pub(crate) fn read_whole(
    disk: &dyn Disk,
    path: &Path,
    limit: usize,
) -> DiskResult<Option<Vec<u8>>> {
    let Some(file) = disk.open(path, Access::Read)? else { return Ok(None) };
    let size = usize::try_from(file.size()?).unwrap_or(usize::MAX).min(limit);
    let mut bytes = vec![0; size];
    let mut filled = 0;
    while filled < size {
        let read = file.read_at(filled as u64, &mut bytes[filled..])?;
        if read == 0 {
            break;
        }
        filled += read;
    }
    bytes.truncate(filled);
    Ok(Some(bytes))
}

/// The directory that a path stands in; `.` for a bare name.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) => Path::new("."),
        None => path,
    }
}

/// The file system of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

struct RealFile {
    file: File,
    path: PathBuf,
}

impl DiskFile for RealFile {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> DiskResult<usize> {
        loop {
            match self.file.read_at(buf, offset) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => return other.map_err(|e| DiskError::new(Op::Read, &self.path, e)),
            }
        }
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> DiskResult<()> {
        let written = self.file.write_all_at(bytes, offset);
        written.map_err(|e| DiskError::new(Op::Write, &self.path, e))
    }

    fn sync(&self) -> DiskResult<()> {
        self.file.sync_data().map_err(|e| DiskError::new(Op::Sync, &self.path, e))
    }

    fn truncate(&self, len: u64) -> DiskResult<()> {
        self.file.set_len(len).map_err(|e| DiskError::new(Op::Truncate, &self.path, e))
    }

    fn size(&self) -> DiskResult<u64> {
        let metadata = self.file.metadata();
        metadata.map(|m| m.len()).map_err(|e| DiskError::new(Op::Read, &self.path, e))
    }
}

/// The operating system gives the lock back when the file is closed, also after a kill.
struct RealLock(#[expect(dead_code, reason = "holding the file open is holding the lock")] File);

impl Held for RealLock {}

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> DiskResult<Arc<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path);
        let file = file.map_err(|e| DiskError::new(Op::Create, path, e))?;
        Ok(Arc::new(RealFile { file, path: path.to_owned() }))
    }

    fn open(&self, path: &Path, access: Access) -> DiskResult<Option<Arc<dyn DiskFile>>> {
        let write = access == Access::Write;
        match OpenOptions::new().read(true).write(write).open(path) {
            Ok(file) => Ok(Some(Arc::new(RealFile { file, path: path.to_owned() }))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(DiskError::new(Op::Open, path, error)),
        }
    }

    fn create_dir(&self, path: &Path) -> DiskResult<()> {
        fs::create_dir_all(path).map_err(|e| DiskError::new(Op::Create, path, e))
    }

    fn rename(&self, from: &Path, to: &Path) -> DiskResult<()> {
        fs::rename(from, to).map_err(|e| DiskError::new(Op::Rename, to, e))
    }

    fn remove(&self, path: &Path) -> DiskResult<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(DiskError::new(Op::Remove, path, error))
            }
            _ => Ok(()),
        }
    }

    fn sync_dir(&self, path: &Path) -> DiskResult<()> {
        let synced = File::open(path).and_then(|directory| directory.sync_all());
        synced.map_err(|e| DiskError::new(Op::Sync, path, e))
    }

    fn list(&self, path: &Path) -> DiskResult<Vec<String>> {
        let failed = |e| DiskError::new(Op::List, path, e);
        let entries = match fs::read_dir(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(failed)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn exists(&self, path: &Path) -> DiskResult<bool> {
        path.try_exists().map_err(|e| DiskError::new(Op::Read, path, e))
    }

    fn lock(&self, path: &Path) -> DiskResult<Option<Box<dyn Held>>> {
        let failed = |e| DiskError::new(Op::Lock, path, e);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(RealLock(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}
