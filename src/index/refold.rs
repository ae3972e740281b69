//! The journal's own answers: slow and always right; and how the index follows the journal.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::event::{Event, LineInfo};
use crate::ids::{AccountId, Digest};
use crate::journal::{Head, Journal, JournalError, Line, read_effective_while};
use crate::kelompok::KelompokId;

use super::{Entry, FollowError, HistoryIndex, IndexError, Window, all_kelompok_of};

/// Lines that are gathered before they are added.
const CHUNK_LINES: usize = 16 * 1024;
/// Bytes of lines that are gathered before they are added.
const CHUNK_BYTES: usize = 8 * 1024 * 1024;

/// Every entry of a kelompok as the journal tells it, in the order of its lines.
///
/// Reads the whole journal.
///
/// # Errors
/// If the journal cannot be read.
pub fn refold(journal: &dyn Journal, kelompok: &KelompokId) -> Result<Vec<Entry>, JournalError> {
    let folded = kelompok.folded();
    let mut placed = Vec::new();
    each_line::<JournalError>(journal, 1, &mut |line, _| {
        if !names(line.events_json(), &folded) {
            return Ok(());
        }
        let info = info_of(line);
        for (at, event) in line.events::<Event>()?.into_iter().enumerate() {
            if all_kelompok_of(&event).iter().any(|id| id.folded() == folded) {
                let entry = Entry { seq: info.seq, at: info.at, by: info.by, event };
                placed.push(((info.seq, at), entry));
            }
        }
        Ok(())
    })?;
    placed.sort_by_key(|(place, _)| *place);
    Ok(placed.into_iter().map(|(_, entry)| entry).collect())
}

/// The numbers of the lines that an account sent (none: the program itself) within the window, as
/// the journal tells it, newest first.
///
/// Reads the whole journal.
///
/// # Errors
/// If the journal cannot be read.
pub fn recount(
    journal: &dyn Journal,
    by: Option<AccountId>,
    window: Window,
) -> Result<Vec<u64>, JournalError> {
    let mut seqs = Vec::new();
    each_line::<JournalError>(journal, 1, &mut |line, _| {
        if line.by.map(AccountId) == by && line.seq < window.before {
            seqs.push(line.seq);
        }
        Ok(())
    })?;
    seqs.sort_unstable_by(|a, b| b.cmp(a));
    seqs.truncate(window.limit);
    Ok(seqs)
}

/// What following did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Followed {
    /// The number of lines that were added.
    pub lines: u64,
    /// Whether the index was of another journal or damaged, and was emptied first.
    pub forgotten: bool,
}

impl HistoryIndex {
    /// Adds everything that the journal has and the index lacks, in bounded memory. An index that
    /// belongs to another journal or does not hold together is emptied first and filled from the
    /// beginning.
    ///
    /// # Errors
    /// If the journal cannot be read or the index not be written.
    pub fn follow(&self, journal: &dyn Journal) -> Result<Followed, FollowError> {
        self.follow_until(journal, &AtomicBool::new(false))
    }

    /// The same until `cancel` is set; what was added by then stays.
    ///
    /// # Errors
    /// As for [`Self::follow`]; [`JournalError::Stopped`] when it was cancelled.
    pub fn follow_until(
        &self,
        journal: &dyn Journal,
        cancel: &AtomicBool,
    ) -> Result<Followed, FollowError> {
        let mut forgotten = !self.is_sound() || !self.belongs_to(journal)?;
        if forgotten {
            self.forget_all()?;
        }
        let mut outcome = self.catch_up(journal, cancel);
        if !forgotten && matches!(outcome, Err(FollowError::Index(IndexError::Broken { .. }))) {
            forgotten = true;
            self.forget_all()?;
            outcome = self.catch_up(journal, cancel);
        }
        Ok(Followed { lines: outcome?, forgotten })
    }

    fn catch_up(&self, journal: &dyn Journal, cancel: &AtomicBool) -> Result<u64, FollowError> {
        let head = self.head();
        let mut gathered = Gathered { lines: Vec::new(), bytes: 0, head };
        let mut lines = 0;
        let goes_on = || !cancel.load(Ordering::SeqCst);
        each_line_while::<FollowError>(journal, head.seq + 1, &goes_on, &mut |line, position| {
            gathered.take(line, position)?;
            lines += 1;
            if gathered.lines.len() >= CHUNK_LINES || gathered.bytes >= CHUNK_BYTES {
                gathered.hand_to(self)?;
            }
            Ok(())
        })?;
        if !goes_on() {
            return Err(JournalError::Stopped.into());
        }
        gathered.hand_to(self)?;
        Ok(lines)
    }

    /// Whether the line at which the index stands is a line of this journal.
    fn belongs_to(&self, journal: &dyn Journal) -> Result<bool, JournalError> {
        let head = self.head();
        let line = journal.line(head.seq)?;
        Ok(head.seq == 0 || line.is_some_and(|line| line.hash == head.hash))
    }
}

/// Lines that were read and not yet added.
struct Gathered {
    lines: Vec<(LineInfo, Vec<Event>)>,
    bytes: usize,
    /// The last line that is complete. While an import is being read it stays before its first line.
    head: Head,
}

impl Gathered {
    fn take(&mut self, line: &Line, position: u64) -> Result<(), JournalError> {
        self.bytes += line.events_json().len();
        self.lines.push((info_of(line), line.events()?));
        if line.seq == position {
            self.head = Head { seq: line.seq, hash: line.hash };
        }
        Ok(())
    }

    fn hand_to(&mut self, index: &HistoryIndex) -> Result<(), IndexError> {
        if !self.lines.is_empty() {
            index.add(&self.lines, self.head)?;
        }
        self.lines.clear();
        self.bytes = 0;
        Ok(())
    }
}

/// Shows the lines that count, in the order in which they take effect, until one is refused.
fn each_line<E: From<JournalError>>(
    journal: &dyn Journal,
    from: u64,
    visit: &mut dyn FnMut(&Line, u64) -> Result<(), E>,
) -> Result<(), E> {
    each_line_while(journal, from, &|| true, visit)
}

/// The same as long as `goes_on`.
fn each_line_while<E: From<JournalError>>(
    journal: &dyn Journal,
    from: u64,
    goes_on: &dyn Fn() -> bool,
    visit: &mut dyn FnMut(&Line, u64) -> Result<(), E>,
) -> Result<(), E> {
    let mut outcome = Ok(());
    read_effective_while(
        journal,
        from,
        goes_on,
        &mut |line, position| match visit(line, position) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                outcome = Err(error);
                ControlFlow::Break(())
            }
        },
    )?;
    outcome
}

fn info_of(line: &Line) -> LineInfo {
    LineInfo {
        seq: line.seq,
        at: line.at,
        by: line.by.map(AccountId),
        command: line.cmd,
        digest: Digest(*line.digest.as_bytes()),
    }
}

/// Whether the text holds the id in any case; spares reading events that cannot concern it.
fn names(json: &str, folded: &str) -> bool {
    json.to_ascii_lowercase().contains(folded)
}
