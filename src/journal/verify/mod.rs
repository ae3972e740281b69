//! Reading everything once more and naming all that is not as it was written.

mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use self::walk::Walk;
use super::blobs::{self, UNFINISHED};
use super::codec::split;
use super::disk::{ASIDE, Access, Disk, DiskError, DiskFile, Op, read_whole};
use super::drafts::{self, is_sound};
use super::error::{Damage, Finding, JournalError};
use super::hash::{BlobId, Hash128, Head};
use super::header::{Header, check_header, header_finding};
use super::line::Line;
use super::marker::{FORMAT_FILE, FormatFile, Stop, read_format, read_stop, stop_finding};
use super::noted;
use super::open::{
    Files, can_be_interrupted, first_missing, list_witnesses, proves_completion, stop_witness,
};
use super::scan::{Checker, Witness, Witnesses};
use super::sealed::list::{self, List};
use super::sealed::{self, Cache, SealedFile};
use super::segment::{DIRECTORY, LineReader, Piece, file_of, number_in, path_of};
use super::{BLOB_BYTES_MAX, SEGMENT_BYTES_MAX};

/// No more findings than this are listed; memory stays bounded whatever is on the disk.
const FINDINGS_MAX: usize = 1000;

/// What the caller knows that must be in the directory.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// A printed head, whose line must stand with that fingerprint.
    pub head: Option<Head>,
    /// How far each projection has read.
    pub projections: Vec<super::Projection>,
}

/// Is shown every sound line, in order, and says which blobs it refers to.
pub type Refers<'a> = dyn FnMut(&Line) -> Vec<BlobId> + 'a;

/// Reads a data directory without its lock and names every kind of damage, with file, line and
/// number.
///
/// Changes nothing and may run beside a server: an end that is just being written is a
/// [note](super::Severity::Note). Findings beyond 1,000 are not listed one by one. An empty list means that
/// everything is as it was written. `refers` tells which blobs must be there.
///
/// # Errors
/// If the directory does not exist or was written by a newer release. A file that cannot be read
/// is a finding.
pub fn verify(
    disk: &dyn Disk,
    dir: &Path,
    expected: &Expected,
    refers: &mut Refers<'_>,
) -> Result<Vec<Finding>, JournalError> {
    if !disk.exists(dir)? {
        return Err(DiskError::new(Op::Open, dir, ErrorKind::NotFound.into()).into());
    }
    let mut verifier = Verifier { disk, dir, findings: Vec::new() };
    match read_format(disk, dir)? {
        FormatFile::Known => {}
        FormatFile::Damaged => verifier.found(Finding::of_file(FORMAT_FILE, Damage::Format)),
        FormatFile::Missing => {
            verifier.found(Finding::of_file(FORMAT_FILE, Damage::FormatMissing).into_note());
        }
    }
    let stop = read_stop(disk, dir)?;
    let needed = verifier.journal(stop, expected, refers)?;
    verifier.blobs(&needed)?;
    verifier.drafts()?;
    Ok(verifier.findings)
}

/// An open segment and, of a sealed one, its last line.
type Opened = (Arc<dyn DiskFile>, Option<Head>);

struct Verifier<'a> {
    disk: &'a dyn Disk,
    dir: &'a Path,
    findings: Vec<Finding>,
}

impl Verifier<'_> {
    fn found(&mut self, finding: Finding) {
        match self.findings.len() {
            n if n < FINDINGS_MAX => self.findings.push(finding),
            FINDINGS_MAX => self.findings.push(Finding { what: Damage::More, ..finding }),
            _ => {}
        }
    }

    /// Turns a failure to read into a finding and goes on.
    fn readable<T>(&mut self, file: &Path, outcome: Result<T, DiskError>) -> Option<T> {
        outcome
            .map_err(|error| self.found(Finding::of_file(file, Damage::Io(error.to_string()))))
            .ok()
    }

    /// Follows all segments and returns the blobs that must be there.
    fn journal(
        &mut self,
        stop: Stop,
        expected: &Expected,
        refers: &mut Refers<'_>,
    ) -> Result<BTreeSet<BlobId>, JournalError> {
        let mut walk = Walk {
            refers,
            needed: BTreeSet::new(),
            checker: Checker::default(),
            roots: List::new(),
            sealed: BTreeSet::new(),
            witnesses: Witnesses::new(Vec::new()),
            imports: BTreeMap::new(),
            firsts: Vec::new(),
            blind: false,
        };
        let mut names = self.disk.list(&self.dir.join(DIRECTORY))?;
        let listed = list::read(self.disk, self.dir)?;
        let unlisted = |number: &u32| listed.as_ref().is_none_or(|l| !l.contains_key(number));
        if Files::of(&names).sealed.iter().any(unlisted) {
            self.found(Finding::of_file(list::path(), Damage::SealList).into_note());
        }
        if noted::is_damaged(self.disk, self.dir)? {
            self.found(Finding::of_file(noted::path(), Damage::FullList).into_note());
        }
        let mut witnesses = self.witnesses(stop, expected);
        witnesses.extend(listed.iter().flat_map(list_witnesses));
        walk.witnesses = Witnesses::new(witnesses);
        walk.roots = listed.unwrap_or_default();
        let mut number = 1;
        loop {
            let Files { numbers, sealed, left } = Files::of(&names);
            walk.sealed = sealed;
            for each in left.iter().filter(|each| **each >= number) {
                let path = sealed::path_of(*each);
                self.found(Finding::of_file(path, Damage::SealLeft).into_note());
            }
            if let Some(missing) = first_missing(&numbers) {
                self.found(Finding::of_file(path_of(missing), Damage::SegmentMissing));
                walk.blind = true;
            }
            for each in numbers.iter().filter(|each| **each >= number) {
                self.segment(&mut walk, *each, Some(each) == numbers.last())?;
            }
            // A running server may have begun another segment meanwhile, whose lines can explain
            // blank parts in the ones just read.
            let Some(last) = numbers.last() else { break };
            number = last + 1;
            names = self.disk.list(&self.dir.join(DIRECTORY))?;
            if Files::of(&names).numbers.last() == Some(last) {
                break;
            }
        }
        self.conclude(&walk);
        for name in names.iter().filter(|name| !name.ends_with(ASIDE)) {
            let known = number_in(name).or(sealed::number_in(name)).is_some();
            if !known && name != list::NAME && name != noted::NAME {
                let path = Path::new(DIRECTORY).join(name);
                self.found(Finding::of_file(path, Damage::Stray).into_note());
            }
        }
        Ok(walk.needed)
    }

    fn witnesses(&mut self, stop: Stop, expected: &Expected) -> Vec<Witness> {
        let projections = expected.projections.iter();
        let mut all: Vec<_> = projections
            .map(|p| Witness { name: p.name.clone(), seq: p.seq, hash: p.hash })
            .collect();
        match stop {
            Stop::At(head) => all.push(stop_witness(head)),
            Stop::Unknown => self.found(stop_finding()),
            Stop::Never => {}
        }
        if let Some(head) = expected.head {
            let name = "kepala jurnal yang tercetak".to_owned();
            all.push(Witness { name, seq: head.seq, hash: Some(head.hash) });
        }
        all
    }

    fn segment(
        &mut self,
        walk: &mut Walk<'_>,
        number: u32,
        last: bool,
    ) -> Result<(), JournalError> {
        let path = file_of(number, walk.sealed.contains(&number));
        let Some((file, end)) = self.opened(walk, number, &path) else { return Ok(()) };
        let Some(start) = self.header(walk, number, file.as_ref())? else { return Ok(()) };
        let Some(size) = self.readable(&path, file.size()) else { return Ok(()) };
        let mut reader = LineReader::new(file, start, size);
        let mut skip_header = start == 0;
        loop {
            let next = reader.next();
            let Some(next) = self.readable(&path, next) else {
                // What a sealed segment says of its end still holds when its lines are lost.
                if let Some(end) = end {
                    walk.checker.head = end;
                }
                return Ok(());
            };
            let Some(piece) = next else {
                if end.is_some_and(|end| end != walk.checker.head) {
                    self.found(Finding::of_file(&path, Damage::Seal));
                }
                return Ok(());
            };
            if std::mem::take(&mut skip_header) {
                walk.blind = true;
                continue;
            }
            if self.line(walk, &piece, last) {
                let tail = (piece.offset, size);
                return self.tail(walk, tail, &mut reader);
            }
        }
    }

    /// Opens a segment in whichever form it stands; of a sealed one, also where it ends.
    fn opened(&mut self, walk: &mut Walk<'_>, number: u32, path: &Path) -> Option<Opened> {
        if !walk.sealed.contains(&number) {
            let opened = self.disk.open(&self.dir.join(path), Access::Read);
            if let Some(file) = self.readable(path, opened)? {
                return Some((file, None));
            }
            // A running server has sealed it since the files were listed.
            walk.sealed.insert(number);
        }
        let file = match SealedFile::open(self.disk, self.dir, number, &Arc::<Cache>::default()) {
            Ok(file) => file,
            Err(error) => {
                self.found(match error {
                    JournalError::Damaged(finding) => *finding,
                    other => Finding::of_file(path, Damage::Io(other.to_string())),
                });
                walk.blind = true;
                return None;
            }
        };
        if walk.roots.get(&number).is_some_and(|entry| entry.root != file.root) {
            self.found(Finding::of_file(path, Damage::SealRoot));
        }
        let end = file.head();
        Some((Arc::new(file), Some(end)))
    }

    /// Looks at a segment's header and returns where its lines begin: 0 if the header must first
    /// be passed over, `None` if the file cannot be read.
    fn header(
        &mut self,
        walk: &mut Walk<'_>,
        number: u32,
        file: &dyn DiskFile,
    ) -> Result<Option<u64>, JournalError> {
        let path = file_of(number, walk.sealed.contains(&number));
        let before = walk.checker.head;
        let header = match check_header(file, number, before) {
            Err(JournalError::Disk(error)) => {
                return Ok(self.readable::<u64>(&path, Err(error)));
            }
            other => other?,
        };
        let start = match header {
            Header::Sound(start) => start,
            Header::Elsewhere(named, start) => {
                // Where a whole segment is missing before this one, that was said already.
                if !walk.blind {
                    let first = walk.firsts.last().copied().unwrap_or(1);
                    self.found(header_finding(number, first, before, named));
                }
                walk.checker.head = named;
                walk.blind = false;
                start
            }
            Header::Damaged => {
                let mut finding = Finding::of_file(&path, Damage::Header);
                finding.line = Some(1);
                self.found(finding);
                0
            }
        };
        walk.checker.batch = 0;
        while walk.firsts.len() < number as usize {
            walk.firsts.push(walk.checker.head.seq + 1);
        }
        Ok(Some(start))
    }

    /// Follows one line; true if it may be the beginning of an interrupted end.
    fn line(&mut self, walk: &mut Walk<'_>, piece: &Piece<'_>, last: bool) -> bool {
        let seq = walk.checker.head.seq + 1;
        let parts = if piece.whole { split(piece.bytes) } else { None };
        let damage = match walk.checker.follow(piece) {
            Ok(parts) => {
                walk.blind = false;
                if let Some(what) = walk.show(&parts) {
                    self.found(walk.finding(seq, what));
                }
                if let Some(witness) = walk.witnesses.contradict(walk.checker.head) {
                    let Witness { seq, hash, name } = witness;
                    let expected = hash.unwrap_or_default();
                    let what = Damage::Other { seq, witness: name, expected };
                    self.found(walk.finding(seq, what));
                }
                return false;
            }
            Err(what) => what,
        };
        if last && can_be_interrupted(piece) {
            return true;
        }
        // Behind a line that could not be read nothing is known to compare the chain with; the
        // first readable one is taken as it is, and the chain goes on from there.
        let resumes = walk.blind && parts.is_some();
        if !resumes {
            self.found(walk.finding(seq, damage));
        }
        match parts {
            Some(parts) => {
                walk.checker.take(&parts);
                walk.count_import(&parts);
                walk.blind = false;
                // Who remembers a line that was not in order learns nothing more from it.
                walk.witnesses.contradict(Head { hash: Hash128::ZERO, ..walk.checker.head });
            }
            None => {
                walk.checker.head.seq = seq;
                walk.blind = true;
            }
        }
        false
    }

    /// An end that may have been interrupted: worth a note, unless something behind it proves
    /// that it was once whole.
    fn tail(
        &mut self,
        walk: &Walk<'_>,
        (from, size): (u64, u64),
        reader: &mut LineReader,
    ) -> Result<(), JournalError> {
        let seq = walk.checker.head.seq + 1;
        let (path, _) = walk.place(seq);
        loop {
            let next = reader.next();
            let Some(Some(piece)) = self.readable(&path, next) else { break };
            if proves_completion(&piece, seq) {
                self.found(walk.finding(seq, Damage::TailInside));
                return Ok(());
            }
        }
        self.found(walk.finding(seq, Damage::Tail(size.saturating_sub(from))).into_note());
        Ok(())
    }

    /// What can be said only when all lines are known.
    fn conclude(&mut self, walk: &Walk<'_>) {
        let head = walk.checker.head;
        if let Some(Witness { name, seq, .. }) = walk.witnesses.unheard() {
            let what = Damage::Short { head: head.seq, witness: name.clone(), seq: *seq };
            self.found(walk.finding(head.seq + 1, what));
        }
        if walk.firsts.is_empty() {
            self.found(Finding::of_file(path_of(1), Damage::SegmentMissing));
        }
        for seq in walk.checker.blanked_unnamed() {
            self.found(walk.finding(seq, Damage::Blanked));
        }
        for seq in walk.checker.named_not_blank() {
            self.found(walk.finding(seq, Damage::RedactionOpen).into_note());
        }
    }

    fn blobs(&mut self, needed: &BTreeSet<BlobId>) -> Result<(), JournalError> {
        let root = Path::new(blobs::DIRECTORY);
        for shard in self.disk.list(&self.dir.join(root))? {
            if shard == UNFINISHED {
                continue;
            }
            for name in self.disk.list(&self.dir.join(root).join(&shard))? {
                let path = root.join(&shard).join(&name);
                let read = read_whole(self.disk, &self.dir.join(&path), BLOB_BYTES_MAX + 1);
                let Some(bytes) = self.readable(&path, read) else { continue };
                let damage = match format!("{shard}{name}").parse::<BlobId>() {
                    Err(_) => Damage::Stray,
                    Ok(id) if bytes.as_deref().map(BlobId::of) != Some(id) => Damage::Blob,
                    Ok(_) => continue,
                };
                self.found(Finding::of_file(path, damage));
            }
        }
        for id in needed {
            let path = blobs::path_of(*id);
            let exists = self.disk.exists(&self.dir.join(&path));
            if self.readable(&path, exists) == Some(false) {
                self.found(Finding::of_file(path, Damage::BlobMissing));
            }
        }
        Ok(())
    }

    fn drafts(&mut self) -> Result<(), JournalError> {
        let root = Path::new(drafts::DIRECTORY);
        let names = self.disk.list(&self.dir.join(root))?;
        for name in names.iter().filter(|name| !name.ends_with(ASIDE)) {
            let path = root.join(name);
            let read = read_whole(self.disk, &self.dir.join(&path), SEGMENT_BYTES_MAX);
            let Some(bytes) = self.readable(&path, read) else { continue };
            if bytes.is_some_and(|bytes| !is_sound(&bytes)) {
                self.found(Finding::of_file(path, Damage::Draft));
            }
        }
        Ok(())
    }
}
