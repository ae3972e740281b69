//! Snapshots: what the lines up to a number add up to, kept so that a start need not read them all.
//!
//! A snapshot is bytes that the journal does not look into, with the line up to which they hold,
//! the name of the program's shape that wrote them, the shelf that it leaves a part to, if any, and
//! a fingerprint over all of it. None is ever needed: whatever is wrong with one, it is passed over
//! and the lines are read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::disk::{ASIDE, Disk, make_dir, read_whole};
use super::error::JournalError;
use super::file::aside_of;
use super::hash::{Hash128, Head};
use super::shelf;

/// The directory of the snapshots within the data directory.
pub const DIRECTORY: &str = "snapshot";
/// The ending of a snapshot's file.
const ENDING: &str = ".potret";
/// So many are kept: should the newest be damaged, the one before still saves most of the time.
const KEPT: usize = 2;
/// How a snapshot's first line begins.
const PREFIX: &str = "p2k2 potret ";
/// What stands in a first line where there is no shelf.
const NO_SHELF: &str = "-";
/// No first line is as long as this.
const HEADER_MAX: usize = 256;

/// The snapshots of a data directory.
pub struct Snapshots {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) dir: PathBuf,
    /// One is written at a time.
    pub(super) writing: Mutex<()>,
}

/// What a snapshot is besides its bytes.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The shape of the program that writes it; one word.
    pub shape: &'a str,
    /// The line to which it holds.
    pub head: Head,
    /// The fingerprint of the shelf without which it is worth nothing, if there is one.
    pub shelf: Option<Hash128>,
}

/// A snapshot that is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The line to which it holds.
    pub head: Head,
    /// The shelf that it names.
    pub shelf: Option<Hash128>,
    /// What was written.
    pub bytes: Vec<u8>,
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

    /// Keeps a snapshot, and drops all but the last two and shelves that none of them names.
    ///
    /// # Errors
    /// If the medium failed; the earlier ones still stand.
    pub fn put(&self, about: About<'_>, body: &[u8]) -> Result<(), JournalError> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let disk = self.disk.as_ref();
        make_dir(disk, &self.dir)?;
        // What a crash or a full disk left half written would take room for ever.
        for name in disk.list(&self.dir)?.iter().filter(|name| name.ends_with(ASIDE)) {
            disk.remove(&self.dir.join(name))?;
        }
        let path = self.path(about.head.seq);
        let aside = aside_of(&path);
        let header = header_of(about, sum(about, body)) + "\n";
        if let Err(error) = write_aside(disk, (&aside, &path), &[header.as_bytes(), body]) {
            // The room is needed for what cannot be made again.
            let _left = disk.remove(&aside);
            return Err(error);
        }
        disk.sync_dir(&self.dir)?;
        for old in self.numbers()?.into_iter().skip(KEPT) {
            disk.remove(&self.path(old))?;
        }
        self.drop_old_shelves()
    }

    /// Removes the shelves that no snapshot names.
    fn drop_old_shelves(&self) -> Result<(), JournalError> {
        let mut named = Vec::new();
        for seq in self.numbers()? {
            let start = read_whole(self.disk.as_ref(), &self.path(seq), HEADER_MAX)?;
            let start = start.unwrap_or_default();
            let header = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let word = header.rsplit(|byte| *byte == b' ').next().unwrap_or_default();
            named.extend(Hash128::from_hex(word).map(shelf::name_of));
        }
        for name in self.disk.list(&self.dir)? {
            if name.ends_with(shelf::ENDING) && !named.contains(&name) {
                self.disk.remove(&self.dir.join(name))?;
            }
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

    /// The snapshot up to line `seq`: the line to which it holds, the shelf that it names, and its
    /// bytes.
    ///
    /// # Errors
    /// Why it must be passed over.
    pub fn load(&self, seq: u64, shape: &str) -> Result<Loaded, Unsound> {
        self.read(seq, Some(shape))
    }

    /// Looks at every byte of all snapshots and shelves: the names of those that are not as they
    /// were written, whichever release did.
    ///
    /// # Errors
    /// If the directory cannot be read.
    pub fn check(&self) -> Result<Vec<PathBuf>, JournalError> {
        let mut damaged = Vec::new();
        for seq in self.numbers()? {
            if self.read(seq, None).is_err() {
                damaged.push(Path::new(DIRECTORY).join(name_of(seq)));
            }
        }
        for name in self.disk.list(&self.dir)? {
            let Some(sum) = name.strip_suffix(shelf::ENDING) else { continue };
            let sound = sum.parse().is_ok_and(|sum: Hash128| {
                self.open_shelf(sum).and_then(|shelf| shelf.check()).is_ok()
            });
            if !sound {
                damaged.push(Path::new(DIRECTORY).join(&name));
            }
        }
        Ok(damaged)
    }

    fn read(&self, seq: u64, shape: Option<&str>) -> Result<Loaded, Unsound> {
        let read = read_whole(self.disk.as_ref(), &self.path(seq), usize::MAX);
        let mut bytes = read.map_err(JournalError::from)?.ok_or(Unsound::Damaged)?;
        let end = bytes.iter().take(HEADER_MAX).position(|byte| *byte == b'\n');
        let end = end.ok_or(Unsound::Damaged)?;
        let header = std::str::from_utf8(&bytes[..end]).map_err(|_| Unsound::Damaged)?;
        let mut words = header.strip_prefix(PREFIX).ok_or(Unsound::Damaged)?.split(' ');
        let (written_by, head, said) = (words.next(), words.next(), words.next());
        let written_by = written_by.ok_or(Unsound::Damaged)?;
        if shape.is_some_and(|shape| shape != written_by) {
            return Err(Unsound::OtherShape);
        }
        let head: Option<Head> = head.and_then(|head| head.parse().ok());
        let head = head.filter(|head| head.seq == seq).ok_or(Unsound::Damaged)?;
        let said: Option<Hash128> = said.and_then(|said| said.parse().ok());
        let shelf: Option<Hash128> = words.next().and_then(|shelf| shelf.parse().ok());
        let about = About { shape: written_by, head, shelf };
        let sum = sum(about, &bytes[end + 1..]);
        // There is one way to write a first line, so any other was not written.
        if said != Some(sum) || header != header_of(about, sum) {
            return Err(Unsound::Damaged);
        }
        bytes.drain(..=end);
        Ok(Loaded { head, shelf, bytes })
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
fn header_of(about: About<'_>, sum: Hash128) -> String {
    let About { shape, head, shelf } = about;
    let shelf = shelf.map_or_else(|| NO_SHELF.to_owned(), |shelf| shelf.to_string());
    format!("{PREFIX}{shape} {head} {sum} {shelf}")
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

fn sum(about: About<'_>, body: &[u8]) -> Hash128 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(header_of(about, Hash128::ZERO).as_bytes());
    hasher.update(body);
    let mut sum = [0; 16];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Hash128::from_bytes(sum)
}
