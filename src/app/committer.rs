//! The one writer. Takes waiting commands in batches, decides them on the published state, appends,
//! syncs, applies, acknowledges.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use tokio::sync::oneshot;
use uuid::Uuid;

use crate::command::{Request, Thing};
use crate::event::{Event, LineInfo};
use crate::ids::Digest;
use crate::journal::{
    BATCH_LINES_MAX, Events, FileJournal, Hash128, Import, Journal, JournalError, NewLine, Ready,
};
use crate::state::State;

use super::batch::{Accepted, Answer, Batch, Submission, Written, answer};
use super::history::Histories;
use super::prepared::Prepared;
use super::publisher::{Publisher, Safe, publish};
use super::resting::{Rest, Resting};
use super::search::Search;
use super::upkeep::Upkeep;
use super::{Done, SubmitError};

/// The most commands of one batch.
const BATCH_COMMANDS: usize = 512;
/// The most events that an import puts into one line.
const IMPORT_EVENTS: usize = 64;
/// The most bytes of events that an import puts into one line; the rest of the line fits beside.
const IMPORT_BYTES: usize = 56 * 1024;
/// The most bytes of events that an import puts into one batch, far below a segment.
const IMPORT_BATCH_BYTES: usize = 16 * 1024 * 1024;

enum Message {
    Submit(Submission),
    Rest(Resting),
    Stop,
}

/// What the committer works with.
pub(super) struct Parts {
    pub(super) state: Arc<RwLock<State>>,
    pub(super) journal: Arc<FileJournal>,
    pub(super) histories: Arc<Histories>,
    pub(super) upkeep: Arc<Upkeep>,
    pub(super) search: Arc<Search>,
    pub(super) failed: Arc<AtomicBool>,
    pub(super) queue: usize,
}

/// The end of the queue that the rest of the program holds.
#[derive(Debug)]
pub(super) struct Committer {
    queue: SyncSender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Committer {
    pub(super) fn start(parts: Parts) -> Result<Self, std::io::Error> {
        let (queue, messages) = sync_channel(parts.queue);
        let parts = Arc::new(parts);
        let publisher = Publisher::start(&parts)?;
        let thread = std::thread::Builder::new().name("committer".to_owned()).spawn(move || {
            let _ended = Ended(Arc::clone(&parts.failed));
            Worker { parts, publisher, deferred: VecDeque::new(), unpublished: None }
                .run(&messages);
        })?;
        Ok(Self { queue, thread: Mutex::new(Some(thread)) })
    }

    pub(super) fn send(
        &self,
        request: &Arc<Request>,
        prepared: Option<Prepared>,
    ) -> Result<oneshot::Receiver<Answer>, SubmitError> {
        let (answer, waiting) = oneshot::channel();
        let submission = Submission { request: Arc::clone(request), prepared, answer };
        match self.queue.try_send(Message::Submit(submission)) {
            Ok(()) => Ok(waiting),
            Err(TrySendError::Full(_)) => Err(SubmitError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(SubmitError::Stopped),
        }
    }

    /// Lets the committer rest behind what waits already.
    pub(super) fn rest(&self) -> Result<Rest, SubmitError> {
        let (resting, asked) = Resting::ask();
        self.queue.send(Message::Rest(resting)).map_err(|_| SubmitError::Stopped)?;
        asked.granted().ok_or(SubmitError::Stopped)
    }

    /// Lets everything that waits be carried out, then ends the thread.
    pub(super) fn stop(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A full queue empties as long as the thread lives, so this waits and never hangs.
            let _ended = self.queue.send(Message::Stop);
            let _panicked = thread.join();
        }
    }
}

/// Notes when the thread ends by a panic: nothing can be recorded any more then, so the process is
/// to end and be started anew.
struct Ended(Arc<AtomicBool>);

impl Drop for Ended {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::SeqCst);
        }
    }
}

struct Worker {
    parts: Arc<Parts>,
    publisher: Publisher,
    /// Commands that touch a thing which an earlier one of the batch touched, in order.
    deferred: VecDeque<Submission>,
    /// The ids and things of the last batch, which the state may not hold yet, if it consists of
    /// pertemuan alone: those bear on nothing else.
    unpublished: Option<Vec<(Uuid, Thing)>>,
}

impl Worker {
    fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let mut waiting: VecDeque<Submission> = std::mem::take(&mut self.deferred);
            let (mut stop, mut resting) = (false, None);
            if waiting.is_empty() {
                match messages.recv() {
                    Ok(Message::Submit(first)) => waiting.push_back(first),
                    Ok(Message::Rest(resting)) => {
                        self.rest(&resting);
                        continue;
                    }
                    Ok(Message::Stop) | Err(_) => return,
                }
            }
            while waiting.len() < BATCH_COMMANDS {
                match messages.try_recv() {
                    Ok(Message::Submit(next)) => waiting.push_back(next),
                    Ok(Message::Rest(next)) => {
                        resting = Some(next);
                        break;
                    }
                    Ok(Message::Stop) => {
                        stop = true;
                        break;
                    }
                    Err(_) => break,
                }
            }
            self.batch(waiting);
            while stop && !self.deferred.is_empty() {
                let rest = std::mem::take(&mut self.deferred);
                self.batch(rest);
            }
            if stop {
                return;
            }
            if let Some(resting) = resting {
                self.rest(&resting);
            }
        }
    }

    /// Rests once everything that is safe has been folded in.
    fn rest(&mut self, resting: &Resting) {
        self.publisher.settle();
        self.unpublished = None;
        resting.rest();
    }

    /// Decides as many as touch different things, in order, and commits them; defers the others.
    ///
    /// While the last batch is still being published, only what it cannot bear on goes on.
    fn batch(&mut self, waiting: VecDeque<Submission>) {
        let mut last = self.unpublished.take().unwrap_or_default();
        let ahead = waiting.iter().all(|one| one.prepared.is_some());
        if !ahead || last.is_empty() {
            self.publisher.settle();
        }
        if self.publisher.is_settled() {
            last.clear();
        }
        let beside = !last.is_empty();
        let mut batch = Batch::behind(last, waiting.len());
        {
            let state = self.parts.state.read().unwrap_or_else(PoisonError::into_inner);
            waiting.into_iter().for_each(|submission| batch.take(&state, submission));
        }
        let Batch { accepted, import, deferred, .. } = batch;
        self.deferred = deferred;
        // What was decided on facts that could not be read must not become a line.
        if self.parts.failed.load(Ordering::SeqCst) {
            let all = accepted.into_iter().chain(import);
            all.for_each(|one| answer(one.answer, Err(SubmitError::Stopped)));
            return;
        }
        if !accepted.is_empty() {
            self.commit(accepted);
        } else if beside {
            // Everything that waits is for the batch that is being published.
            self.publisher.settle();
        }
        if let Some(import) = import {
            self.commit_import(import);
        }
    }

    fn commit(&mut self, accepted: Vec<Accepted>) {
        let kept = if accepted.iter().all(|one| one.written.ready.is_some()) {
            accepted
        } else {
            self.written(accepted)
        };
        let lines: Vec<&Ready> = kept.iter().filter_map(|one| one.written.ready.as_ref()).collect();
        match self.parts.journal.append_ready(self.parts.journal.head().seq, &lines) {
            Ok(appended) => {
                let mut unpublished = Some(Vec::with_capacity(kept.len()));
                let mut lines = Vec::with_capacity(kept.len());
                let mut waiting = Vec::with_capacity(kept.len());
                for (seq, Accepted { answer, mut written }) in (appended.first..).zip(kept) {
                    match (written.only.take(), &mut unpublished) {
                        (Some(thing), Some(all)) => all.push((written.info.command, thing)),
                        _ => unpublished = None,
                    }
                    lines.push((LineInfo { seq, ..written.info }, Arc::clone(&written.events)));
                    waiting.push((answer, written));
                }
                self.unpublished = unpublished;
                self.publisher.hand(Safe { lines, head: appended.head, waiting });
            }
            // One line too long must not take the others of its batch with it.
            Err(error) if kept.len() > 1 && is_limit(&error) => {
                for one in kept {
                    self.commit(vec![one]);
                }
            }
            Err(error) => {
                let failure = self.failure(&error);
                for one in kept {
                    answer(one.answer, Err(failure.clone()));
                }
            }
        }
    }

    /// Writes the lines out that nobody wrote out before; who cannot have one is told.
    fn written(&self, accepted: Vec<Accepted>) -> Vec<Accepted> {
        let mut kept = Vec::with_capacity(accepted.len());
        for mut one in accepted {
            match one.written.ready.take().map_or_else(|| self.ready(&one.written), Ok) {
                Ok(ready) => {
                    one.written.ready = Some(ready);
                    kept.push(one);
                }
                Err(error) => answer(one.answer, Err(self.failure(&error))),
            }
        }
        kept
    }

    fn ready(&self, one: &Written) -> Result<Ready, JournalError> {
        let written = Events::encode(&one.events)?;
        self.parts.journal.ready(&line(&one.info, &one.events, written, None))
    }

    /// Appends the lines of an import; they count once the closing line stands.
    fn commit_import(&mut self, import: Accepted) {
        let outcome = self.append_import(&import.written.info, &import.written.events);
        match outcome {
            Ok((applied, seq)) => {
                publish(&self.parts, &applied, self.parts.journal.head());
                let events = Arc::new(Vec::new());
                answer(import.answer, Ok(Done { seq, events, repeat: false }));
            }
            Err(error) => {
                let failure = self.failure(&error);
                answer(import.answer, Err(failure));
            }
        }
    }

    fn append_import(
        &self,
        info: &LineInfo,
        events: &[Event],
    ) -> Result<(Vec<Applied>, u64), JournalError> {
        let part = Some(Import::Part(info.command));
        let mut applied: Vec<Applied> = Vec::new();
        let mut lines: Vec<NewLine> = Vec::new();
        let mut chunks: Vec<&[Event]> = Vec::new();
        let mut count = 0;
        let mut first = None;
        let mut rest = events;
        let mut bytes = 0;
        while !rest.is_empty() || !lines.is_empty() {
            if rest.is_empty() || lines.len() == BATCH_LINES_MAX || bytes > IMPORT_BATCH_BYTES {
                let appended = self.parts.journal.append(self.parts.journal.head().seq, &lines)?;
                first = first.or(Some(appended.first));
                count += lines.len() as u64;
                lines.clear();
                bytes = 0;
                for (seq, chunk) in (appended.first..).zip(chunks.drain(..)) {
                    // Only the closing line stands for the command.
                    let info = LineInfo { seq, command: Uuid::nil(), ..*info };
                    applied.push((info, Arc::new(chunk.to_vec())));
                }
                continue;
            }
            let (line, taken) = import_line(info, rest, part)?;
            bytes += line.events.as_json().len();
            lines.push(line);
            chunks.push(&rest[..taken]);
            rest = &rest[taken..];
        }
        let close = Import::Close { id: info.command, first: first.unwrap_or(0), lines: count };
        let closing = line(info, &[], Events::encode::<Event>(&[])?, Some(close));
        let appended = self.parts.journal.append(self.parts.journal.head().seq, &[closing])?;
        applied.push((LineInfo { seq: appended.first, ..*info }, Arc::default()));
        Ok((applied, appended.first))
    }

    fn failure(&self, error: &JournalError) -> SubmitError {
        failure(&self.parts.failed, error)
    }
}

/// What is said of a failure; one after which nothing can be kept any more is noted in `failed`.
pub(super) fn failure(failed: &AtomicBool, error: &JournalError) -> SubmitError {
    if matches!(error, JournalError::Stopped) || !(is_limit(error) || is_full(error)) {
        failed.store(true, Ordering::SeqCst);
        tracing::error!(%error, "the journal stopped; nothing is acknowledged any more");
        SubmitError::Stopped
    } else {
        tracing::warn!(%error, "a command could not be kept");
        let said = error.to_string();
        if is_full(error) { SubmitError::Full(said) } else { SubmitError::Disk(said) }
    }
}

/// Whether the command itself is what cannot be kept; the journal goes on.
fn is_limit(error: &JournalError) -> bool {
    matches!(
        error,
        JournalError::LineTooLong(_)
            | JournalError::BatchTooLong(_)
            | JournalError::BatchTooBig(_)
            | JournalError::ReservedKey
            | JournalError::Event { .. }
            | JournalError::Random
    )
}

/// Whether the disk is merely full; the journal goes on when there is room again.
fn is_full(error: &JournalError) -> bool {
    matches!(error, JournalError::Disk(error) if error.is_full())
}

/// A line that was appended, with its events.
pub(super) type Applied = (LineInfo, Arc<Vec<Event>>);

/// The line of a command whose events are `events`, which were written out as `written`.
pub(super) fn line(
    info: &LineInfo,
    events: &[Event],
    written: Events,
    import: Option<Import>,
) -> NewLine {
    let Digest(digest) = info.digest;
    NewLine {
        at: info.at,
        by: info.by.map(|id| id.0),
        cmd: info.command,
        digest: Hash128::from_bytes(digest),
        import,
        redacts: events.iter().flat_map(redacted).copied().collect(),
        events: written,
    }
}

/// The lines whose private parts an event orders to be blanked.
fn redacted(event: &Event) -> &[u64] {
    match event {
        Event::Redacted { lines, .. } => lines,
        _ => &[],
    }
}

/// As many events as fit one line, at least one.
fn import_line(
    info: &LineInfo,
    events: &[Event],
    import: Option<Import>,
) -> Result<(NewLine, usize), JournalError> {
    let mut take = events.len().min(IMPORT_EVENTS);
    loop {
        let written = Events::encode(&events[..take])?;
        if take == 1 || written.as_json().len() <= IMPORT_BYTES {
            return Ok((line(info, &events[..take], written, import), take));
        }
        take = take.div_ceil(2);
    }
}
