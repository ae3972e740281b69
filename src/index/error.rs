//! What can go wrong with the index, and how an opening ended.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::journal::JournalError;

/// Why the index could not be opened, written or emptied. Never a reason to refuse a command.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process works on the directory.
    #[error(
        "Indeks riwayat {} sedang dipakai oleh p2k2 yang lain. Hentikan yang itu dulu, lalu mulai \
         lagi.", .0.display()
    )]
    InUse(PathBuf),
    /// A file or directory could not be made, listed or removed.
    #[error(
        "Direktori indeks riwayat {} tidak dapat dipakai. Catatan tetap utuh. Periksa ruang cakram \
         dan hak tulis direktori itu, lalu mulai lagi.", .path.display()
    )]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What is stored does not hold together, or the engine gave up; nothing more is written until
    /// everything was forgotten.
    #[error(
        "Indeks riwayat rusak atau tidak dapat ditulis. Catatan tetap utuh dan indeks dapat disusun \
         ulang darinya. Periksa ruang cakram, lalu jalankan `p2k2 rebuild`."
    )]
    Broken {
        /// What the engine or the check said, for the log.
        reason: String,
    },
}

/// Why the index cannot answer; the journal can, see [`super::refold`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutOfStep {
    /// The index holds another state of this kelompok, or does not reach the wanted position.
    #[error("the index stands at line {stored}, wanted was {wanted}")]
    Position {
        /// The line that the index knows as the last; 0 when it knows nothing.
        stored: u64,
        /// The line that was asked for.
        wanted: u64,
    },
    /// What is stored is not what was written, or the engine failed.
    #[error("the stored history does not hold together")]
    Damaged,
    /// It was being rewritten all the while.
    #[error("the stored history changed while it was read")]
    Moving,
}

/// Why the index could not follow the journal.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The index could not be written.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// How an opening ended, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenOutcome {
    /// There was no index; an empty one was made.
    Created,
    /// The index stands as it was left.
    Opened,
    /// What stood there could not be trusted; it was deleted and an empty index made.
    Replaced {
        /// What was wrong with it.
        reason: String,
    },
}

impl fmt::Display for OpenOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => f.write_str("history index created"),
            Self::Opened => f.write_str("history index opened"),
            Self::Replaced { reason } => write!(f, "history index deleted: {reason}"),
        }
    }
}
