//! Blanking private parts: a whole segment is written anew beside the old one and swapped in. A
//! sealed one becomes a plain one by that, and is sealed again later.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::JournalError;
use super::codec::{Place, PrivatePart};
use super::disk::{Access, DiskError, DiskResult, Op};
use super::file::{FileJournal, Writer, aside_of};
use super::noted;
use super::sealed::Source;
use super::segment::{DIRECTORY, Segment, path_of};

/// Bytes gathered before they are written.
const CHUNK: usize = 256 * 1024;

/// Blanks the private parts of the lines of these numbers, whichever still have one, and returns
/// which had.
pub(super) fn redact(
    journal: &FileJournal,
    writer: &mut Writer,
    seqs: &[u64],
) -> Result<Vec<u64>, JournalError> {
    let mut blanked = Vec::new();
    if let Some(seq) = seqs.iter().find(|seq| !writer.named.contains(seq)) {
        return Err(JournalError::NotNamed(*seq));
    }
    for (index, wanted) in by_segment(journal, seqs) {
        let old = journal.seen(|shared| shared.segments.get(index).map(Source::of));
        let Some(old) = old else { continue };
        let wanted = old.with_text(&wanted)?;
        if wanted.is_empty() {
            continue;
        }
        let segment = match old.rewrite(journal, &wanted) {
            Ok(segment) => segment,
            Err(error) => {
                // The old file is untouched; a rest that cannot be removed goes at the next start.
                let _ = journal.disk.remove(&aside_of(&journal.dir.join(path_of(old.number))));
                return Err(error);
            }
        };
        // From here on a failure leaves open which of the two files a power cut would bring back,
        // so nothing may be appended to either.
        let swapped = swap(journal, segment, old.sealed);
        writer.stopped = swapped.is_err();
        swapped?;
        blanked.extend(wanted);
    }
    Ok(blanked)
}

fn by_segment(journal: &FileJournal, seqs: &[u64]) -> BTreeMap<usize, BTreeSet<u64>> {
    let mut found: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
    journal.seen(|shared| {
        for seq in seqs {
            let behind = shared.segments.partition_point(|segment| segment.first <= *seq);
            if let Some(index) = behind.checked_sub(1) {
                found.entry(index).or_default().insert(*seq);
            }
        }
    });
    found
}

fn swap(journal: &FileJournal, mut segment: Segment, sealed: bool) -> DiskResult<()> {
    let number = segment.number;
    let path = journal.dir.join(path_of(segment.number));
    let disk = journal.disk.as_ref();
    noted::forget(disk, &journal.dir, number)?;
    disk.rename(&aside_of(&path), &path)?;
    disk.sync_dir(&journal.dir.join(DIRECTORY))?;
    // Opened again by its own name, so that a later failure names the right file.
    if let Some(file) = disk.open(&path, Access::Write)? {
        segment.file = file;
    }
    journal.publish(|shared| {
        if let Some(place) = shared.segments.iter_mut().find(|s| s.number == number) {
            *place = segment;
        }
    });
    // The plain form counts from the moment it has its name; the sealed one still holds the text.
    if sealed { journal.unseal(number) } else { Ok(()) }
}

impl Source {
    /// Which of the wanted lines still have their text.
    fn with_text(&self, wanted: &BTreeSet<u64>) -> Result<BTreeSet<u64>, JournalError> {
        let (_, mut checker, mut reader) = self.start();
        let mut found = BTreeSet::new();
        while let Some(piece) = reader.next()? {
            let seq = checker.next().seq;
            let parts = checker.follow(&piece).map_err(|what| self.damage(seq, what))?;
            if wanted.contains(&seq) && matches!(parts.private, PrivatePart::Text(_)) {
                found.insert(seq);
            }
        }
        Ok(found)
    }

    /// Copies the segment aside with the wanted texts blanked, checking each line on the way so
    /// that damage is never copied as if it were sound.
    fn rewrite(
        &self,
        journal: &FileJournal,
        wanted: &BTreeSet<u64>,
    ) -> Result<Segment, JournalError> {
        let disk = journal.disk.as_ref();
        let aside = aside_of(&journal.dir.join(path_of(self.number)));
        disk.remove(&aside)?;
        let file = disk.create(&aside)?;
        let (header, mut checker, mut reader) = self.start();
        let mut buffer = header.into_bytes();
        let mut written = 0;
        let mut segment = Segment::new(self.number, self.first, self.prev, Arc::clone(&file));
        while let Some(piece) = reader.next()? {
            let Place { seq, prev, .. } = checker.next();
            let parts = checker.follow(&piece).map_err(|what| self.damage(seq, what))?;
            let place = Place { seq, batch: parts.fields.b, prev };
            segment.note(place, written + buffer.len() as u64);
            if wanted.contains(&seq) {
                parts.write_blanked(&mut buffer);
            } else {
                buffer.extend_from_slice(piece.bytes);
                buffer.push(b'\n');
            }
            if buffer.len() >= CHUNK {
                file.write_at(written, &buffer)?;
                written += buffer.len() as u64;
                buffer.clear();
            }
        }
        file.write_at(written, &buffer)?;
        segment.end = written + buffer.len() as u64;
        file.sync()?;
        self.check_length(&segment)?;
        Ok(segment)
    }

    /// A copy that is longer than its source cannot be a blanked one.
    fn check_length(&self, copy: &Segment) -> Result<(), JournalError> {
        if copy.end <= self.end {
            return Ok(());
        }
        let source = std::io::Error::other("the copy outgrew its source");
        Err(DiskError::new(Op::Write, &path_of(self.number), source).into())
    }
}
