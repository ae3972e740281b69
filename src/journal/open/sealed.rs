//! What opening does with sealed segments.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{OpenReport, Opening};
use crate::journal::JournalError;
use crate::journal::codec::split;
use crate::journal::error::{Damage, Finding, Severity};
use crate::journal::hash::{Hash128, Head};
use crate::journal::header::header_finding;
use crate::journal::scan::Witness;
use crate::journal::seal::drop_sealed;
use crate::journal::sealed::list::{self, List};
use crate::journal::sealed::{self, SealedFile};
use crate::journal::segment::{Segment, file_of, line_in_file, number_in};

/// The segments in a directory.
pub(in crate::journal) struct Files {
    /// The numbers of all, in whichever form.
    pub(in crate::journal) numbers: BTreeSet<u32>,
    /// Those that stand only in their sealed form.
    pub(in crate::journal) sealed: BTreeSet<u32>,
    /// Those whose plain form counts and that have a sealed form beside it.
    pub(in crate::journal) left: BTreeSet<u32>,
}

impl Files {
    /// The segments among the names of a directory.
    pub(in crate::journal) fn of(names: &[String]) -> Self {
        let plain: BTreeSet<u32> = names.iter().filter_map(|name| number_in(name)).collect();
        let sealed: BTreeSet<u32> =
            names.iter().filter_map(|name| sealed::number_in(name)).collect();
        Self { numbers: &plain | &sealed, left: &plain & &sealed, sealed: &sealed - &plain }
    }
}

/// The list of roots remembers the last line of every sealed segment.
pub(in crate::journal) fn list_witnesses(listed: &List) -> impl Iterator<Item = Witness> {
    let name = format!("daftar {}", list::path().display());
    listed.values().map(move |entry| Witness {
        name: name.clone(),
        seq: entry.head.seq,
        hash: Some(entry.head.hash),
    })
}

/// The fingerprint of one line of a segment that was not read.
fn fingerprint(segment: &Segment, seq: u64) -> Result<Option<Hash128>, JournalError> {
    let Some(mut stretch) = segment.stretch(seq) else { return Ok(None) };
    for _ in stretch.first..seq {
        stretch.reader.next()?;
    }
    let piece = stretch.reader.next()?;
    Ok(piece.and_then(|piece| split(piece.bytes)).map(|parts| parts.hash))
}

impl Opening<'_> {
    /// Takes a sealed segment in by its index; its lines are checked when they are read.
    pub(super) fn follow_sealed(&mut self, number: u32) -> Result<(), JournalError> {
        let file = SealedFile::open(self.disk, self.dir, number, &self.cache)?;
        let before = self.checker.head;
        let named = Head { seq: file.index.first - 1, hash: file.index.prev };
        if named != before {
            let first = self.segments.last().map_or(1, |segment| segment.first);
            return Err(header_finding(number, first, before, named).into());
        }
        match self.roots.get(&number) {
            Some(entry) if entry.root != file.root => {
                return Err(Finding::of_file(sealed::path_of(number), Damage::SealRoot).into());
            }
            Some(_) => {}
            None => self.mend = true,
        }
        self.checker.blanked.extend(&file.index.blanked);
        self.checker.named.extend(&file.index.named);
        self.checker.head = file.head();
        self.checker.batch = 0;
        let segment = Segment::of_sealed(Arc::new(file));
        self.hear(&segment)?;
        self.segments.push(segment);
        Ok(())
    }

    /// Asks everybody who remembers a line of a segment that was not read, up to its last one.
    pub(super) fn hear(&mut self, segment: &Segment) -> Result<(), JournalError> {
        while let Some(witness) = self.witnesses.take_up_to(self.checker.head.seq) {
            let Witness { name, seq, hash: Some(expected) } = witness else { continue };
            let found = if seq == self.checker.head.seq {
                Some(self.checker.head.hash)
            } else {
                fingerprint(segment, seq)?
            };
            if found != Some(expected) {
                let what = Damage::Other { seq, witness: name, expected };
                let file = file_of(segment.number, segment.sealed);
                let line = line_in_file(segment.first, seq);
                let severity = Severity::Damage;
                return Err(
                    Finding { severity, file, line: Some(line), seq: Some(seq), what }.into()
                );
            }
        }
        Ok(())
    }

    /// Drops what an interrupted sealing left and mends the list of roots, once all else is sound.
    pub(super) fn tidy(&self, files: &Files, report: &mut OpenReport) -> Result<(), JournalError> {
        if self.mend {
            let note = Finding::of_file(list::path(), Damage::SealList).into_note();
            report.notes.push(note);
        }
        if self.mend || !files.left.is_empty() {
            let sealed = self.segments.iter().filter_map(|s| Some((s.number, s.entry?)));
            list::write(self.disk, self.dir, &sealed.collect())?;
        }
        for number in &files.left {
            drop_sealed(self.disk, self.dir, *number)?;
        }
        Ok(())
    }
}
