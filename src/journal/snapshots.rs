//! Snapshots: what the lines up to a number add up to, kept so that a start need not read them all.
//!
//! A snapshot is bytes that the journal does not look into, with the line up to which they hold,
//! the name of the program's shape that wrote them, and a fingerprint over all of it. None is ever
//! needed: whatever is wrong with one, it is passed over and the lines are read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::disk::{ASIDE, Disk, make_dir, read_whole};
use super::error::JournalError;
use super::file::aside_of;
use super::hash::{Hash128, Head};

/// The directory of the snapshots within the data directory.
pub const DIRECTORY: &str = "snapshot";
/// The ending of a snapshot's file.
const ENDING: &str = ".potret";
/// So many are kept: should the newest be damaged, the one before still saves most of the time.
const KEPT: usize = 2;
/// How a snapshot's first line begins.
const PREFIX: &str = "p2k2 potret ";
/// No first line is as long as this.
const HEADER_MAX: usize = 256;

/// The snapshots of a data directory.
pub struct Snapshots {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    /// One is written at a time.
    writing: Mutex<()>,
}

/// Why a snapshot is passed over.
#[derive(Debug, thiserror::Error)]
pub enum Unsound {
    /// It is not as it was written.
    #[error("damaged")]
    Damaged,
    /// Another release wrote it.
    #[error("written by another release")]
    OtherShape,
    /// It cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Snapshots {
    /// The snapshots below the data directory `dir`.
    #[must_use]
    pub fn new(disk: Arc<dyn Disk>, dir: &Path) -> Self {
        Self { disk, dir: dir.join(DIRECTORY), writing: Mutex::new(()) }
    }

    /// Keeps a snapshot that holds up to `head`, and drops all but the last two. `shape` is one
    /// word.
    ///
    /// # Errors
    /// If the medium failed; the earlier ones still stand.
    pub fn put(&self, shape: &str, head: Head, body: &[u8]) -> Result<(), JournalError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let disk = self.disk.as_ref();
        make_dir(disk, &self.dir)?;
        // What a crash or a full disk left half written would take room for ever.
        for name in disk.list(&self.dir)?.iter().filter(|name| name.ends_with(ASIDE)) {
            disk.remove(&self.dir.join(name))?;
        }
        let path = self.path(head.seq);
        let aside = aside_of(&path);
        let header = header_of(shape, head, sum(shape, head, body)) + "\n";
        if let Err(error) = write_aside(disk, (&aside, &path), &[header.as_bytes(), body]) {
            // The room is needed for what cannot be made again.
            let _left = disk.remove(&aside);
            return Err(error);
        }
        disk.sync_dir(&self.dir)?;
        for old in self.numbers()?.into_iter().skip(KEPT) {
            disk.remove(&self.path(old))?;
        }
        Ok(())
    }

    /// The last lines of the snapshots that there are, the newest first.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn numbers(&self) -> Result<Vec<u64>, JournalError> {
        let names = self.disk.list(&self.dir)?;
        let mut numbers: Vec<u64> = names
            .iter()
            .filter_map(|name| name.strip_suffix(ENDING)?.parse().ok())
            .filter(|seq| names.contains(&name_of(*seq)))
            .collect();
        numbers.sort_unstable_by(|one, other| other.cmp(one));
        Ok(numbers)
    }

    /// The snapshot up to line `seq`: the line to which it holds, and its bytes.
    ///
    /// # Errors
    /// Why it must be passed over.
    pub fn load(&self, seq: u64, shape: &str) -> Result<(Head, Vec<u8>), Unsound> {
        let read = read_whole(self.disk.as_ref(), &self.path(seq), usize::MAX);
        let mut bytes = read.map_err(JournalError::from)?.ok_or(Unsound::Damaged)?;
        let end = bytes.iter().take(HEADER_MAX).position(|byte| *byte == b'\n');
        let end = end.ok_or(Unsound::Damaged)?;
        let header = std::str::from_utf8(&bytes[..end]).map_err(|_| Unsound::Damaged)?;
        let mut words = header.strip_prefix(PREFIX).ok_or(Unsound::Damaged)?.split(' ');
        let (written_by, head, said) = (words.next(), words.next(), words.next());
        if written_by != Some(shape) {
            return Err(Unsound::OtherShape);
        }
        let head: Option<Head> = head.and_then(|head| head.parse().ok());
        let head = head.filter(|head| head.seq == seq).ok_or(Unsound::Damaged)?;
        let said: Option<Hash128> = said.and_then(|said| said.parse().ok());
        let sum = sum(shape, head, &bytes[end + 1..]);
        // There is one way to write a first line, so any other was not written.
        if said != Some(sum) || header != header_of(shape, head, sum) {
            return Err(Unsound::Damaged);
        }
        bytes.drain(..=end);
        Ok((head, bytes))
    }

    /// Removes all snapshots, also those half-written.
    ///
    /// # Errors
    /// If the medium failed.
    pub fn clear(&self) -> Result<(), JournalError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let names = self.disk.list(&self.dir)?;
        for name in &names {
            self.disk.remove(&self.dir.join(name))?;
        }
        if !names.is_empty() {
            self.disk.sync_dir(&self.dir)?;
        }
        Ok(())
    }

    fn path(&self, seq: u64) -> PathBuf {
        self.dir.join(name_of(seq))
    }
}

/// The first line without its end.
fn header_of(shape: &str, head: Head, sum: Hash128) -> String {
    format!("{PREFIX}{shape} {head} {sum}")
}

/// Writes a file under its other name, safely, and gives it its own.
fn write_aside(
    disk: &dyn Disk,
    (aside, path): (&Path, &Path),
    parts: &[&[u8]],
) -> Result<(), JournalError> {
    let file = disk.create(aside)?;
    let mut at = 0;
    for part in parts {
        file.write_at(at, part)?;
        at += part.len() as u64;
    }
    file.sync()?;
    disk.rename(aside, path)?;
    Ok(())
}

fn name_of(seq: u64) -> String {
    format!("{seq:012}{ENDING}")
}

fn sum(shape: &str, head: Head, body: &[u8]) -> Hash128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("{shape} {head}\n").as_bytes());
    hasher.update(body);
    let mut sum = [0; 16];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Hash128::from_bytes(sum)
}
