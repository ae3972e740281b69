//! What is known of full segments that are not sealed yet, so that a start need not read them.
//!
//! A long import makes as many full segments as fit, and sealing them takes minutes. It has checked
//! every line when it wrote it, so `journal/penuh` notes where each of them ends and from which
//! lines it can be followed. A start that finds a segment as long as noted, between the lines that
//! are noted, takes it in as it does a sealed one: its lines are checked when they are read, by
//! whoever reads them, the sealing among them. Where the note is missing, damaged or does not fit,
//! all lines are read at the start.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::disk::{Disk, DiskResult, read_whole, replace};
use super::file::FileJournal;
use super::hash::{Hash128, Head};
use super::segment::{DIRECTORY, Mark, Segment};

/// The name of the note in the directory of segments.
pub(super) const NAME: &str = "penuh";
/// That of a nation of five years takes half a megabyte.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// How it begins.
const BEGIN: &str = "p2k2 penuh 1\n";

/// A full segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Noted {
    pub(super) number: u32,
    /// The number of its first line, and the fingerprint of the line before.
    pub(super) first: u64,
    pub(super) prev: Hash128,
    /// Its length in bytes.
    pub(super) end: u64,
    /// Its last line.
    pub(super) head: Head,
    pub(super) marks: Vec<Mark>,
}

/// The segments by number.
pub(super) type Notes = BTreeMap<u32, Noted>;

/// The path of the note relative to the data directory.
pub(super) fn path() -> PathBuf {
    Path::new(DIRECTORY).join(NAME)
}

/// What is to be noted of segments that follow one another: of all but the last, which still grows.
pub(super) fn full(segments: &[Segment]) -> Vec<Noted> {
    let behind = segments.iter().skip(1);
    let note = |(segment, next): (&Segment, &Segment)| Noted {
        number: segment.number,
        first: segment.first,
        prev: segment.prev,
        end: segment.end,
        head: Head { seq: next.first - 1, hash: next.prev },
        marks: segment.marks.clone(),
    };
    segments.iter().zip(behind).map(note).collect()
}

impl FileJournal {
    /// Adds to the note. What was sealed since goes at the next start.
    pub(super) fn note_full(&self, new: Vec<Noted>) -> DiskResult<()> {
        if new.is_empty() {
            return Ok(());
        }
        let disk = self.disk.as_ref();
        let mut notes = read(disk, &self.dir)?;
        notes.extend(new.into_iter().map(|noted| (noted.number, noted)));
        write(disk, &self.dir, &notes)
    }
}

/// Takes a segment out of the note, before it is written anew.
pub(super) fn forget(disk: &dyn Disk, dir: &Path, number: u32) -> DiskResult<()> {
    let mut notes = read(disk, dir)?;
    match notes.remove(&number) {
        Some(_) => write(disk, dir, &notes),
        None => Ok(()),
    }
}

/// What is noted; nothing where the note is not as it was written.
pub(super) fn read(disk: &dyn Disk, dir: &Path) -> DiskResult<Notes> {
    let bytes = read_whole(disk, &dir.join(path()), BYTES_MAX)?;
    Ok(bytes.and_then(|bytes| parse(&bytes)).unwrap_or_default())
}

/// Whether there is a note that is not as it was written.
pub(super) fn is_damaged(disk: &dyn Disk, dir: &Path) -> DiskResult<bool> {
    let bytes = read_whole(disk, &dir.join(path()), BYTES_MAX)?;
    Ok(bytes.is_some_and(|bytes| parse(&bytes).is_none()))
}

/// Puts these in the place of what was noted before.
pub(super) fn write(disk: &dyn Disk, dir: &Path, notes: &Notes) -> DiskResult<()> {
    replace(disk, &dir.join(path()), show(notes).as_bytes())
}

/// A line a segment, and a fingerprint of all that stands before it at the end.
fn show(notes: &Notes) -> String {
    let mut text = String::from(BEGIN);
    for Noted { number, first, prev, end, head, marks } in notes.values() {
        // Writing to a text cannot fail.
        let _always = write!(text, "{number} {first} {prev} {end} {head}");
        for Mark { seq, offset, prev, batch } in marks {
            let _always = write!(text, " {seq} {offset} {prev} {batch}");
        }
        text.push('\n');
    }
    let sum = Hash128::of(text.as_bytes());
    let _always = writeln!(text, "{sum}");
    text
}

fn parse(bytes: &[u8]) -> Option<Notes> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (said, sum) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    let said = text.get(..=said.len())?;
    if sum.parse::<Hash128>().ok()? != Hash128::of(said.as_bytes()) {
        return None;
    }
    said.strip_prefix(BEGIN)?
        .lines()
        .map(noted)
        .map(|one| one.map(|one| (one.number, one)))
        .collect()
}

fn noted(line: &str) -> Option<Noted> {
    let mut words = line.split(' ');
    let mut noted = Noted {
        number: words.next()?.parse().ok()?,
        first: words.next()?.parse().ok()?,
        prev: words.next()?.parse().ok()?,
        end: words.next()?.parse().ok()?,
        head: words.next()?.parse().ok()?,
        marks: Vec::new(),
    };
    while let Some(word) = words.next() {
        noted.marks.push(Mark {
            seq: word.parse().ok()?,
            offset: words.next()?.parse().ok()?,
            prev: words.next()?.parse().ok()?,
            batch: words.next()?.parse().ok()?,
        });
    }
    Some(noted)
}
