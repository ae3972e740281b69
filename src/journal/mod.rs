//! The truth on disk: what was accepted, in order, as plain files that any tool can read.
//!
//! A data directory holds
//! - `journal/000001.jsonl` and so on: a header line, then one accepted command a line;
//! - `journal/000001.segel`: the same segment once it is full and was sealed, in a ninth of the
//!   bytes, and `journal/segel`: the roots of the sealed ones;
//! - `journal/penuh`: what is known of the full segments that an import made; never needed, saves
//!   time at the start;
//! - `blobs/ab/cdef...`: texts and images, named by their fingerprint, never changed;
//! - `snapshot/`: what the lines up to a number add up to; never needed, saves time and memory;
//! - `drafts/`: autosaved texts; `karantina/`: what was cut off after a crash;
//! - `format`, `stop`, `lock`: the format's number, the last clean stop, the directory's lock.
//!
//! A line is `{"o":{..},"p":{..},"h":".."}`. The fingerprint `h` is made from the line before and
//! the raw bytes of the open part `o`, so a changed, missing, moved or cut line is found. The
//! private part `p` (texts that concern persons) stands outside the chain; the open part holds
//! its fingerprint, and a line that names it in `red` orders it to be blanked.
//!
//! Full segments and blobs never change (but for sealing and a redaction, which swap a whole
//! file), and the last segment only grows: so a copy of the files, taken at any moment in the order `format`,
//! `stop`, `journal/`, `blobs/`, opens as a prefix that holds all that was acknowledged before
//! the copy began.
//!
//! Nothing here knows what an event means.

mod aside;
mod blobs;
mod codec;
pub mod disk;
mod drafts;
mod error;
pub mod fault;
mod file;
mod hash;
mod header;
mod import;
mod line;
mod lock;
mod marker;
mod noted;
mod open;
mod ready;
mod redact;
mod scan;
mod scratch;
mod seal;
mod sealed;
mod segment;
mod shelf;
pub mod snapshots;
mod verify;

use std::ops::ControlFlow;

pub use aside::Aside;
pub use drafts::Drafts;
pub use error::{Damage, Finding, JournalError, Severity};
pub use file::FileJournal;
pub use hash::{BlobId, Hash128, Head, NotAHash};
pub use import::{read_effective, read_effective_while};
pub use line::{Events, Import, Line, NewLine};
pub use open::{Cut, OpenBounds, OpenReport, Projection};
pub use ready::Ready;
pub use scratch::Scratch;
pub use shelf::{ShelfFile, ShelfWriter};
pub use snapshots::{About, Loaded, Snapshots, Unsound};
pub use verify::{Expected, Refers, verify};

/// The format of the data directory that this program writes.
pub const FORMAT: u32 = 1;
/// The longest line in bytes, its end included.
pub const LINE_BYTES_MAX: usize = 64 * 1024;
/// The most lines in one batch.
pub const BATCH_LINES_MAX: usize = 4096;
/// The longest segment in bytes; a batch never spans two.
pub const SEGMENT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The biggest blob or draft in bytes.
pub const BLOB_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What an append returns once everything is safe on the medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The number of the batch's first line. The others follow without a gap.
    pub first: u64,
    /// The new end of the journal.
    pub head: Head,
}

/// Receives the lines of a read; breaking ends the read without an error.
pub type Visit<'a> = dyn FnMut(&Line) -> ControlFlow<()> + 'a;

/// The record as the rest of the program sees it: an append-only list of lines and a store of
/// immutable blobs.
///
/// Lines are numbered from 1. Readers see only what is safe on the medium, and never wait for a
/// writer's sync.
pub trait Journal: Send + Sync {
    /// Appends the lines as one batch and returns when they are safe on the medium.
    ///
    /// `expected` is the number of the last line that the caller took into account.
    ///
    /// # Errors
    /// Nothing of the batch is acknowledged then. [`JournalError::Position`] if the journal has
    /// moved on; a limit, before anything is written; [`JournalError::Disk`] if the medium failed:
    /// after that, unless it was merely full, every append is [`JournalError::Stopped`] until the
    /// journal is opened again.
    fn append(&self, expected: u64, lines: &[NewLine]) -> Result<Appended, JournalError>;

    /// The last line that is safe on the medium.
    fn head(&self) -> Head;

    /// Gives every line from number `from` (at least 1) up to the head, in order.
    ///
    /// # Errors
    /// If a file cannot be read or a line is not as it was written.
    fn read(&self, from: u64, visit: &mut Visit<'_>) -> Result<(), JournalError>;

    /// The line of number `seq`; `None` beyond the head and for 0.
    ///
    /// # Errors
    /// As for [`Journal::read`].
    fn line(&self, seq: u64) -> Result<Option<Line>, JournalError> {
        let mut found = None;
        if seq == 0 || seq > self.head().seq {
            return Ok(None);
        }
        self.read(seq, &mut |line| {
            found = Some(line.clone());
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    /// Keeps a blob; safe on the medium on return. Fine if it is kept already.
    ///
    /// # Errors
    /// [`JournalError::BlobTooBig`], or if the medium failed.
    fn put_blob(&self, bytes: &[u8]) -> Result<BlobId, JournalError>;

    /// A blob's bytes, checked against its name; `None` if there is none of that name.
    ///
    /// # Errors
    /// [`JournalError::BlobDamaged`], or if the medium cannot be read.
    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, JournalError>;

    /// Whether a blob of that name is kept; its bytes are not looked at.
    ///
    /// # Errors
    /// If the medium cannot be read.
    fn has_blob(&self, id: BlobId) -> Result<bool, JournalError>;

    /// Blanks the private parts of lines that a standing line names in its `redacts`.
    ///
    /// Repeating it changes nothing. Once the naming line is appended the next opening completes
    /// whatever was not done. Projections and caches are the caller's to drop.
    ///
    /// # Errors
    /// [`JournalError::NotNamed`] if no line names one of them; nothing is blanked then.
    fn redact(&self, seqs: &[u64]) -> Result<(), JournalError>;
}
