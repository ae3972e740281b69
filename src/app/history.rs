//! Histories of kelompok with their texts: from the index where it is in step, else from the
//! journal. The index follows on a thread of its own, so that no record waits for it.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::event::Event;
use crate::index::{Entry, HistoryIndex, IndexError, OutOfStep, all_kelompok_of, refold};
use crate::journal::{FileJournal, Head, Import, Journal, JournalError, Projection};
use crate::kelompok::KelompokId;

use super::App;
use super::committer::Applied;
use super::replay::info_of;

/// How many lines may wait for the index before the committer waits too.
const MAX_PENDING: usize = 65_536;
/// With more bytes of lines than this to read, an index does so beside the work.
pub(super) const FAR: u64 = 8 * 1024 * 1024;
/// So many lines behind the index are looked at one by one at the start.
const LOOKED_AT: usize = 256;
/// How many lines the index takes in at once.
const CHUNK: usize = 4_096;
/// Lines gather first, until none came for so long: a kelompok of which several come is written
/// once, and whoever records has the processor. Readers see what waits, so nobody notices.
const QUIET: Duration = Duration::from_millis(250);
/// With so many lines waiting, they wait no longer.
const GATHERED: usize = 4 * CHUNK;

/// The index of histories, and what it has not taken in yet.
pub struct Histories {
    index: Option<Arc<HistoryIndex>>,
    /// Why there is none, until that was said.
    refused: Option<IndexError>,
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    /// Lines that were applied and are not in the index yet, in order.
    pending: Mutex<Pending>,
    changed: Condvar,
    /// Set to end a long reading of the journal.
    cancel: AtomicBool,
}

#[derive(Default)]
struct Pending {
    lines: VecDeque<Applied>,
    head: Option<Head>,
    stop: bool,
    /// Whether the index still reads the journal, so that no lines need to wait for it.
    behind: bool,
    /// Whether texts were blanked meanwhile.
    blanked: bool,
    /// Imports that the index has still to read from the journal: first and closing line.
    imports: Vec<(u64, u64)>,
    /// Whether the thread holds the journal.
    reading: bool,
    /// Whether the index is to be made anew.
    anew: bool,
}

impl Pending {
    /// How many lines may be added before an import has to be read.
    fn before_imports(&self) -> usize {
        let Some((first, _)) = self.imports.first() else { return self.lines.len() };
        self.lines.iter().take_while(|(info, _)| info.seq < *first).count()
    }

    /// Lets go of what the index has up to line `position`.
    fn forget_until(&mut self, position: u64) {
        self.imports.retain(|(_, close)| *close > position);
        while let Some((_, events)) = self.lines.pop_front_if(|(info, _)| info.seq <= position) {
            self.blanked |= blanks(&events);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        // A queue of finished values is whole whatever happened to the thread that held it.
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, pending: MutexGuard<'a, Pending>) -> MutexGuard<'a, Pending> {
        self.changed.wait(pending).unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets lines gather until no more come for a while, there are many, or all is to end.
    fn gather<'a>(&self, mut pending: MutexGuard<'a, Pending>) -> MutexGuard<'a, Pending> {
        loop {
            let before = pending.lines.len();
            let few = |pending: &mut Pending| pending.lines.len() < GATHERED && !pending.stop;
            let waited = self.changed.wait_timeout_while(pending, QUIET, few);
            let waited = waited.unwrap_or_else(PoisonError::into_inner);
            pending = waited.0;
            if !waited.1.timed_out() || pending.lines.len() == before {
                return pending;
            }
        }
    }
}

impl Histories {
    /// Opens the index; without one every history is read from the journal.
    pub(super) fn open(dir: Option<&Path>) -> Self {
        let (index, refused) = match dir.map(HistoryIndex::open) {
            None => (None, None),
            Some(Ok((index, outcome))) => {
                tracing::info!(?outcome, "the index of histories is open");
                (Some(Arc::new(index)), None)
            }
            Some(Err(error)) => (None, Some(error)),
        };
        Self { index, refused, shared: Arc::default(), thread: Mutex::new(None) }
    }

    /// How far the index has read, so that no start cuts into that.
    pub(super) fn projections(&self) -> Vec<Projection> {
        let of = |index: &Arc<HistoryIndex>| {
            let Head { seq, hash } = index.head();
            Projection { name: "indeks riwayat".to_owned(), seq, hash: Some(hash) }
        };
        // An index of another journal would forbid every start; it is emptied when it follows.
        self.index.iter().map(of).filter(|projection| projection.seq > 0).collect()
    }

    /// Brings the index up to the journal and starts following. An index that was made before line
    /// `redacted` may hold what that line blanked, and is made anew.
    ///
    /// An index that has much to read does so beside the work; until it is there the journal is read
    /// instead, and what is recorded meanwhile comes from there too.
    pub(super) fn start(
        &self,
        journal: &Arc<FileJournal>,
        (redacted, far): (u64, u64),
    ) -> Result<(), std::io::Error> {
        // Said only now: where the journal cannot be opened either, that is what matters.
        if let Some(error) = &self.refused {
            tracing::warn!(%error, "no index of histories; the journal is read instead");
        }
        let Some(index) = &self.index else { return Ok(()) };
        if (1..redacted).contains(&index.position())
            && let Err(error) = index.forget_all()
        {
            tracing::warn!(%error, "the index of histories could not be made anew");
        }
        let far = journal.bytes_behind(index.position()) > far;
        if !far && let Err(error) = index.follow(journal.as_ref()) {
            tracing::warn!(%error, "the index of histories could not follow the journal");
        }
        // Behind a long import hardly anything else is missing, and histories can be told at once.
        let known = if far { behind(journal.as_ref(), index.position()) } else { None };
        let far = far && known.is_none();
        let known = known.unwrap_or_default();
        *self.shared.lock() = Pending { behind: far, reading: far, ..known };
        let (index, shared) = (Arc::clone(index), Arc::clone(&self.shared));
        let journal = Arc::downgrade(journal);
        let thread = std::thread::Builder::new().name("riwayat".to_owned()).spawn(move || {
            if far {
                catch_up(&index, &journal, &shared);
            }
            follow(&index, &journal, &shared);
        })?;
        *self.thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread);
        Ok(())
    }

    /// Hands over lines that were applied; waits only while far too many wait already.
    pub(super) fn push(&self, lines: &[Applied], head: Head) {
        if self.index.is_none() {
            return;
        }
        let mut pending = self.shared.lock();
        if pending.behind {
            // The journal has them, and the index reads on until it is there.
            pending.blanked |= lines.iter().any(|(_, events)| blanks(events));
            pending.head = Some(head);
            return;
        }
        if pending.lines.len() > MAX_PENDING && !pending.imports.is_empty() {
            // A long import is being read, and nobody shall wait for that.
            pending.blanked |= pending.lines.iter().any(|(_, events)| blanks(events));
            pending.lines.clear();
            pending.behind = true;
        }
        while pending.lines.len() > MAX_PENDING && !pending.stop {
            pending = self.shared.wait(pending);
        }
        let woken = !pending.lines.is_empty() && pending.lines.len() < GATHERED;
        pending.lines.extend(lines.iter().cloned());
        pending.head = Some(head);
        // Between the first line and enough of them the thread sleeps its time anyway.
        if !woken || pending.lines.len() >= GATHERED {
            self.shared.changed.notify_all();
        }
    }

    /// Says that the lines of an import, from its first to its closing one, were applied, and that
    /// the index is to read them from the journal when there is time.
    pub(super) fn leave_to_the_journal(&self, lines: (u64, u64), head: Head) {
        if self.index.is_none() {
            return;
        }
        let mut pending = self.shared.lock();
        pending.imports.push(lines);
        pending.head = Some(head);
        self.shared.changed.notify_all();
    }

    /// Makes the index anew from the journal, and waits until it is there. Readers are answered from
    /// the journal meanwhile.
    fn rebuild(&self) {
        if self.index.is_none() {
            return;
        }
        let mut pending = self.shared.lock();
        pending.anew = true;
        self.shared.changed.notify_all();
        while (pending.anew || pending.reading) && !pending.stop {
            pending = self.shared.wait(pending);
        }
    }

    /// Ends a long reading of the journal, and lets go of it.
    pub(super) fn let_go(&self) {
        self.shared.cancel.store(true, Ordering::SeqCst);
        let mut pending = self.shared.lock();
        while pending.reading {
            pending = self.shared.wait(pending);
        }
    }

    /// Lets the index take in what waits, flushes it and ends its thread.
    pub(super) fn stop(&self) {
        self.shared.lock().stop = true;
        self.shared.cancel.store(true, Ordering::SeqCst);
        self.shared.changed.notify_all();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _panicked = thread.join();
        }
    }

    /// Every entry of a kelompok whose last line is `last_seq`, if the index, what waits for it, and
    /// the lines of imports that it has still to read have them. `recorded` gives the lines that
    /// recorded a pertemuan of the kelompok, which is all that an import tells of one.
    fn read(
        &self,
        journal: &dyn Journal,
        (id, last_seq): (&KelompokId, u64),
        recorded: &dyn Fn() -> Vec<u64>,
    ) -> Result<Option<Vec<Entry>>, JournalError> {
        let Some(index) = self.index.as_ref() else { return Ok(None) };
        // What waits is looked at before the index: a line may be in both, never in neither.
        let (waiting, imports): (Vec<Entry>, _) = {
            let pending = self.shared.lock();
            let waiting = pending.lines.iter().flat_map(|line| entries_of(line, id)).collect();
            (waiting, pending.imports.clone())
        };
        let stored = match index.history(id, last_seq) {
            Ok(entries) => return Ok(Some(entries)),
            Err(OutOfStep::Position { stored, .. }) => stored,
            Err(_) => return Ok(None),
        };
        let mut newer = Vec::new();
        if !imports.is_empty() {
            let mut lines = recorded();
            lines.retain(|seq| {
                *seq > stored && imports.iter().any(|(first, close)| (first..close).contains(&seq))
            });
            lines.sort_unstable();
            lines.dedup();
            for seq in lines {
                if let Some(line) = journal.line(seq)? {
                    newer.extend(entries_of(&(info_of(&line), Arc::new(line.events()?)), id));
                }
            }
        }
        newer.extend(waiting.into_iter().filter(|one| one.seq > stored));
        newer.sort_by_key(|one| one.seq);
        if newer.last().map(|one| one.seq) != Some(last_seq) {
            return Ok(None);
        }
        let mut entries = match stored {
            0 => Vec::new(),
            stored => match index.history(id, stored) {
                Ok(entries) => entries,
                Err(_) => return Ok(None),
            },
        };
        entries.extend(newer);
        Ok(Some(entries))
    }
}

/// What an index that has read up to line `position` has still to take in, where that is little but
/// for pertemuan that were imported; none where it is more, or cannot be read.
fn behind(journal: &dyn Journal, position: u64) -> Option<Pending> {
    let head = journal.head();
    let mut pending = Pending { head: Some(head), ..Pending::default() };
    let mut seq = head.seq;
    for _ in 0..LOOKED_AT {
        if seq <= position {
            pending.imports.reverse();
            return Some(pending);
        }
        let line = journal.line(seq).ok()??;
        if let Some(Import::Close { first, .. }) = line.import {
            let events = journal.line(first).ok()??.events::<Event>().ok()?;
            if first <= position || !tells_of_pertemuan(&events) {
                return None;
            }
            pending.imports.push((first, seq));
            seq = first - 1;
            continue;
        }
        pending.lines.push_front((info_of(&line), Arc::new(line.events().ok()?)));
        seq -= 1;
    }
    None
}

/// Whether a line of an import records pertemuan, which is all that the other lines do then.
fn tells_of_pertemuan(events: &[Event]) -> bool {
    let recorded = |event: &Event| matches!(event, Event::PertemuanRecorded { .. });
    !events.is_empty() && events.iter().all(recorded)
}

fn entries_of(line: &Applied, id: &KelompokId) -> Vec<Entry> {
    let (info, events) = line;
    let mine = |event: &&Event| all_kelompok_of(event).iter().any(|other| other.is_same(id));
    let entry =
        |event: &Event| Entry { seq: info.seq, at: info.at, by: info.by, event: event.clone() };
    events.iter().filter(mine).map(entry).collect()
}

/// Whether a line blanks texts of others.
fn blanks(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::Redacted { .. }))
}

/// Reads the journal until nothing is left to read, or told to stop.
fn catch_up(index: &HistoryIndex, journal: &Weak<FileJournal>, shared: &Shared) {
    loop {
        let outcome = journal.upgrade().map(|journal| {
            let outcome = index.follow_until(journal.as_ref(), &shared.cancel);
            drop(journal);
            outcome
        });
        let mut pending = shared.lock();
        pending.forget_until(index.position());
        let there = pending.head.is_none_or(|head| head.seq <= index.position());
        let failed = !matches!(outcome, Some(Ok(_)));
        if there || failed || pending.stop {
            pending.behind = false;
            pending.reading = false;
            shared.changed.notify_all();
            if failed {
                // What was not read cannot come behind what waits; the next start reads all of it.
                pending.imports.clear();
                pending.lines.clear();
                pending.behind = true;
            }
            let (stop, blanked) = (pending.stop, pending.blanked);
            drop(pending);
            if blanked && let Err(error) = index.forget_all() {
                tracing::warn!(%error, "the index of histories could not be made anew");
            }
            match outcome {
                Some(Err(error)) if !stop => {
                    tracing::warn!(%error, "the index of histories could not follow the journal");
                }
                _ => tracing::info!(line = index.position(), "the index of histories is there"),
            }
            return;
        }
    }
}

/// What is to be done next.
enum Next {
    Add(Vec<Applied>, Option<Head>),
    Read,
    /// To forget everything and read the journal.
    Anew,
    End,
}

/// Waits for something to do.
fn next(shared: &Shared) -> Next {
    let mut pending = shared.lock();
    loop {
        let idle = |one: &Pending| one.lines.is_empty() && one.imports.is_empty();
        while idle(&pending) && !pending.anew && !pending.stop {
            pending = shared.wait(pending);
        }
        if pending.anew && !pending.stop {
            // What waits is in the journal too, and is read from there.
            pending.blanked |= pending.lines.iter().any(|(_, events)| blanks(events));
            pending.lines.clear();
            pending.imports.clear();
            (pending.behind, pending.reading, pending.anew) = (true, true, false);
            return Next::Anew;
        }
        pending = shared.gather(pending);
        let ready = pending.before_imports();
        if ready > 0 {
            let take = ready.min(CHUNK);
            let chunk = pending.lines.iter().take(take).cloned().collect();
            // Only the last chunk brings the index to the head; before it the head stays behind.
            return Next::Add(chunk, pending.head.filter(|_| take == pending.lines.len()));
        }
        // An import is long, and the next start can read it as well.
        if pending.stop {
            return Next::End;
        }
        if !pending.imports.is_empty() {
            pending.reading = true;
            return Next::Read;
        }
    }
}

/// Takes lines in as they come, until told to stop and nothing waits.
fn follow(index: &HistoryIndex, journal: &Weak<FileJournal>, shared: &Shared) {
    let mut ended = false;
    loop {
        let (chunk, head) = match next(shared) {
            Next::End => break,
            Next::Read if ended => {
                let mut pending = shared.lock();
                pending.imports.clear();
                pending.reading = false;
                shared.changed.notify_all();
                continue;
            }
            Next::Read => {
                catch_up(index, journal, shared);
                continue;
            }
            Next::Anew => {
                if let Err(error) = index.forget_all() {
                    tracing::warn!(%error, "the index of histories could not be made anew");
                }
                catch_up(index, journal, shared);
                continue;
            }
            Next::Add(chunk, head) => (chunk, head.unwrap_or_else(|| index.head())),
        };
        // What the index holds of blanked lines still has their texts: all of it goes, and the next
        // start makes it anew. Until then readers are answered from the journal.
        let added = if chunk.iter().any(|(_, events)| blanks(events)) {
            ended = true;
            index.forget_all()
        } else if ended {
            Ok(())
        } else {
            index.add(&chunk, head)
        };
        let mut pending = shared.lock();
        pending.lines.drain(..chunk.len());
        shared.changed.notify_all();
        if let Err(error) = added {
            // Readers fall back on the journal; the next start builds the index anew.
            tracing::warn!(%error, "the index of histories takes nothing more in");
        }
    }
    if let Err(error) = index.flush() {
        tracing::warn!(%error, "the index of histories could not be flushed");
    }
}

impl App {
    /// Makes what is kept beside the journal and can be made from it anew while the program runs:
    /// the index of histories and that of the search. Blocks until they are there.
    ///
    /// What the state was last written down as is looked at when it is read, at the next start.
    pub fn rebuild(&self) {
        self.histories.rebuild();
        self.search.rebuild();
    }

    /// Everything that happened to a kelompok, with its texts, in the order of the journal.
    ///
    /// # Errors
    /// When the index has no answer and the journal cannot be read.
    pub fn history(&self, id: &KelompokId) -> Result<Vec<Entry>, JournalError> {
        let last_seq = self.state().group(id.as_str()).map_or(0, |group| group.last_seq);
        if last_seq == 0 {
            return Ok(Vec::new());
        }
        let recorded = || {
            let state = self.state();
            let group = state.group(id.as_str());
            group.map_or_else(Vec::new, |group| {
                group.fakta.iter().map(|one| one.first_seq).collect()
            })
        };
        let journal = self.journal.as_ref();
        if let Some(entries) = self.histories.read(journal, (id, last_seq), &recorded)? {
            return Ok(entries);
        }
        tracing::info!("a history is read from the journal");
        refold(self.journal.as_ref(), id)
    }
}
