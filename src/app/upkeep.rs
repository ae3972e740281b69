//! What is done for the journal beside the work: full segments are sealed, snapshots written.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::journal::{FileJournal, Journal, Snapshots};
use crate::state::State;

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

struct Work {
    journal: Arc<FileJournal>,
    state: Arc<RwLock<State>>,
    /// None where none are kept.
    snapshots: Option<Snapshots>,
    /// The line of the last snapshot.
    written: AtomicU64,
    /// After a sealing that failed: the line from which on it is tried again.
    seal_from: AtomicU64,
    /// Set to end a sealing that has begun.
    cancel: AtomicBool,
    /// Set to end the wait for a quiet moment.
    ended: Mutex<bool>,
    end: Condvar,
}

impl Upkeep {
    /// Starts the thread; `written` is the line of the newest snapshot.
    pub(super) fn start(
        journal: Arc<FileJournal>,
        state: Arc<RwLock<State>>,
        snapshots: Option<Snapshots>,
        written: u64,
    ) -> Result<Self, std::io::Error> {
        let (written, cancel) = (AtomicU64::new(written), AtomicBool::new(false));
        let seal_from = AtomicU64::new(0);
        let (ended, end) = (Mutex::new(false), Condvar::new());
        let work =
            Arc::new(Work { journal, state, snapshots, written, seal_from, cancel, ended, end });
        let (wake, woken) = sync_channel(1);
        let worker = Arc::clone(&work);
        let thread = std::thread::Builder::new()
            .name("upkeep".to_owned())
            .spawn(move || worker.run(&woken))?;
        let upkeep = Self { work, wake: Mutex::new(Some(wake)), thread: Mutex::new(Some(thread)) };
        // A sealing may have been left undone by the last run.
        upkeep.after(0);
        Ok(upkeep)
    }

    /// Is told of every batch; wakes the thread when there is something to do.
    pub(super) fn after(&self, seq: u64) {
        let seal = self.work.journal.unsealed() > 0
            && (seq == 0 || seq >= self.work.seal_from.load(Ordering::SeqCst));
        if seal || self.work.lines_since(seq) >= SNAPSHOT_LINES {
            let wake = self.wake.lock().unwrap_or_else(PoisonError::into_inner);
            // A full queue means that it is awake already.
            let _awake = wake.as_ref().map(|wake| wake.try_send(()));
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
            self.seal();
            if self.cancel.load(Ordering::SeqCst) {
                return;
            }
            self.snapshot(SNAPSHOT_LINES);
        }
    }

    /// Waits until nothing was appended for a moment, too much is left undone, or all is to end.
    fn wait_for_quiet(&self) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = None;
        while !*ended && !self.is_pressing() {
            let seq = self.journal.head().seq;
            if before == Some(seq) {
                return;
            }
            before = Some(seq);
            let waited = self.end.wait_timeout(ended, QUIET);
            (ended, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_pressing(&self) -> bool {
        self.journal.unsealed() >= SEGMENTS_PRESSING
            || (self.snapshots.is_some()
                && self.lines_since(self.journal.head().seq) >= LINES_PRESSING)
    }

    fn seal(&self) {
        loop {
            match self.journal.seal_next(&self.cancel) {
                Ok(Some(segment)) => tracing::info!(segment, "a full segment was sealed"),
                Ok(None) => return,
                Err(error) => {
                    // Reading a whole segment again after every batch would help nobody.
                    let next = self.journal.head().seq + LINES_UNTIL_SEALING_AGAIN;
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

    fn snapshot(&self, lines: u64) {
        let Some(snapshots) = &self.snapshots else { return };
        if self.lines_since(self.journal.head().seq) < lines {
            return;
        }
        match snapshot::save(&self.journal, snapshots, &self.state) {
            Ok(seq) => {
                self.written.store(seq, Ordering::SeqCst);
                tracing::info!(seq, "a snapshot was written");
            }
            Err(error) => {
                // Another try at every batch would take the room and the time of what matters.
                self.written.store(self.journal.head().seq, Ordering::SeqCst);
                tracing::warn!(%error, "a snapshot could not be written");
            }
        }
    }
}
