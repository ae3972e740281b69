//! Texts of sesi, parsed once per content hash.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::curriculum::ids::RevisionId;
use crate::curriculum::problem::Problem;
use crate::curriculum::sesi::Sesi;
use crate::journal::{BlobId, FileJournal, Journal, JournalError};

/// How many parsed texts are kept; the live ones of a large curriculum fit.
const KEPT: usize = 512;

/// A parsed text with what the checker of its structure found.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its parts.
    pub sesi: Arc<Sesi>,
    /// What is wrong with its structure.
    pub problems: Arc<Vec<Problem>>,
}

/// Why a text cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The journal names it and the blob is not there.
    #[error(
        "Naskah {0} tidak ada di penyimpanan. Jalankan p2k2 verify, lalu pulihkan dari cadangan."
    )]
    Missing(RevisionId),
    /// The blob is no text.
    #[error("Naskah {0} bukan teks UTF-8.")]
    NotText(RevisionId),
    /// The journal says no.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl TextError {
    /// Whether it is the text itself that is gone or damaged, and not the medium under it.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        match self {
            Self::Missing(_) | Self::NotText(_) => true,
            Self::Journal(error) => matches!(error, JournalError::BlobDamaged(_)),
        }
    }
}

/// The store of parsed texts.
pub struct Texts {
    journal: Arc<FileJournal>,
    known: Mutex<HashMap<RevisionId, Text>>,
}

impl Texts {
    pub(super) fn new(journal: Arc<FileJournal>) -> Self {
        Self { journal, known: Mutex::default() }
    }

    /// The text with this hash, parsed.
    ///
    /// # Errors
    /// When it is missing, damaged or no text.
    pub fn get(&self, revision: RevisionId) -> Result<Text, TextError> {
        if let Some(text) = self.lock().get(&revision) {
            return Ok(text.clone());
        }
        let blob = self.journal.get_blob(BlobId::from_bytes(*revision.as_bytes()))?;
        let bytes = blob.ok_or(TextError::Missing(revision))?;
        let source = String::from_utf8(bytes).map_err(|_| TextError::NotText(revision))?;
        let (sesi, problems) = Sesi::parse(&source);
        let text = Text { sesi: Arc::new(sesi), problems: Arc::new(problems) };
        let mut known = self.lock();
        if known.len() >= KEPT {
            // Everything here can be parsed again; starting over is simpler than remembering ages.
            known.clear();
        }
        known.insert(revision, text.clone());
        Ok(text)
    }

    /// Keeps a text; safe on disk on return.
    ///
    /// # Errors
    /// When it is too long or the disk says no.
    pub fn put(&self, source: &str) -> Result<RevisionId, TextError> {
        let id = self.journal.put_blob(source.as_bytes())?;
        Ok(RevisionId::from_bytes(*id.as_bytes()))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<RevisionId, Text>> {
        // A map of finished values is whole whatever happened to the thread that held it.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
