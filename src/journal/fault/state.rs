//! What the disk in memory remembers: what is seen, and what is safe.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::super::disk::{DiskError, DiskResult, Op, parent};

/// The unit in which bytes reach the medium when power fails.
const PAGE: usize = 4096;

#[derive(Default)]
pub(super) struct State {
    pub(super) files: Vec<Content>,
    /// What a running process sees.
    pub(super) seen: BTreeMap<PathBuf, Node>,
    /// What is there after a power cut.
    pub(super) safe: BTreeMap<PathBuf, Node>,
    /// Changes of names that are not yet safe, oldest first.
    pub(super) unsafe_names: Vec<NameChange>,
    pub(super) locks: BTreeSet<PathBuf>,
    /// Handles of an earlier life are dead.
    pub(super) life: u64,
    pub(super) operations: u64,
    pub(super) fail_at: Option<u64>,
    pub(super) power_off_at: Option<u64>,
    pub(super) full: bool,
    pub(super) ignore_sync: bool,
    pub(super) holding: bool,
    pub(super) held: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Directory,
    File(usize),
}

pub(super) struct NameChange {
    pub(super) directory: PathBuf,
    pub(super) changes: Vec<(PathBuf, Option<Node>)>,
}

#[derive(Default)]
pub(super) struct Content {
    pub(super) seen: Vec<u8>,
    pub(super) safe: Vec<u8>,
    pub(super) pending: Vec<Change>,
}

pub(super) enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl State {
    /// Makes `other` an image of what is seen here.
    pub(super) fn copy_to(&self, other: &mut Self) {
        other.seen = self.seen.clone();
        other.safe = self.seen.clone();
        let image = |bytes: &Vec<u8>| Content {
            seen: bytes.clone(),
            safe: bytes.clone(),
            pending: Vec::new(),
        };
        other.files = self.files.iter().map(|file| image(&file.seen)).collect();
    }

    /// Counts an operation; an error if this is one that is to fail.
    pub(super) fn step(&mut self, op: Op, path: &Path) -> DiskResult<()> {
        self.operations += 1;
        let off = self.power_off_at.is_some_and(|at| self.operations >= at);
        let fails = self.fail_at == Some(self.operations);
        if fails {
            self.fail_at = None;
        }
        if off || fails { Err(DiskError::new(op, path, io::Error::other("fault"))) } else { Ok(()) }
    }

    /// Refuses to use space that is not there.
    pub(super) fn room(&self, op: Op, path: &Path) -> DiskResult<()> {
        if self.full {
            Err(DiskError::new(op, path, ErrorKind::StorageFull.into()))
        } else {
            Ok(())
        }
    }

    pub(super) fn rename_all(&mut self, directory: &Path, changes: Vec<(PathBuf, Option<Node>)>) {
        apply_names(&mut self.seen, &changes);
        self.unsafe_names.push(NameChange { directory: directory.to_owned(), changes });
    }

    pub(super) fn is_directory(&self, path: &Path) -> bool {
        path.parent().is_none() || self.seen.get(path) == Some(&Node::Directory)
    }

    pub(super) fn lose_power(&mut self, dice: &mut Dice) {
        let directories: BTreeSet<_> =
            self.unsafe_names.iter().map(|change| change.directory.clone()).collect();
        for directory in directories {
            let own = self.unsafe_names.iter().filter(|change| change.directory == directory);
            let kept = dice.below(own.clone().count() + 1);
            for change in own.take(kept) {
                apply_names(&mut self.safe, &change.changes);
            }
        }
        self.unsafe_names.clear();
        // A name below a directory that is gone is gone too.
        let safe = std::mem::take(&mut self.safe);
        for (path, node) in safe {
            let above = parent(&path);
            if above.parent().is_none() || self.safe.get(above) == Some(&Node::Directory) {
                self.safe.insert(path, node);
            }
        }
        self.seen = self.safe.clone();
        for file in &mut self.files {
            file.lose_power(dice);
        }
    }
}

pub(super) fn apply_names(
    names: &mut BTreeMap<PathBuf, Node>,
    changes: &[(PathBuf, Option<Node>)],
) {
    for (path, node) in changes {
        match node {
            Some(node) => names.insert(path.clone(), *node),
            None => names.remove(path),
        };
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Truncate(len) => bytes.truncate(*len),
            Self::Write(offset, new) => {
                let end = offset + new.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*offset..end].copy_from_slice(new);
            }
        }
    }

    const fn weight(&self) -> usize {
        match self {
            Self::Write(_, bytes) => bytes.len(),
            Self::Truncate(_) => 1,
        }
    }
}

impl Content {
    pub(super) fn change(&mut self, change: Change) {
        change.apply(&mut self.seen);
        self.pending.push(change);
    }

    pub(super) fn make_safe(&mut self) {
        for change in self.pending.drain(..) {
            change.apply(&mut self.safe);
        }
    }

    fn lose_power(&mut self, dice: &mut Dice) {
        let pending = std::mem::take(&mut self.pending);
        match dice.below(3) {
            0 => {}
            1 => self.keep_prefix(&pending, dice),
            _ => self.keep_pages(&pending, dice),
        }
        self.seen = self.safe.clone();
    }

    fn keep_prefix(&mut self, pending: &[Change], dice: &mut Dice) {
        let mut left = dice.below(pending.iter().map(Change::weight).sum::<usize>() + 1);
        for change in pending {
            match change {
                Change::Write(offset, bytes) if bytes.len() > left => {
                    Change::Write(*offset, bytes[..left].to_vec()).apply(&mut self.safe);
                    return;
                }
                _ if change.weight() > left => return,
                _ => change.apply(&mut self.safe),
            }
            left -= change.weight();
        }
    }

    /// The length is there, but only some pages are; the others read as before, or as zeros.
    fn keep_pages(&mut self, pending: &[Change], dice: &mut Dice) {
        let mut wanted = self.safe.clone();
        for change in pending {
            change.apply(&mut wanted);
        }
        self.safe.resize(wanted.len(), 0);
        for (old, new) in self.safe.chunks_mut(PAGE).zip(wanted.chunks(PAGE)) {
            if dice.below(2) == 0 {
                old.copy_from_slice(new);
            }
        }
    }
}

/// A reproducible source of numbers (the splitmix64 sequence).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let number = (z ^ (z >> 31)) % (limit as u64).max(1);
        usize::try_from(number).unwrap_or(0)
    }
}
