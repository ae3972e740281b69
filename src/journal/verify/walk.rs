//! What `verify` gathers while it follows the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use uuid::Uuid;

use super::Refers;
use crate::journal::codec::Parts;
use crate::journal::error::{Damage, Finding, Severity};
use crate::journal::hash::BlobId;
use crate::journal::line::Import;
use crate::journal::scan::{Checker, Witnesses};
use crate::journal::sealed::list::List;
use crate::journal::segment::{file_of, line_in_file};

/// What is gathered along the journal.
pub(super) struct Walk<'a> {
    pub(super) refers: &'a mut Refers<'a>,
    /// Blobs that lines refer to.
    pub(super) needed: BTreeSet<BlobId>,
    pub(super) checker: Checker,
    /// The roots of sealed segments as they are listed.
    pub(super) roots: List,
    /// Segments that stand only in their sealed form.
    pub(super) sealed: BTreeSet<u32>,
    pub(super) witnesses: Witnesses,
    /// Of each import that is not closed: its first line and how many stand.
    pub(super) imports: BTreeMap<Uuid, (u64, u64)>,
    /// The first line of each segment, to say where a line stands.
    pub(super) firsts: Vec<u64>,
    /// The line before could not be read, so the next one cannot be compared with it.
    pub(super) blind: bool,
}

impl Walk<'_> {
    pub(super) fn place(&self, seq: u64) -> (PathBuf, u64) {
        let index = self.firsts.partition_point(|first| *first <= seq).max(1);
        let first = self.firsts.get(index - 1).copied().unwrap_or(1);
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        (file_of(number, self.sealed.contains(&number)), line_in_file(first, seq))
    }

    pub(super) fn finding(&self, seq: u64, what: Damage) -> Finding {
        let (file, line) = self.place(seq);
        Finding { severity: Severity::Damage, file, line: Some(line), seq: Some(seq), what }
    }

    /// Shows a sound line to the caller and counts it; what is wrong with it all the same is
    /// returned.
    pub(super) fn show(&mut self, parts: &Parts<'_>) -> Option<Damage> {
        let Some(line) = parts.to_line() else { return Some(Damage::Unreadable) };
        self.needed.extend((self.refers)(&line));
        self.count_import(parts)
    }

    /// Counts the lines of imports; a mismatch at a closing line is returned.
    pub(super) fn count_import(&mut self, parts: &Parts<'_>) -> Option<Damage> {
        match parts.import()? {
            Import::Part(id) => {
                self.imports.entry(id).or_insert((parts.fields.seq, 0)).1 += 1;
                None
            }
            Import::Close { id, first, lines } => {
                let (begun, found) = self.imports.remove(&id).unwrap_or((first, 0));
                let wrong = begun == first && found != lines;
                wrong.then_some(Damage::ImportCount { expected: lines, found })
            }
        }
    }
}
