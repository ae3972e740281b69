//! Autosaved drafts: a text being made on a base edition, with everyone who edited it.

use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::curriculum::checker::find_digit_run;
use crate::curriculum::ids::SesiId;
use crate::ids::{AccountId, Digest};
use crate::journal::JournalError;

use super::App;

/// The longest draft, in bytes.
pub const MAX_DRAFT_BYTES: usize = 300 * 1024;

/// Looking at the version that stands and replacing it is one step; two saves at a time could both
/// see the same version otherwise, and one of them would be lost unseen. Saves are rare, so one lock
/// serves all sesi.
static SAVING: Mutex<()> = Mutex::new(());

/// A text being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Of which sesi.
    pub sesi: SesiId,
    /// The edition on which it is made; none for a sesi without text.
    pub base: Option<u16>,
    /// Everyone who edited it, sorted.
    pub authors: Vec<AccountId>,
    /// When it was last saved, UTC.
    pub saved_at: jiff::Timestamp,
    /// Its markdown.
    pub text: String,
}

impl Draft {
    /// What a change of the draft must name, so that nobody overwrites another's words unseen.
    #[must_use]
    pub fn version(&self) -> String {
        Digest::of_bytes(self.text.as_bytes()).to_string()
    }
}

/// Why a draft was not saved.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// Somebody else saved it in the meantime.
    #[error(
        "Naskah ini sudah disimpan orang lain sejak Anda membukanya. Bandingkan keduanya, lalu simpan lagi."
    )]
    Stale(Box<Draft>),
    /// Too long.
    #[error("Naskah ini lebih dari 300 KB. Pindahkan sebagian isinya ke bahan bacaan lain.")]
    TooLong,
    /// It holds what looks like a NIK; the line is said.
    #[error(
        "Baris {0} memuat deretan 16 angka yang mirip NIK atau nomor KK. Hapus nomor itu; naskahnya belum disimpan."
    )]
    PersonalNumber(usize),
    /// The file cannot be read as a draft.
    #[error("Berkas naskah sementara rusak. Hubungi pengelola server.")]
    Damaged,
    /// The disk says no.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl App {
    /// The draft of a sesi, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn draft(&self, sesi: &SesiId) -> Result<Option<Draft>, DraftError> {
        match self.journal().drafts().load(sesi.as_str())? {
            None => Ok(None),
            Some(bytes) => {
                serde_json::from_slice(&bytes).map(Some).map_err(|_| DraftError::Damaged)
            }
        }
    }

    /// Saves a draft; safe on disk on return. `version` is that of the draft it was made from, or
    /// none when there was none.
    ///
    /// # Errors
    /// When another version stands, or the disk says no.
    pub fn save_draft(&self, draft: Draft, version: Option<&str>) -> Result<Draft, DraftError> {
        self.keep_draft(draft, version, |_, known| known)
    }

    /// The same for a text into which a newer edition was merged: its base moves forward to that of
    /// `draft`.
    ///
    /// # Errors
    /// As [`App::save_draft`].
    pub fn rebase_draft(&self, draft: Draft, version: Option<&str>) -> Result<Draft, DraftError> {
        self.keep_draft(draft, version, |new, known| new.max(known))
    }

    fn keep_draft(
        &self,
        draft: Draft,
        version: Option<&str>,
        base: impl FnOnce(Option<u16>, Option<u16>) -> Option<u16>,
    ) -> Result<Draft, DraftError> {
        let _saving = SAVING.lock().unwrap_or_else(PoisonError::into_inner);
        if draft.text.len() > MAX_DRAFT_BYTES {
            return Err(DraftError::TooLong);
        }
        if let Some(found) = find_digit_run(&draft.text) {
            let before = &draft.text[..found.start];
            return Err(DraftError::PersonalNumber(before.matches('\n').count() + 1));
        }
        let mut draft = draft;
        if let Some(known) = self.draft(&draft.sesi)? {
            if version != Some(known.version().as_str()) && known.text != draft.text {
                return Err(DraftError::Stale(Box::new(known)));
            }
            draft.authors.extend(known.authors);
            draft.base = base(draft.base, known.base);
        }
        draft.authors.sort_unstable();
        draft.authors.dedup();
        let bytes = serde_json::to_vec(&draft).map_err(|_| DraftError::Damaged)?;
        self.journal().drafts().save(draft.sesi.as_str(), &bytes)?;
        Ok(draft)
    }

    /// Removes the draft of a sesi, after it was published or given up.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn remove_draft(&self, sesi: &SesiId) -> Result<(), DraftError> {
        Ok(self.journal().drafts().remove(sesi.as_str())?)
    }
}
