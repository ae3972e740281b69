//! The composition root: journal, state, committer, texts and projections put together.

mod batch;
pub mod checking;
mod committer;
mod coverage;
pub mod drafts;
mod freeze;
pub mod history;
pub mod import;
pub mod login;
mod prepared;
mod publisher;
mod replay;
mod resting;
pub mod search;
pub mod seed;
mod shelving;
mod snapshot;
mod start;
pub mod texts;
mod upkeep;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use uuid::Uuid;

use crate::clock::{Clock, NoRandomness};
use crate::command::{Actor, Command, Request};
use crate::decide::Refusal;
use crate::event::Event;
use crate::journal::disk::Disk;
use crate::journal::{FileJournal, Journal, JournalError, OpenBounds, OpenReport, Snapshots};
use crate::state::State;

use committer::Committer;
use coverage::Coverage;
use history::Histories;
use prepared::Prepared;
use shelving::Alarm;
use texts::Texts;
use upkeep::Upkeep;

/// A district of five years stays in memory, and a nation stays small.
const UNSHELVED_MAX: usize = 48 * 1024 * 1024;

/// How to open a data directory.
#[derive(Clone)]
pub struct Options {
    /// The file operations; [`crate::journal::disk::RealDisk`] outside of tests.
    pub disk: Arc<dyn Disk>,
    /// The data directory.
    pub dir: PathBuf,
    /// Tells the time.
    pub clock: Clock,
    /// Where the index of histories is kept; none keeps no index, as tests on a made-up disk do.
    pub index: Option<PathBuf>,
    /// Whether snapshots of the state are read and written.
    pub snapshots: bool,
    /// Facts and ids of pertemuan may take so many bytes of memory; then all that there are go to a
    /// shelf beside a snapshot, where snapshots are kept.
    pub unshelved_max: usize,
    /// An index of histories with more bytes of lines than this to read does so beside the work.
    pub index_far: u64,
    /// How many commands may wait for the committer; more are answered with "busy".
    pub queue: usize,
    /// Up to so many sections the search index is in memory; above, it is kept beside that of
    /// histories.
    pub sections_in_memory: usize,
}

impl Options {
    /// The options of a real start on `dir`.
    #[must_use]
    pub fn real(dir: &Path, clock: Clock) -> Self {
        Self {
            disk: Arc::new(crate::journal::disk::RealDisk),
            dir: dir.to_owned(),
            clock,
            index: Some(dir.join("index")),
            snapshots: true,
            unshelved_max: UNSHELVED_MAX,
            index_far: history::FAR,
            queue: 1_024,
            sections_in_memory: crate::search::MEMORY_SECTIONS,
        }
    }
}

/// Why the program cannot start on a data directory.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The journal says no.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A thread could not be started.
    #[error("Program tidak dapat menjalankan bagian pencatatnya: {0}.")]
    Thread(#[from] std::io::Error),
    /// The shipped curriculum cannot be entered.
    #[error("Kurikulum bawaan tidak dapat dimuat: {0}")]
    Seed(String),
}

/// What an accepted command led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The journal line in which it stands; 0 when nothing had to change.
    pub seq: u64,
    /// Its events.
    pub events: Arc<Vec<Event>>,
    /// Whether it was accepted before and this is a repeat.
    pub repeat: bool,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The domain says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too many commands wait.
    #[error("Server sedang sibuk. Isian Anda belum tersimpan; tunggu sebentar, lalu kirim lagi.")]
    Busy,
    /// The disk is full; the process goes on.
    #[error("{0}")]
    Full(String),
    /// The disk, or a limit of the journal, says no; the process goes on.
    #[error("{0}")]
    Disk(String),
    /// The journal can no longer be trusted to keep anything; the process ends.
    #[error(
        "Penyimpanan bermasalah, sehingga isian Anda belum tersimpan. Hubungi pengelola server, lalu kirim lagi."
    )]
    Stopped,
}

/// The running program, shared by everything that serves.
pub struct App {
    /// What all events add up to. Readers hold it for moments; only the committer writes.
    state: Arc<RwLock<State>>,
    /// The truth on disk.
    journal: Arc<FileJournal>,
    /// Where commands go.
    committer: Committer,
    /// The numbers of today, kept in columns.
    coverage: Arc<Coverage>,
    /// Seals full segments, writes snapshots and puts older facts on a shelf.
    upkeep: Arc<Upkeep>,
    /// Where snapshots lie; a redaction removes them.
    snapshots: Arc<Snapshots>,
    /// Set by a redaction: the state in memory may still hold the text and is written nowhere.
    redacted: AtomicBool,
    /// Texts of sesi, parsed once per content hash.
    texts: Arc<Texts>,
    /// Histories of kelompok with their texts.
    histories: Arc<Histories>,
    /// The search index, which follows what is published.
    search: Arc<search::Search>,
    /// What was searched for and not found.
    unfound: search::UnfoundWords,
    /// Tells the time.
    clock: Clock,
    /// Set when a sync failed: nothing is acknowledged any more and the process ends. Or when facts
    /// on a shelf could not be read: nothing is answered any more either.
    alarm: Alarm,
}

impl App {
    /// Opens a data directory: checks the journal, folds it, starts the committer.
    ///
    /// # Errors
    /// When the journal is damaged or locked, or the machine gives no thread.
    pub fn open(options: &Options) -> Result<(Arc<Self>, OpenReport), OpenError> {
        let histories = Histories::open(options.index.as_deref());
        let bounds = OpenBounds { projections: histories.projections(), ..OpenBounds::default() };
        let (journal, report) =
            FileJournal::open(Arc::clone(&options.disk), &options.dir, &bounds)?;
        let journal = Arc::new(journal);
        let snapshots = Arc::new(Snapshots::new(Arc::clone(&options.disk), &options.dir));
        let unfound = search::UnfoundWords::new(Arc::clone(&options.disk), &options.dir);
        if !report.redacted.is_empty() {
            // An interrupted redaction was completed just now; these may still hold the text.
            snapshots.clear()?;
            unfound.clear().map_err(JournalError::from)?;
        }
        let alarm = Alarm::default();
        let start::Started { state, columns, begun } =
            start::state(&journal, &snapshots, options, &alarm)?;
        let redacted = start::held(&state).redacted;
        histories.start(&journal, (redacted, options.index_far))?;
        let histories = Arc::new(histories);
        let coverage = Arc::new(Coverage::new(columns, &options.clock));
        let upkeep = upkeep::Parts {
            journal: Arc::clone(&journal),
            state: Arc::clone(&state),
            coverage: Arc::clone(&coverage),
            snapshots: options.snapshots.then(|| Arc::clone(&snapshots)),
            alarm: alarm.clone(),
            unshelved_max: options.unshelved_max,
        };
        let upkeep = Arc::new(Upkeep::start(upkeep, begun)?);
        let texts = Arc::new(Texts::new(Arc::clone(&journal)));
        let folder = options.index.as_ref().map(|_| options.dir.join("cari").join("indeks"));
        let folder = folder.map(|folder| (folder, options.sections_in_memory));
        let search = search::Search::new(Arc::clone(&state), Arc::clone(&texts), folder);
        search.start()?;
        let committer = Committer::start(committer::Parts {
            state: Arc::clone(&state),
            journal: Arc::clone(&journal),
            histories: Arc::clone(&histories),
            upkeep: Arc::clone(&upkeep),
            search: Arc::clone(&search),
            failed: Arc::clone(&alarm.failed),
            queue: options.queue,
        })?;
        let clock = options.clock.clone();
        let app = Self {
            state,
            journal,
            committer,
            coverage,
            upkeep,
            snapshots,
            redacted: AtomicBool::new(false),
            texts,
            histories,
            search,
            unfound,
            clock,
            alarm,
        };
        Ok((Arc::new(app), report))
    }

    /// The state, for reading. Hold it for moments and never across an await.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        // Nothing panics between the parts of a change, so a poisoned state is still whole.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The texts of the curriculum.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> &Arc<FileJournal> {
        &self.journal
    }

    /// Whether the journal stopped taking lines; the process should end then.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.alarm.failed.load(Ordering::SeqCst)
    }

    /// Whether older facts could not be read: what was worked out since may lack them, so it must
    /// not be shown. The process ends, and the next start reads the journal.
    #[must_use]
    pub fn has_lost_facts(&self) -> bool {
        self.alarm.rings()
    }

    /// Hands a command in and waits until it is safe on disk, refused, or cannot be kept.
    ///
    /// # Errors
    /// A refusal in the domain's words, or why nothing can be kept right now.
    pub async fn submit(&self, request: Request) -> Result<Done, SubmitError> {
        let request = Arc::new(request);
        let prepared = Prepared::of(|| self.state(), &self.journal, &request);
        let waiting = self.committer.send(&request, prepared)?;
        let (outcome, _written) = waiting.await.unwrap_or((Err(SubmitError::Stopped), None));
        let done = outcome?;
        if search::concerns(&done.events) {
            // Whoever published looks for it next. That this wait was broken off changes nothing.
            let search = Arc::clone(&self.search);
            let _broken_off = tokio::task::spawn_blocking(move || search.settle()).await;
        }
        Ok(done)
    }

    /// The same for callers outside of the async runtime.
    ///
    /// # Errors
    /// As [`App::submit`].
    pub fn submit_blocking(&self, request: Request) -> Result<Done, SubmitError> {
        let request = Arc::new(request);
        let prepared = Prepared::of(|| self.state(), &self.journal, &request);
        let waiting = self.committer.send(&request, prepared)?;
        let ended = waiting.blocking_recv();
        let (outcome, _written) = ended.unwrap_or((Err(SubmitError::Stopped), None));
        let done = outcome?;
        if search::concerns(&done.events) {
            self.search.settle();
        }
        Ok(done)
    }

    /// A request of this moment with a new id.
    ///
    /// # Errors
    /// When the machine gives no random bytes.
    pub fn request(&self, actor: Actor, command: Command) -> Result<Request, NoRandomness> {
        Ok(self.request_as(self.clock.new_id()?, actor, command))
    }

    /// A request of this moment with an id that the client gave.
    #[must_use]
    pub fn request_as(&self, id: Uuid, actor: Actor, command: Command) -> Request {
        Request { id, actor, now: self.clock.now(), command }
    }

    /// Blanks the private parts of lines for good. What is in memory may still hold the text, so the
    /// caller ends the process, and deletes the index of histories, right after.
    ///
    /// # Errors
    /// When a line does not exist, the reason is missing, or the disk says no.
    pub fn redact(&self, lines: &[u64], reason: &str) -> Result<(), SubmitError> {
        let command = Command::Redact { lines: lines.to_vec(), reason: reason.to_owned() };
        let request = self
            .request(Actor::System, command)
            .map_err(|error| SubmitError::Disk(error.to_string()))?;
        self.submit_blocking(request)?;
        // Snapshots hold names of accounts, and could hold the text, and somebody may have searched
        // for it. They go first: should this be interrupted, the next start completes the redaction
        // and clears them again.
        self.redacted.store(true, Ordering::SeqCst);
        self.upkeep.stop();
        self.snapshots.clear().map_err(|error| SubmitError::Disk(error.to_string()))?;
        self.unfound.clear().map_err(|error| SubmitError::Disk(error.to_string()))?;
        self.journal.redact(lines).map_err(|error| SubmitError::Disk(error.to_string()))
    }

    /// Ends the writing, notes the clean stop and flushes projections. Reading goes on.
    ///
    /// # Errors
    /// When the note cannot be written.
    pub fn close(&self) -> Result<(), JournalError> {
        self.coverage.end();
        self.committer.stop();
        self.upkeep.stop();
        if !self.redacted.load(Ordering::SeqCst) && !self.has_failed() {
            self.upkeep.snapshot_at_stop();
        }
        self.histories.stop();
        self.search.stop();
        self.unfound.close();
        self.journal.close()
    }

    /// The number and fingerprint of the last line, as `SEQ:HEX`, for recaps and backups.
    #[must_use]
    pub fn head(&self) -> String {
        self.journal.head().to_string()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // Their threads hold the journal, which must be free for whoever opens it next.
        self.search.stop();
        self.histories.let_go();
    }
}
