//! What is done for the journal beside the work: full segments are sealed, snapshots written, older
//! facts put on a shelf.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::journal::{FileJournal, Hash128, Journal, Snapshots};
use crate::state::State;

use super::coverage::Coverage;
use super::shelving::{self, Alarm};
use super::snapshot;

/// A snapshot is written when so many lines came since the last one.
const SNAPSHOT_LINES: u64 = 50_000;
/// At a clean stop fewer are enough: nobody waits, and the next start will be quicker.
const SNAPSHOT_LINES_AT_STOP: u64 = 2_000;
/// After a sealing that failed, so many lines come before the next try.
const LINES_UNTIL_SEALING_AGAIN: u64 = 10_000;

/// Whoever records goes first: upkeep waits until nothing came for so long.
const QUIET: Duration = Duration::from_millis(200);
/// With so many full segments waiting it waits no longer.
const SEGMENTS_PRESSING: usize = 4;
/// Nor with so many lines since the last snapshot.
const LINES_PRESSING: u64 = 4 * SNAPSHOT_LINES;

/// The thread that does it, and when it is woken.
pub(super) struct Upkeep {
    work: Arc<Work>,
    wake: Mutex<Option<SyncSender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What it works with.
pub(super) struct Parts {
    pub(super) journal: Arc<FileJournal>,
    pub(super) state: Arc<RwLock<State>>,
    pub(super) coverage: Arc<Coverage>,
    /// None where none are kept.
    pub(super) snapshots: Option<Arc<Snapshots>>,
    pub(super) alarm: Alarm,
    /// Facts and ids may take so many bytes of memory before they go to a shelf.
    pub(super) unshelved_max: usize,
}

/// What a start left behind for the upkeep.
#[derive(Clone, Copy, Default)]
pub(super) struct Begun {
    /// The line of the newest snapshot.
    pub(super) written: u64,
    /// The shelf on which a part of the state lies.
    pub(super) shelf: Option<Hash128>,
    /// Whether that was written at this start, so that no snapshot names it yet.
    pub(super) unnamed: bool,
}

struct Work {
    parts: Parts,
    /// The line of the last snapshot.
    written: AtomicU64,
    /// The shelf on which a part of the state lies.
    shelf: Mutex<Option<Hash128>>,
    /// Whether no snapshot names that shelf yet.
    unnamed: AtomicBool,
    /// Facts and ids are put away when they take so many bytes of memory.
    shelve_from: AtomicUsize,
    /// After a sealing that failed: the line from which on it is tried again.
    seal_from: AtomicU64,
    /// Set to end what has begun.
    cancel: AtomicBool,
    /// Held while the state is put away or written down, and by who folds a long import in.
    busy: Mutex<()>,
    /// Set to end the wait for a quiet moment.
    ended: Mutex<bool>,
    end: Condvar,
}

impl Upkeep {
    /// Starts the thread.
    pub(super) fn start(parts: Parts, begun: Begun) -> Result<Self, std::io::Error> {
        let work = Arc::new(Work {
            written: AtomicU64::new(begun.written),
            shelf: Mutex::new(begun.shelf),
            unnamed: AtomicBool::new(begun.unnamed),
            shelve_from: AtomicUsize::new(parts.unshelved_max),
            parts,
            seal_from: AtomicU64::new(0),
            cancel: AtomicBool::new(false),
            busy: Mutex::default(),
            ended: Mutex::new(false),
            end: Condvar::new(),
        });
        let (wake, woken) = sync_channel(1);
        let worker = Arc::clone(&work);
        let thread = std::thread::Builder::new()
            .name("upkeep".to_owned())
            .spawn(move || worker.run(&woken))?;
        let upkeep = Self { work, wake: Mutex::new(Some(wake)), thread: Mutex::new(Some(thread)) };
        // A sealing may have been left undone by the last run, and a long start is not to be
        // repeated.
        upkeep.after(0);
        Ok(upkeep)
    }

    /// Is told of every batch; wakes the thread when there is something to do.
    pub(super) fn after(&self, seq: u64) {
        let seal = self.work.parts.journal.unsealed() > 0
            && (seq == 0 || seq >= self.work.seal_from.load(Ordering::SeqCst));
        let seq = seq.max(self.work.parts.journal.head().seq);
        let snapshot = self.work.is_due(seq, SNAPSHOT_LINES);
        if seal || snapshot || self.work.has_much_to_shelve() {
            let wake = self.wake.lock().unwrap_or_else(PoisonError::into_inner);
            // A full queue means that it is awake already.
            let _awake = wake.as_ref().map(|wake| wake.try_send(()));
        }
    }

    /// Nothing is written down as long as this is held: the state may tell half of a line.
    pub(super) fn rest(&self) -> MutexGuard<'_, ()> {
        self.work.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Facts and ids may take so many bytes of memory.
    pub(super) fn unshelved_max(&self) -> usize {
        self.work.parts.unshelved_max
    }

    /// Puts older facts on a shelf when they take more than so many bytes; for who holds
    /// [`Self::rest`]. The snapshot that names the shelf is written later.
    pub(super) fn shelve_above(&self, _held: &MutexGuard<'_, ()>, most: usize) {
        let work = &self.work;
        let held = || work.parts.state.read().unwrap_or_else(PoisonError::into_inner);
        if held().unshelved_bytes() >= most {
            work.put_away();
        }
    }

    /// Ends the thread; a sealing that has begun is given up.
    pub(super) fn stop(&self) {
        self.work.cancel.store(true, Ordering::SeqCst);
        *self.work.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.work.end.notify_all();
        drop(self.wake.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let _panicked = thread.map(JoinHandle::join);
    }

    /// Writes a last snapshot if enough happened since the one before.
    pub(super) fn snapshot_at_stop(&self) {
        self.work.snapshot(SNAPSHOT_LINES_AT_STOP);
    }
}

impl Work {
    fn run(&self, woken: &Receiver<()>) {
        while woken.recv().is_ok() {
            self.wait_for_quiet();
            if self.cancel.load(Ordering::SeqCst) {
                return;
            }
            self.shelve();
            self.snapshot(SNAPSHOT_LINES);
            self.seal();
            if self.cancel.load(Ordering::SeqCst) {
                return;
            }
        }
    }

    fn has_much_to_shelve(&self) -> bool {
        let state = self.parts.state.read().unwrap_or_else(PoisonError::into_inner);
        self.parts.snapshots.is_some()
            && state.unshelved_bytes() >= self.shelve_from.load(Ordering::SeqCst)
    }

    /// Puts older facts on a shelf when they take much memory, and writes the snapshot that names it.
    fn shelve(&self) {
        if !self.has_much_to_shelve() {
            return;
        }
        let put_away = {
            let _busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
            self.put_away()
        };
        if put_away {
            self.snapshot(SNAPSHOT_LINES);
        }
    }

    /// Puts older facts on a shelf; whether that was done.
    fn put_away(&self) -> bool {
        let Parts { state, alarm, unshelved_max, snapshots, .. } = &self.parts;
        let Some(snapshots) = snapshots else { return false };
        let outcome = shelving::put_away(state, snapshots, alarm, &self.cancel);
        if let Ok(Some(sum)) = outcome {
            *self.shelf.lock().unwrap_or_else(PoisonError::into_inner) = Some(sum);
            self.shelve_from.store(*unshelved_max, Ordering::SeqCst);
            self.unnamed.store(true, Ordering::SeqCst);
            return true;
        }
        // Another try at every batch would take the room and the time of what matters.
        let held = state.read().unwrap_or_else(PoisonError::into_inner).unshelved_bytes();
        self.shelve_from.store(held + unshelved_max, Ordering::SeqCst);
        if let Err(error) = outcome {
            tracing::warn!(%error, "older facts could not be put on a shelf; they stay in memory");
        }
        false
    }

    /// Waits until nothing was appended for a moment, too much is left undone, or all is to end.
    fn wait_for_quiet(&self) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = None;
        while !*ended && !self.is_pressing() {
            let seq = self.parts.journal.head().seq;
            if before == Some(seq) {
                return;
            }
            before = Some(seq);
            let waited = self.end.wait_timeout(ended, QUIET);
            (ended, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_pressing(&self) -> bool {
        self.parts.journal.unsealed() >= SEGMENTS_PRESSING
            || self.has_much_to_shelve()
            || (self.parts.snapshots.is_some()
                && self.lines_since(self.parts.journal.head().seq) >= LINES_PRESSING)
    }

    fn seal(&self) {
        loop {
            match self.parts.journal.seal_next(&self.cancel) {
                Ok(Some(segment)) => {
                    tracing::info!(segment, "a full segment was sealed");
                    // An import makes segments faster than they are sealed.
                    self.shelve();
                }
                Ok(None) => return,
                Err(error) => {
                    // Reading a whole segment again after every batch would help nobody.
                    let next = self.parts.journal.head().seq + LINES_UNTIL_SEALING_AGAIN;
                    self.seal_from.store(next, Ordering::SeqCst);
                    tracing::warn!(%error, "a full segment could not be sealed; it stays as it is");
                    return;
                }
            }
        }
    }

    fn lines_since(&self, seq: u64) -> u64 {
        seq.saturating_sub(self.written.load(Ordering::SeqCst))
    }

    /// Whether so many lines came since the last snapshot, or it names another shelf.
    fn is_due(&self, seq: u64, lines: u64) -> bool {
        self.lines_since(seq) >= lines || self.unnamed.load(Ordering::SeqCst)
    }

    fn snapshot(&self, lines: u64) {
        let Some(snapshots) = &self.parts.snapshots else { return };
        if !self.is_due(self.parts.journal.head().seq, lines) {
            return;
        }
        let _busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        // Should it fail, the next one is due when enough lines came.
        self.unnamed.store(false, Ordering::SeqCst);
        let Parts { journal, state, coverage, alarm, .. } = &self.parts;
        let shelf = *self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        match snapshot::save(journal, snapshots, (state, coverage), (shelf, alarm)) {
            Ok(seq) => {
                self.written.store(seq, Ordering::SeqCst);
                tracing::info!(seq, "a snapshot was written");
            }
            Err(error) => {
                // Another try at every batch would take the room and the time of what matters.
                self.written.store(self.parts.journal.head().seq, Ordering::SeqCst);
                tracing::warn!(%error, "a snapshot could not be written");
            }
        }
    }
}
