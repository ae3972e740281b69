//! The import of a file of pertemuan, however long it is.
//!
//! The file is cut into pieces. Several threads read and decide them, write their events out and
//! gather what they add to the state; the one that called takes what they made in order, names the
//! bad lines and writes the rest aside in the journal. When all is well the closing line makes it
//! count, and what was gathered is folded in. So memory holds a few pieces, eight bytes a row to find
//! ids that stand there twice, and at most 100 MB of what was gathered; the rest of that is on disk.
//!
//! Nobody else records meanwhile: the committer rests, so every row is decided on one state.

mod doubles;
mod fold;
mod piece;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use jiff::Timestamp;

use crate::decide::import::RowError;
use crate::event::LineInfo;
use crate::ids::{Digest, DigestOf};
use crate::journal::{Aside, Events, Hash128, Import, Journal, JournalError, NewLine};
use crate::transfer::read::{FileError, HEAD_BYTES, Limits, Notes, Pieces, Uncut};

use super::committer::failure;
use super::{App, SubmitError};

use doubles::{Doubles, Ids};
use fold::Sheaf;
use piece::{Ground, Job, Worked};

/// So many pieces for each thread may be under way or wait to be written.
const AHEAD: usize = 8;

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Rows that are new.
    pub new: u64,
    /// Rows that are known as they are.
    pub same: u64,
    /// Lines that are bad.
    pub bad: u64,
    /// What is wrong with them, by line, and what else is to be said.
    pub notes: Notes,
    /// Whether it was entered; not when it was only looked at, or lines are bad.
    pub entered: bool,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file as a whole cannot be read.
    #[error(transparent)]
    File(#[from] Uncut),
    /// It cannot be kept.
    #[error(transparent)]
    Kept(#[from] SubmitError),
}

impl From<JournalError> for Stopped {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<Uncut> for Stopped {
    fn from(error: Uncut) -> Self {
        Self::Uncut(error)
    }
}

/// Why going through a file ended early.
enum Stopped {
    Uncut(Uncut),
    Journal(JournalError),
}

/// A file that can be read from its beginning, more than once.
pub trait Source {
    /// Begins to read it.
    ///
    /// # Errors
    /// What the medium says.
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
}

impl Source for &[u8] {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(*self))
    }
}

impl Source for &Path {
    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(*self)?))
    }
}

/// What may be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Manner {
    /// Only look.
    pub dry_run: bool,
    /// Leave bad lines out instead of refusing the file.
    pub skip_bad: bool,
}

impl App {
    /// Imports a file of pertemuan with separators; none for a spreadsheet, which has no pieces.
    ///
    /// # Errors
    /// When the file cannot be read, or nothing can be kept; nothing of it counts then.
    pub fn import_pertemuan(
        &self,
        source: &dyn Source,
        limits: Limits,
        manner: Manner,
    ) -> Result<Option<Imported>, ImportError> {
        let mut head = Vec::new();
        let begun = source.open().map_err(Uncut::Medium)?;
        begun.take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(Uncut::Medium)?;
        let opened = Pieces::open(&head, limits).map_err(Uncut::File)?;
        let Some((pieces, notes)) = opened else { return Ok(None) };
        let _rest = if manner.dry_run { None } else { Some(self.committer.rest()?) };
        let id = self.clock.new_id().map_err(|error| SubmitError::Disk(error.to_string()))?;
        let going = Going {
            app: self,
            source,
            pieces: &pieces,
            limits,
            manner,
            now: self.clock.now(),
            info: LineInfo {
                seq: 0,
                at: self.clock.now(),
                by: None,
                command: id,
                // Its lines are known by its id; the closing one says what was in the file.
                digest: Digest::of_bytes(id.as_bytes()),
            },
        };
        let outcome = going.until_told_apart(&notes);
        outcome.map(Some).map_err(|stopped| match stopped {
            Stopped::Uncut(error) => ImportError::File(error),
            Stopped::Journal(error) => ImportError::Kept(failure(&self.alarm.failed, &error)),
        })
    }
}

/// An import under way.
struct Going<'a> {
    app: &'a App,
    source: &'a dyn Source,
    pieces: &'a Pieces,
    limits: Limits,
    manner: Manner,
    now: Timestamp,
    info: LineInfo,
}

/// What was found so far.
struct Found<'a> {
    imported: Imported,
    /// What is written aside; none once it is known that nothing will be entered.
    aside: Option<Aside<'a>>,
    sheaf: Sheaf,
    ids: Ids,
    digest: Digest,
    /// The line before each piece.
    lines: Vec<u32>,
    line: u32,
    rows: u64,
}

impl Going<'_> {
    /// Goes through the file; again where ids stand in it twice, since which row is the first is
    /// known only then.
    fn until_told_apart(&self, notes: &Notes) -> Result<Imported, Stopped> {
        let mut doubles = Doubles::Unknown;
        loop {
            let found = self.go(&doubles, notes.clone())?;
            let Found { imported, aside, sheaf, ids, lines, digest, .. } = found;
            match doubles.told_by(ids, lines) {
                None => return self.finish(imported, (aside, digest), sheaf),
                Some(next) => doubles = next,
            }
        }
    }

    fn finish(
        &self,
        mut imported: Imported,
        (aside, digest): (Option<Aside<'_>>, Digest),
        sheaf: Sheaf,
    ) -> Result<Imported, Stopped> {
        let Some(aside) = aside.filter(|_| imported.new > 0) else {
            imported.entered = !self.manner.dry_run && (imported.bad == 0 || self.manner.skip_bad);
            return Ok(imported);
        };
        // What was decided on facts that could not be read must not count.
        if self.app.has_failed() {
            return Err(Stopped::Journal(JournalError::Stopped));
        }
        let first = aside.first();
        let info = LineInfo { digest, ..self.info };
        let closed = aside.close(line_of(&info, None, Events::none()))?;
        let close = LineInfo { seq: closed.first, ..info };
        sheaf.fold_in(self.app, first, &close)?;
        self.app.histories.leave_to_the_journal((first, close.seq), closed.head);
        self.app.upkeep.after(close.seq);
        imported.entered = true;
        Ok(imported)
    }

    /// Goes through the file once.
    fn go(&self, doubles: &Doubles, notes: Notes) -> Result<Found<'_>, Stopped> {
        let writes = !self.manner.dry_run && doubles.may_write();
        let aside = if writes { Some(self.begin()?) } else { None };
        let mut found = Found {
            imported: Imported { notes, ..Imported::default() },
            aside,
            sheaf: Sheaf::default(),
            ids: Ids::default(),
            digest: self.info.digest,
            lines: Vec::new(),
            line: self.pieces.lines_before(),
            rows: 0,
        };
        let wanted = AtomicBool::new(writes);
        let ground = Ground {
            state: &self.app.state,
            journal: &self.app.journal,
            pieces: self.pieces,
            info: &self.info,
            now: self.now,
            wanted: &wanted,
            doubles,
        };
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (give, jobs) = sync_channel::<Job>(threads * AHEAD);
        let jobs = Mutex::new(jobs);
        found.digest = std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| piece::work(&ground, &jobs));
            }
            // Dropped at the end of this closure, which ends the threads.
            let give = give;
            self.take_all(&give, threads * AHEAD, &mut |worked| {
                let taken = self.take(&mut found, worked);
                if found.aside.is_none() {
                    wanted.store(false, Ordering::Relaxed);
                }
                taken
            })
        })?;
        Ok(found)
    }

    fn begin(&self) -> Result<Aside<'_>, JournalError> {
        let journal = &self.app.journal;
        journal.begin_import(journal.head().seq)
    }

    /// Hands the pieces out and takes in order what was made of them.
    fn take_all(
        &self,
        give: &SyncSender<Job>,
        most: usize,
        take: &mut dyn FnMut(Worked) -> Result<(), Stopped>,
    ) -> Result<Digest, Stopped> {
        let mut waiting: VecDeque<Receiver<Worked>> = VecDeque::new();
        let mut next = |waiting: &mut VecDeque<Receiver<Worked>>| match waiting.pop_front() {
            // A thread that is gone has panicked, which the scope passes on.
            Some(made) => made.recv().map_or(Ok(()), &mut *take),
            None => Ok(()),
        };
        let mut cutter = self.pieces.cut(self.source.open().map_err(Uncut::Medium)?);
        let mut digest = DigestOf::default();
        for number in 0.. {
            let Some(bytes) = cutter.next_piece()? else { break };
            digest.add(&bytes);
            let (made, result) = sync_channel(1);
            if give.send(Job { number, bytes, made }).is_err() {
                break;
            }
            waiting.push_back(result);
            if waiting.len() >= most {
                next(&mut waiting)?;
            }
        }
        while !waiting.is_empty() {
            next(&mut waiting)?;
        }
        Ok(digest.finish())
    }

    /// Takes what was made of the next piece.
    fn take(&self, found: &mut Found<'_>, worked: Worked) -> Result<(), Stopped> {
        let Worked { read, errors, new, same, lines, gathered, ids, fault } = worked;
        let before = found.line;
        if let Some(fault) = fault {
            return Err(match fault {
                Stopped::Uncut(Uncut::File(error)) => Uncut::File(error.behind(before)).into(),
                other => other,
            });
        }
        found.rows += u64::from(read.rows);
        if found.rows > u64::from(self.limits.rows) {
            return Err(Uncut::File(FileError::TooManyRows { max: self.limits.rows }).into());
        }
        found.lines.push(before);
        found.line = before.saturating_add(read.lines);
        found.ids.extend(ids, before);
        found.imported.new += new;
        found.imported.same += same;
        note(&mut found.imported, self.limits, before, (read.notes, errors));
        if found.imported.bad > 0 && !self.manner.skip_bad {
            // The rest is still looked through, so that every bad line is named.
            found.aside = None;
        }
        if let Some(aside) = &mut found.aside {
            for line in &lines {
                aside.push(line)?;
            }
            found.sheaf.add(self.app, gathered)?;
        }
        Ok(())
    }
}

/// A line of the import, or its closing one.
fn line_of(info: &LineInfo, import: Option<Import>, events: Events) -> NewLine {
    NewLine {
        at: info.at,
        by: info.by.map(|id| id.0),
        cmd: info.command,
        digest: Hash128::from_bytes(info.digest.0),
        import,
        redacts: Vec::new(),
        events,
    }
}

/// Adds what is to be said of the rows of a piece behind line `before`.
fn note(imported: &mut Imported, limits: Limits, before: u32, found: (Notes, Vec<RowError>)) {
    let (read, decided) = found;
    let moved = |one: RowError| RowError { line: one.line.saturating_add(before), ..one };
    let mut errors: Vec<RowError> = read.errors.into_iter().chain(decided).map(moved).collect();
    errors.sort_by(|a, b| (a.line, &a.field).cmp(&(b.line, &b.field)));
    imported.bad += u64::from(read.unlisted);
    let notes = &mut imported.notes;
    notes.unlisted = notes.unlisted.saturating_add(read.unlisted);
    for of_one in errors.chunk_by(|a, b| a.line == b.line) {
        imported.bad += 1;
        if notes.errors.len() < limits.errors {
            notes.errors.extend_from_slice(of_one);
        } else {
            notes.unlisted = notes.unlisted.saturating_add(1);
        }
    }
    let room = limits.errors.saturating_sub(notes.warnings.len());
    notes.warnings.extend(read.warnings.into_iter().map(moved).take(room));
}
