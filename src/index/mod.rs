//! The history of each kelompok with its texts, and who did what, ready to be shown.
//!
//! A projection of the journal, never the only copy of anything: deleting its directory costs time
//! only. What is stored is checked whenever it is read, and where it does not hold together or is
//! not in step with the state, the answer is [`OutOfStep`] and the caller reads the journal
//! ([`refold`], [`recount`]). The state in memory decides commands alone.
//!
//! One thread adds; any number read at any time. Only `store.rs` speaks to the engine.
//!
//! Each kelompok and each account has a *book*, a table of contents, and *pages*: of a kelompok its
//! entries by year, of an account its line numbers by month. A sum over all books tells at opening
//! whether any is missing or old.

mod book;
mod concern;
mod directory;
mod error;
mod meta;
mod page;
mod refold;
mod store;
#[cfg(test)]
mod tests;
mod writer;

use std::borrow::Borrow;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use jiff::Timestamp;

use crate::event::{Event, LineInfo};
use crate::ids::AccountId;
use crate::journal::Head;
use crate::kelompok::KelompokId;

use book::{Book, Found, Owner};
use meta::Meta;
use store::{Broken, Store};
use writer::Writer;

pub use concern::{all_kelompok_of, kelompok_of, year_of};
pub use error::{FollowError, IndexError, OpenOutcome, OutOfStep};
pub use refold::{Followed, recount, refold};

/// How often a reader looks again when a page was rewritten under it.
const TRIES: usize = 3;

/// One event of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number of its journal line, from 1.
    pub seq: u64,
    /// When it was accepted, UTC, to the millisecond.
    pub at: Timestamp,
    /// Who sent it; none for the program itself and for its owner at the command line.
    pub by: Option<AccountId>,
    /// What happened.
    pub event: Event,
}

/// Which of the newest first are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Only lines before this one; `u64::MAX` for the newest.
    pub before: u64,
    /// At most so many.
    pub limit: usize,
}

/// The index on disk.
pub struct HistoryIndex {
    dir: PathBuf,
    /// Holding the file open is holding the lock.
    _lock: File,
    /// Held by whoever writes, so that two writers cannot mix up the sum even by mistake.
    writer: Mutex<()>,
    /// Locked for writing only while everything is being forgotten.
    shelf: RwLock<Shelf>,
}

/// The store in use with its record about everything.
struct Shelf {
    /// The directory of the index.
    dir: PathBuf,
    /// The number that is the store's directory's name; each store has a directory of its own, so
    /// that one that hangs on to its files is never in the way of the next.
    number: u64,
    store: Store,
    meta: RwLock<Meta>,
    /// Something was read that is not as it was written.
    doubted: AtomicBool,
}

impl HistoryIndex {
    /// Opens the index in `dir`, or makes an empty one.
    ///
    /// What is damaged, incomplete or of another format is deleted, and an empty index stands in
    /// its place; the outcome says so. Whether it belongs to the journal is checked by
    /// [`Self::follow`].
    ///
    /// # Errors
    /// If another process has it open, or the directory cannot be used.
    pub fn open(dir: &Path) -> Result<(Self, OpenOutcome), IndexError> {
        let lock = directory::lock(dir)?;
        let (shelf, outcome) = Shelf::open(dir)?;
        let index = Self {
            dir: dir.to_owned(),
            _lock: lock,
            writer: Mutex::new(()),
            shelf: RwLock::new(shelf),
        };
        Ok((index, outcome))
    }

    /// The number of the journal line up to which everything is in; 0 for an empty index.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.head().seq
    }

    /// The journal line up to which everything is in, with its fingerprint.
    #[must_use]
    pub fn head(&self) -> Head {
        self.shelf().meta().head
    }

    /// Whether nothing that was read or written since the opening was found damaged. If not,
    /// [`Self::follow`] empties it and fills it again, and so does the next opening.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let shelf = self.shelf();
        !shelf.store.is_broken() && !shelf.doubted.load(Ordering::Relaxed)
    }

    /// Adds lines in the order in which they take effect; afterwards everything up to `head` is in.
    ///
    /// The lines may be any part of what follows the position; a big part is packed better and
    /// written in bounded steps. While more is to come before a line is complete (an import), `head`
    /// stays where it was. Lines that are in already change nothing.
    ///
    /// # Errors
    /// [`IndexError::Broken`] if what is stored does not hold together or cannot be written. The
    /// journal is untouched; nothing more is added until [`Self::forget_all`].
    pub fn add<E: Borrow<Vec<Event>>>(
        &self,
        lines: &[(LineInfo, E)],
        head: Head,
    ) -> Result<(), IndexError> {
        let _one = self.writing();
        let shelf = self.shelf();
        let mut meta = shelf.meta();
        let added = Writer::new(&shelf.store, &mut meta).and_then(|mut w| w.add(lines, head));
        match added {
            Ok(()) => {
                *shelf.meta.write().unwrap_or_else(PoisonError::into_inner) = meta;
                Ok(())
            }
            Err(Broken(reason)) => {
                shelf.store.give_up();
                shelf.doubt();
                Err(IndexError::Broken { reason })
            }
        }
    }

    /// Every entry of a kelompok, in the order of the journal's lines.
    ///
    /// # Errors
    /// [`OutOfStep`] unless the last line that touched the kelompok is `last_seq`, as the state
    /// says, and everything stored of it is whole. The journal has the answer then: [`refold`].
    pub fn history(&self, kelompok: &KelompokId, last_seq: u64) -> Result<Vec<Entry>, OutOfStep> {
        self.entries(kelompok, last_seq, None)
    }

    /// The entries of a kelompok that are about a year, see [`year_of`], in the order of the
    /// journal's lines.
    ///
    /// # Errors
    /// As for [`Self::history`].
    pub fn year(
        &self,
        kelompok: &KelompokId,
        year: i16,
        last_seq: u64,
    ) -> Result<Vec<Entry>, OutOfStep> {
        self.entries(kelompok, last_seq, Some(i32::from(year)))
    }

    /// The numbers of the lines that an account sent (none: the program itself) within the window,
    /// newest first.
    ///
    /// # Errors
    /// [`OutOfStep`] unless everything up to line `position` is in and what is stored of the
    /// account is whole. The journal has the answer then: [`recount`].
    pub fn audit(
        &self,
        by: Option<AccountId>,
        window: Window,
        position: u64,
    ) -> Result<Vec<u64>, OutOfStep> {
        let shelf = self.shelf();
        let stored = shelf.meta().head.seq;
        if stored < position {
            return Err(OutOfStep::Position { stored, wanted: position });
        }
        shelf.steadily(&Owner::account(by), |book, owner| {
            shelf.newest(book.unwrap_or(&Book::default()), owner, window)
        })
    }

    /// Deletes everything stored, so that no text is left that the journal no longer has, and
    /// starts empty at position 0. Readers get [`OutOfStep`] until the index has followed again.
    ///
    /// # Errors
    /// If the old files cannot be removed or new ones not be made.
    pub fn forget_all(&self) -> Result<(), IndexError> {
        let _one = self.writing();
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        let old = shelf.number;
        let fresh = Shelf::create(&self.dir, old + 1)?;
        drop(std::mem::replace(&mut *shelf, fresh));
        directory::remove(&self.dir, old)?;
        directory::trust(&self.dir)
    }

    /// Hands what was added to the operating system, so that it outlives the process. What is lost
    /// without it is added again at the next start.
    ///
    /// # Errors
    /// [`IndexError::Broken`] if it cannot be written.
    pub fn flush(&self) -> Result<(), IndexError> {
        let _one = self.writing();
        self.shelf().store.flush().map_err(|Broken(reason)| IndexError::Broken { reason })
    }

    fn entries(
        &self,
        kelompok: &KelompokId,
        last_seq: u64,
        year: Option<i32>,
    ) -> Result<Vec<Entry>, OutOfStep> {
        let shelf = self.shelf();
        shelf.steadily(&Owner::kelompok(&kelompok.folded()), |book, owner| {
            let stored = book.map_or(0, |book| book.last);
            match book {
                Some(book) if stored == last_seq => shelf.read(book, owner, year),
                _ => Err(OutOfStep::Position { stored, wanted: last_seq }),
            }
        })
    }

    fn shelf(&self) -> RwLockReadGuard<'_, Shelf> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn open(dir: &Path) -> Result<(Self, OpenOutcome), IndexError> {
        let numbers = directory::stores(dir)?;
        let Some((&number, older)) = numbers.split_last() else {
            return Ok((Self::create(dir, 1)?, OpenOutcome::Created));
        };
        for number in older {
            directory::remove(dir, *number)?;
        }
        let loaded = match directory::is_doubted(dir) {
            false => Self::load(dir, number),
            true => Err(Broken("it was found damaged before".to_owned())),
        };
        match loaded {
            Ok((shelf, known)) => {
                let outcome = if known { OpenOutcome::Opened } else { OpenOutcome::Created };
                Ok((shelf, outcome))
            }
            Err(Broken(reason)) => {
                let fresh = Self::create(dir, number + 1)?;
                directory::remove(dir, number)?;
                directory::trust(dir)?;
                Ok((fresh, OpenOutcome::Replaced { reason }))
            }
        }
    }

    /// The store of that number, and whether anything was ever added to it.
    fn load(dir: &Path, number: u64) -> Result<(Self, bool), Broken> {
        let store = Store::open(&directory::path(dir, number))?;
        match Meta::load(&store) {
            Ok(meta) => {
                let known = meta.is_some();
                let meta = RwLock::new(meta.unwrap_or_default());
                let doubted = AtomicBool::new(false);
                Ok((Self { dir: dir.to_owned(), number, store, meta, doubted }, known))
            }
            Err(broken) => {
                store.give_up();
                Err(broken)
            }
        }
    }

    fn create(dir: &Path, number: u64) -> Result<Self, IndexError> {
        let (shelf, _) =
            Self::load(dir, number).map_err(|Broken(reason)| IndexError::Broken { reason })?;
        Ok(shelf)
    }

    /// Notes that something stored is not as it was written, also for the next start.
    fn doubt(&self) {
        if !self.doubted.swap(true, Ordering::Relaxed) {
            directory::doubt(&self.dir);
        }
    }

    fn meta(&self) -> Meta {
        *self.meta.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers from a book, and looks again when pages do not fit it because both are being
    /// rewritten.
    fn steadily<T>(
        &self,
        owner: &Owner,
        answer: impl Fn(Option<&Book>, &Owner) -> Result<T, OutOfStep>,
    ) -> Result<T, OutOfStep> {
        for _ in 0..TRIES {
            let version = self.store.version();
            let outcome = match Book::load(&self.store, owner) {
                Ok(Found::Whole((book, _))) => answer(Some(&book), owner),
                Ok(Found::Nothing) => answer(None, owner),
                Ok(Found::Damaged) | Err(_) => Err(OutOfStep::Damaged),
            };
            if !matches!(outcome, Err(OutOfStep::Damaged)) {
                return outcome;
            }
            if version.is_some() && version == self.store.version() {
                self.doubt();
                return outcome;
            }
        }
        Err(OutOfStep::Moving)
    }

    fn read(&self, book: &Book, owner: &Owner, year: Option<i32>) -> Result<Vec<Entry>, OutOfStep> {
        let mut placed = Vec::new();
        for (at, page) in book.pages.iter().enumerate() {
            if year.is_none_or(|year| year == page.period) {
                let raw = book.page(&self.store, owner, at).ok().flatten();
                let entries = raw.and_then(|raw| page::read_entries(&raw));
                placed.extend(entries.ok_or(OutOfStep::Damaged)?);
            }
        }
        placed.sort_by_key(|one| one.place);
        Ok(placed.into_iter().map(|one| one.entry).collect())
    }

    fn newest(&self, book: &Book, owner: &Owner, window: Window) -> Result<Vec<u64>, OutOfStep> {
        let Some(last) = window.limit.checked_sub(1) else { return Ok(Vec::new()) };
        let mut order: Vec<usize> = (0..book.pages.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(book.pages[*at].greatest));
        let mut seqs: Vec<u64> = Vec::new();
        for at in order {
            // Every page still to come holds only smaller numbers than this one's greatest.
            if seqs.get(last).is_some_and(|seq| *seq > book.pages[at].greatest) {
                break;
            }
            let raw = book.page(&self.store, owner, at).ok().flatten();
            let page = raw.and_then(|raw| page::read_seqs(&raw)).ok_or(OutOfStep::Damaged)?;
            seqs.extend(page.into_iter().filter(|seq| *seq < window.before));
            seqs.sort_unstable_by(|a, b| b.cmp(a));
        }
        seqs.truncate(window.limit);
        Ok(seqs)
    }
}
