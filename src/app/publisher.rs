//! What follows once the lines of a batch are safe: they are folded in, and who waits for them is
//! told. On a thread of its own, so that the next batch is written and synced meanwhile.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::journal::Head;

use super::Done;
use super::batch::{Answer, Written};
use super::committer::{Applied, Parts};

/// Lines that are safe on the medium.
pub(super) struct Safe {
    /// What they say, in their order.
    pub(super) lines: Vec<Applied>,
    /// The end of the journal behind them.
    pub(super) head: Head,
    /// Who waits for each, with what that one made of it.
    pub(super) waiting: Vec<(oneshot::Sender<Answer>, Box<Written>)>,
}

/// The thread that publishes, one batch after the other.
pub(super) struct Publisher {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    desk: Mutex<Desk>,
    changed: Condvar,
}

#[derive(Default)]
struct Desk {
    next: Option<Safe>,
    /// Whether one is being folded in.
    folding: bool,
    /// No more will come.
    stop: bool,
    /// The thread is gone.
    ended: bool,
}

impl Desk {
    fn is_settled(&self) -> bool {
        self.ended || (self.next.is_none() && !self.folding)
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Desk> {
        // Every change of the desk is one assignment, so it is whole whatever happened.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        desk: MutexGuard<'a, Desk>,
        until: impl Fn(&Desk) -> bool,
    ) -> MutexGuard<'a, Desk> {
        let waited = self.changed.wait_while(desk, |desk| !until(desk));
        waited.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets nobody wait for a thread that is gone. Should it have panicked, nothing can be recorded any
/// more: the process is to end and be started anew.
struct Ended<'a>(&'a Shared, &'a Parts);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.1.failed.store(true, Ordering::SeqCst);
        }
        let mut desk = self.0.lock();
        desk.ended = true;
        desk.next = None;
        self.0.changed.notify_all();
    }
}

impl Publisher {
    pub(super) fn start(parts: &Arc<Parts>) -> Result<Self, std::io::Error> {
        let shared = Arc::new(Shared::default());
        let (desk, parts) = (Arc::clone(&shared), Arc::clone(parts));
        let thread = std::thread::Builder::new().name("penerbit".to_owned()).spawn(move || {
            let _ended = Ended(&desk, &parts);
            run(&desk, &parts);
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Whether the state holds everything that was handed over.
    pub(super) fn is_settled(&self) -> bool {
        self.shared.lock().is_settled()
    }

    /// Waits until the state holds everything that was handed over.
    pub(super) fn settle(&self) {
        let _settled = self.shared.wait(self.shared.lock(), Desk::is_settled);
    }

    /// Hands a batch over, once the state holds the one before. Where the thread is gone nobody is
    /// told, and who waits learns that the program has stopped.
    pub(super) fn hand(&self, safe: Safe) {
        let mut desk = self.shared.wait(self.shared.lock(), Desk::is_settled);
        if !desk.ended {
            desk.next = Some(safe);
            self.shared.changed.notify_all();
        }
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.changed.notify_all();
        let _panicked = self.thread.take().map(JoinHandle::join);
    }
}

/// Publishes until told to stop and nothing is left.
fn run(shared: &Shared, parts: &Parts) {
    loop {
        let mut desk = shared.wait(shared.lock(), |desk| desk.next.is_some() || desk.stop);
        let Some(safe) = desk.next.take() else { return };
        desk.folding = true;
        drop(desk);
        publish(parts, &safe.lines, safe.head);
        shared.lock().folding = false;
        shared.changed.notify_all();
        for ((info, events), (answer, written)) in safe.lines.into_iter().zip(safe.waiting) {
            let done = Done { seq: info.seq, events, repeat: false };
            // Whoever asked may have gone; the record stands all the same.
            let _gone = answer.send((Ok(done), Some(written)));
        }
    }
}

/// Folds lines in and hands them to all that follows the journal; `head` is its end behind them.
pub(super) fn publish(parts: &Parts, lines: &[Applied], head: Head) {
    {
        let mut state = parts.state.write().unwrap_or_else(PoisonError::into_inner);
        for (info, events) in lines {
            state.apply_line(info, events);
        }
    }
    parts.histories.push(lines, head);
    parts.upkeep.after(head.seq);
    parts.search.push(lines);
}
